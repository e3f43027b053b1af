import MinimConfiguration
import Testing

@Suite struct ConfigurationReaderTests {
  @Test func readsValuesAndDefaults() throws {
    let sample = try SampleReading(
      """
      {"$schema": "schema.json", "seed": 1e3, "note": "n", "model": {"name": "vae", "hidden": [8]},
       "optimizer": {"learningRate": 1, "name": "sgd"}, "batch": {"shuffles": false},
       "average": {}, "expect": {"P2": "fails", "P1": "holds"}}
      """)
    #expect(sample.errors == nil)
    let configuration = sample.configuration
    #expect(configuration.seed == 1000)
    #expect(configuration.note == "n")
    #expect(configuration.model.name == .vae)
    #expect(configuration.model.hidden == [8])
    #expect(configuration.model.latents == 2)
    #expect(configuration.optimizer == .sgd)
    #expect(configuration.learningRate == 1)
    #expect(configuration.betas == [0.9, 0.999])
    #expect(configuration.shuffles == false)
    #expect(configuration.folder == "runs")
    #expect(configuration.averageDecay == 0.99)
    #expect(configuration.expectations == ["P2 fails", "P1 holds"])
  }

  @Test func nullIsNoneForOptionalKeysOnly() throws {
    let sample = try SampleReading(#"{"model": {"name": "vae"}, "note": null, "average": null, "seed": null}"#)
    #expect(sample.configuration.note == nil)
    #expect(sample.configuration.averageDecay == nil)
    #expect(sample.errors?.problems.map(\.message) == ["expected an integer >= 0, got null"])
  }

  /// The text of the conventions, to the letter.
  @Test func writesErrorsAlignedAndAtOnce() throws {
    let text = """
      {
        "seed": 1,
        "model": {
          "name": "pixelcnn",
          "channels": 16,
          "kernel": 3,
          "masks": ["A3", "B3"]
        },
        "output": {"folder": "runs"},
        "optimizer": {
          "name": "adam",
          "learning_rat": 0.1
        }, "batch": {
          "examples": "64"
        }
      }
      """
    let sample = try SampleReading([("pixelcnn.json", text)], overrides: ["model.kernel=4"])
    let errors = try #require(sample.errors)
    #expect(
      errors.text(explainHint: true) == """
        pixelcnn.json:12:5  error  optimizer.learning_rat: unknown key. Did you mean "optimizer.learningRate"?
        pixelcnn.json:14:17 error  batch.examples: expected an integer 1...65536, got "64" (string)
        override   model.kernel=4  error  kernel size must be odd for a masked convolution (3, 5, 7)
        3 errors. Nothing was started. `minim explain model.kernel` explains more.
        """)
    #expect(errors.description.hasSuffix("\n3 errors. Nothing was started."))
    #expect(errors.exit == .badConfiguration)
  }

  /// One wrong value: where it is reported, for which path, and in which words.
  @Test(arguments: [
    (#"{"seed": 1.5}"#, "1:10", "seed", "expected an integer >= 0, got 1.5 (number)"),
    (#"{"seed": -1}"#, "1:10", "seed", "expected an integer >= 0, got -1"),
    (#"{"seed": true}"#, "1:10", "seed", "expected an integer >= 0, got true (boolean)"),
    (#"{"note": 3}"#, "1:10", "note", "expected a string or null, got 3 (number)"),
    (#"{"model": 3}"#, "1:11", "model", "expected an object, got 3 (number)"),
    (#"{"model": []}"#, "1:11", "model", "expected an object, got [] (array)"),
    (#"{"average": "x"}"#, "1:13", "average", "expected an object or null, got \"x\" (string)"),
    (#"{"average": {"decay": 2}}"#, "1:23", "average.decay", "expected a number 0...1, got 2"),
    (
      #"{"optimizer": {"name": "adm"}}"#, "1:24", "optimizer.name",
      "expected one of \"adam\", \"sgd\", got \"adm\". Did you mean \"adam\"?"
    ),
    (#"{"optimizer": {"name": 1}}"#, "1:24", "optimizer.name", "expected one of \"adam\", \"sgd\", got 1 (number)"),
    (#"{"optimizer": {"learningRate": 0}}"#, "1:32", "optimizer.learningRate", "expected a number > 0 and <= 1, got 0"),
    (
      #"{"optimizer": {"learningRate": "0.1"}}"#, "1:32", "optimizer.learningRate",
      "expected a number > 0 and <= 1, got \"0.1\" (string)"
    ),
    (#"{"optimizer": {"betas": [0.5]}}"#, "1:25", "optimizer.betas", "expected an array of 2 numbers, got 1"),
    (#"{"optimizer": {"betas": 0.5}}"#, "1:25", "optimizer.betas", "expected an array of 2 numbers, got 0.5 (number)"),
    (#"{"optimizer": {"betas": [0.5, 7]}}"#, "1:31", "optimizer.betas[1]", "expected a number 0...1, got 7"),
    (#"{"batch": {"shuffles": 1}}"#, "1:24", "batch.shuffles", "expected true or false, got 1 (number)"),
    (#"{"output": {"folder": {"a": 1}}}"#, "1:23", "output.folder", "expected a string, got {\"a\": 1} (object)"),
    (
      #"{"expect": {"P2": "fail"}}"#, "1:19", "expect.P2",
      "expected one of \"holds\", \"fails\", got \"fail\". Did you mean \"fails\"?"
    ),
    (#"{"expect": ["P2"]}"#, "1:12", "expect", "expected an object, got [\"P2\"] (array)"),
    (#"{"$schema": 3}"#, "1:13", "$schema", "expected a string, got 3 (number)"),
    (#"{"learningRate": 3}"#, "1:2", "learningRate", "unknown key. Did you mean \"optimizer.learningRate\"?"),
    (
      #"{"optimizer.learningRate": 3}"#, "1:2", "optimizer.learningRate",
      "unknown key. Write \"learningRate\" inside of \"optimizer\""
    ),
    (#"{"batch": {"zzzzz": 3}}"#, "1:12", "batch.zzzzz", "unknown key. Known here: examples, shuffles"),
  ]) func findsOneWrongValue(_ text: String, _ place: String, _ path: String, _ message: String) throws {
    let name: (name: String, text: String) = ("name.json", #"{"model": {"name": "pixelcnn"}}"#)
    let files = text.contains(#""model""#) ? [("w.json", text)] : [("w.json", text), name]
    let errors = try #require(try SampleReading(files).errors)
    let problems = errors.problems.filter { !$0.message.hasPrefix("required") }
    #expect(problems.map(\.path) == [path])
    #expect(problems.map(\.message) == [message])
    let position = problems.first?.origin
    guard case .file("w.json", 0, let found?) = position else {
      Issue.record("reported at \(String(describing: position))")
      return
    }
    #expect(found.description == place)
  }

  @Test func reportsElementsAtTheirPlace() throws {
    let errors = try #require(
      try SampleReading(#"{"model": {"name": "pixelcnn", "masks": ["A3",\#n "C3", 4]}}"#).errors)
    #expect(
      errors.text() == """
        sample.json:2:8 error  model.masks[2]: expected a string, got 4 (number)
        1 error. Nothing was started.
        """)
    let checked = try #require(try SampleReading(#"{"model": {"name": "pixelcnn", "masks": ["A3",\#n "C3"]}}"#).errors)
    #expect(
      checked.text() == """
        sample.json:2:2 error  model.masks[1]: a mask is of kind A or B, got "C3"
        1 error. Nothing was started.
        """)
  }

  @Test func reportsRequiredKeysWhereTheyBelong() throws {
    let message = #"model.name: required; one of "pixelcnn", "vae", "realnvp""#
    for (text, place) in [("{}", "1:1"), ("\n {\"model\":\n {}}", "3:2"), (#"{"model": 1}"#, "1:11")] {
      let lines = try #require(try SampleReading(text).errors).text().split(separator: "\n")
      #expect(lines.contains { $0.hasPrefix("sample.json:\(place)") && $0.hasSuffix(message) }, "\(lines)")
    }
    let nowhere = try #require(try SampleReading([]).errors)
    #expect(nowhere.text().hasPrefix("configuration error  \(message)\n"))
  }

  @Test func keysOfAnotherChoiceAreUnknown() throws {
    let errors = try #require(try SampleReading(#"{"model": {"name": "pixelcnn", "latents": 4}}"#).errors)
    #expect(
      errors.problems.map(\.message) == [
        "unknown key when model.name is \"pixelcnn\". Known here: name, channels, kernel, masks"
      ])
  }

  @Test func readingTwiceIsFineIfDeclaredAlike() throws {
    let reader = ConfigurationReader(try ConfigurationSource(texts: [("a.json", #"{"seed": "x"}"#)]))
    #expect(reader.root.integer("seed", default: 3, in: 0...9, "Seed.") == 3)
    #expect(reader.root.integer("seed", default: 3, in: 0...9, "Seed.") == 3)
    #expect(reader.declarations.count == 1)
    #expect(throws: ConfigurationErrors.self) { try reader.finish() }
    _ = reader.root.integer("seed", default: 3, in: 0...8, "Seed.")
    let error = try #require(throws: ConfigurationErrors.self) { try reader.finish() }
    #expect(
      error.problems.map(\.message) == [
        "declared twice, as an integer 0...9 and as an integer 0...8; a bug",
        "expected an integer 0...9, got \"x\" (string)",
        "expected an integer 0...8, got \"x\" (string)",
      ])
  }

  @Test func defaultsMustBeRightToo() throws {
    let reader = ConfigurationReader(try ConfigurationSource(texts: [("a.json", #"{"examples": 2}"#)]))
    let examples = reader.root.integer("examples", default: 64, in: 1...64, "Examples a step.")
    _ = reader.root.integer("shards", default: 4, in: 1...examples, "Parts of a batch.")
    _ = reader.root.numbers("betas", default: [0.9, 2], in: 0...1, "Decays.")
    let error = try #require(throws: ConfigurationErrors.self) { try reader.finish() }
    #expect(
      error.text() == """
        a.json:1:1 error  shards: required; an integer 1...2; the default 4 does not fit
        a.json:1:1 error  betas: required; an array of numbers; the default [0.9, 2.0] does not fit
        2 errors. Nothing was started.
        """)
  }

  @Test func knowsWhatIsGiven() throws {
    let reader = ConfigurationReader(try ConfigurationSource(texts: [("a.json", #"{"a": null}"#)], overrides: ["b=1"]))
    #expect(reader.root.isGiven("a"))
    #expect(reader.root.isGiven("b"))
    #expect(!reader.root.isGiven("c"))
  }

  @Test func printsNothingThatMovesTheCursor() throws {
    let text = #"{"\u001b[2J": 1, "model": {"name": "\u202e\u0007"}, "\#(String(repeating: "k", count: 500))": 1}"#
    let lines = try #require(try SampleReading(text).errors).text()
    #expect(lines.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value < 0x7F })
    #expect(lines.split(separator: "\n").allSatisfy { $0.utf8.count < 250 })
  }

  @Test func manyUnknownKeysAreCountedAndCut() throws {
    let keys = (0..<20_000).map { "\"key\($0)\": 1" }.joined(separator: ", ")
    let errors = try #require(try SampleReading("{\"model\": {\"name\": \"vae\"}, \(keys)}").errors)
    #expect(errors.problems.count == 20_000)
    let lines = errors.text().split(separator: "\n")
    #expect(lines.count == 102)
    #expect(lines.suffix(2) == ["... and 19900 more", "20000 errors. Nothing was started."])
  }
}
