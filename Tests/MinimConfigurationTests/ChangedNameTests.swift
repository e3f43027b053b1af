import MinimConfiguration
import Testing

/// A section's name decides which keys it has: those that a later name does not have are left behind, and told.
@Suite struct ChangedNameTests {
  private static let text = #"{"model": {"name": "pixelcnn", "channels": 8, "kernel": 3}}"#

  @Test func keysOfTheOldNameNoLongerApply() throws {
    let sample = try SampleReading(Self.text, overrides: ["model.name=vae", "model.latents=5"])
    #expect(sample.errors == nil)
    #expect(sample.configuration.model.name == .vae && sample.configuration.model.latents == 5)
    #expect(
      sample.reader.notes == ["model.name=vae replaces pixelcnn: model.channels and model.kernel no longer apply"])
    #expect(sample.reader.resolved["model"]?["channels"] == nil)
  }

  @Test func keysThatTheNewNameHasTooAreKept() throws {
    let text = #"{"model": {"name": "vae", "hidden": [7], "latents": 3, "lr": 1}}"#
    let sample = try SampleReading(text, overrides: ["model.name=realnvp"])
    #expect(sample.errors == nil && sample.configuration.model.hidden == [7])
    #expect(
      sample.reader.notes == [
        "model.name=realnvp replaces vae: model.lr no longer applies; model.hidden=[7] and model.latents=3 are kept"
      ])
  }

  @Test func aValueThatTheNewNameDoesNotTakeIsLeftBehind() throws {
    let text = #"{"model": {"name": "pixelcnn", "hidden": 7, "latents": 3}}"#
    let sample = try SampleReading(text, overrides: ["model.name=vae"])
    #expect(sample.errors == nil && sample.configuration.model.hidden == [64, 64])
    #expect(
      sample.reader.notes == [
        "model.name=vae replaces pixelcnn: model.hidden no longer applies; model.latents=3 is kept"
      ])
    #expect(sample.reader.sources["model.hidden"] == "default")
  }

  @Test func keysOfOverridesAreStillErrors() throws {
    for override in ["model.kernel=5", #"model={"kernel": 5}"#] {
      let sample = try SampleReading(Self.text, overrides: [override, "model.name=vae"])
      #expect(sample.errors?.problems.map(\.path) == ["model.kernel"], "\(override)")
    }
    // An object of the file that an override has reached into.
    let nested = #"{"model": {"name": "pixelcnn", "more": {"a": 1}}}"#
    #expect(try SampleReading(nested, overrides: ["model.name=vae"]).errors == nil)
    let reached = try SampleReading(nested, overrides: ["model.name=vae", "model.more.b=2"])
    #expect(reached.errors?.problems.map(\.path) == ["model.more"])
  }

  @Test func theSameNameAgainChangesNothing() throws {
    let sample = try SampleReading(
      #"{"model": {"name": "vae", "channels": 8}}"#, overrides: ["model.name=pixelcnn", "model.name=vae"])
    #expect(sample.errors?.problems.map(\.path) == ["model.channels"])
    #expect(sample.reader.notes.isEmpty)
  }

  @Test func laterFilesChangeNamesToo() throws {
    let later = ("later.json", #"{"model": {"name": "vae", "latents": 4}}"#)
    let merged = try SampleReading([("first.json", Self.text), later])
    #expect(merged.errors == nil && merged.configuration.model.latents == 4)
    #expect(merged.reader.notes.count == 1)
    // What stands next to the new name belongs to it.
    let both = ("later.json", #"{"model": {"name": "vae", "kernel": 5}}"#)
    let wrong = try SampleReading([("first.json", Self.text), both])
    #expect(wrong.errors?.problems.map(\.path) == ["model.kernel"])
    let third = try SampleReading([("first.json", Self.text), later, ("third.json", #"{"model": {"kernel": 5}}"#)])
    #expect(third.errors?.problems.map(\.path) == ["model.kernel"])
  }

  @Test func aNameThatWasNotGivenIsTheDefault() throws {
    let text = #"{"model": {"name": "vae"}, "optimizer": {"learningRate": 0.5, "beta3": 1}}"#
    #expect(try SampleReading(text).errors?.problems.map(\.path) == ["optimizer.beta3"])
    #expect(try SampleReading(text, overrides: ["optimizer.name=adam"]).errors != nil)
    let sample = try SampleReading(text, overrides: ["optimizer.name=sgd"])
    #expect(sample.errors == nil && sample.configuration.learningRate == 0.5)
    #expect(
      sample.reader.notes == [
        "optimizer.name=sgd replaces adam: optimizer.beta3 no longer applies; optimizer.learningRate=0.5 is kept"
      ])
  }

  @Test func anUnknownNameAndAnUnchangedConfigAreReportedAsBefore() throws {
    let unknown = try SampleReading(Self.text, overrides: ["model.name=vea"])
    #expect(unknown.errors?.problems.map(\.path).first == "model.name")
    #expect(try SampleReading(Self.text).reader.notes.isEmpty)
    // Where "name" is any text it decides nothing.
    let root = ConfigurationReader(
      try ConfigurationSource(texts: [("a.json", #"{"name": "x", "old": 1}"#)], overrides: ["name=y"]))
    _ = root.root.string("name", default: "run", "A name.")
    #expect(throws: ConfigurationErrors.self) { try root.finish() }
  }

  @Test func aKeyElsewhereCanDependOnTheName() throws {
    let text = #"{"model": {"name": "pixelcnn"}, "batch": {"examples": 3}, "extra": {"a": 1}}"#
    func read(_ overrides: [String]) throws -> (SampleReading, Bool) {
      let sample = try SampleReading(text, overrides: overrides)
      let model = sample.reader.root.section("model", "The model.")
      return (sample, sample.reader.root.leaveOut("extra", writtenFor: model))
    }
    let (changed, isLeftOut) = try read(["model.name=vae"])
    #expect(isLeftOut && changed.errors == nil)
    #expect(changed.reader.notes == ["model.name=vae replaces pixelcnn: extra no longer applies"])
    for overrides in [[], ["model.name=vae", "extra.a=2"]] {
      let (sample, isLeftOut) = try read(overrides)
      #expect(!isLeftOut && sample.errors?.problems.map(\.path) == ["extra"])
    }
  }
}
