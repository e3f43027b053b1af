import Foundation
import MinimConfiguration
import MinimFiles
import Testing

@Suite struct ConfigurationSourceTests {
  private func problems(_ overrides: [String]) -> [String] {
    do {
      _ = try ConfigurationSource(texts: [("a.json", "{}")], overrides: overrides)
      return []
    } catch {
      return error.problems.map(\.message)
    }
  }

  @Test func mergesFromLeftToRight() throws {
    let texts = [
      ("a.json", #"{"seed": 1, "model": {"name": "vae", "hidden": [1, 2], "latents": 3}}"#),
      ("b.json", #"{"model": {"hidden": [7], "latents": 4}, "average": {}}"#),
      ("c.json", #"{"model": {"latents": 99}, "average": null}"#),
    ]
    let sample = try SampleReading(texts)
    #expect(sample.configuration.seed == 1)
    #expect(sample.configuration.model.hidden == [7])  // replaced, not merged
    #expect(sample.configuration.averageDecay == nil)
    #expect(
      sample.errors?.text() == """
        c.json:1:23 error  model.latents: expected an integer 1...64, got 99
        1 error. Nothing was started.
        """)
    #expect(try SampleReading(Array(texts.dropLast())).errors == nil)
  }

  @Test func problemsComeInTheOrderOfFilesThenOverrides() throws {
    let sample = try SampleReading(
      [("b.json", "{\"x1\": 1,\n\"seed\": 1.5}"), ("a.json", #"{"x2": 1, "model": {"name": "vae"}}"#)],
      overrides: ["x3=1", "model.x4=1"])
    #expect(sample.errors?.problems.map(\.path) == ["x1", "seed", "x2", "x3", "model.x4"])
  }

  @Test func overridesParseAsJSONOrBareWords() throws {
    let sample = try SampleReading(
      "{}",
      overrides: [
        "model.name=pixelcnn", #"model.masks=["A5","B5"]"#, "seed=1", "seed=2", "note=2026-11-23", "output.folder=",
        "optimizer.learningRate=1e-2", "batch.shuffles=false", #"optimizer={"betas": [0.5, 0.5]}"#,
      ])
    #expect(sample.errors == nil)
    let configuration = sample.configuration
    #expect(configuration.model.masks == ["A5", "B5"])
    #expect(configuration.seed == 2)
    #expect(configuration.note == "2026-11-23")
    #expect(configuration.folder == "")
    #expect(configuration.learningRate == 0.01)
    #expect(configuration.betas == [0.5, 0.5])
    #expect(configuration.shuffles == false)
    #expect(try SampleReading("{}", overrides: ["model.name=vae", "note=\"a=b\""]).configuration.note == "a=b")
    #expect(try SampleReading("{}", overrides: ["model.name=vae", "note=null"]).configuration.note == nil)
  }

  @Test func malformedOverridesAreErrorsOfUsage() throws {
    for override in ["seed", "", "=", "=3", ".a=1", "a.=1", "a..b=1"] {
      #expect(problems([override]).first?.hasPrefix("expected key.path=value, found") == true, "\(override)")
    }
    for override in ["seed=1e999", "seed=007", "seed=.5", "m=[1, 2", "m={\"a\":1,}", "m=\"a", "seed=9007199254740993"] {
      #expect(problems([override]).first?.hasPrefix("the value is not JSON, at character") == true, "\(override)")
    }
    #expect(problems([String(repeating: "a.", count: 64) + "b=1"]) == ["nested deeper than 64"])
    #expect(problems(["a", "b"]).count == 2)
    let error = try #require(throws: ConfigurationErrors.self) {
      try ConfigurationSource(files: [], overrides: ["seed"])
    }
    #expect(error.exit == .usage)
    #expect(
      error.text() == """
        override   seed  error  expected key.path=value, found no "="
        1 error. Nothing was started.
        """)
  }

  @Test func unknownKeysOfOverridesAreFound() throws {
    let sample = try SampleReading(
      #"{"model": {"name": "vae"}}"#,
      overrides: ["optimizer.learning_rate=0.1", #"batch={"exampels": 3}"#, "seed.x=1", "lernen=1"])
    #expect(
      sample.errors?.text() == """
        override   optimizer.learning_rate=0.1  error  unknown key. Did you mean "optimizer.learningRate"?
        override   batch={"exampels": 3}        error  batch.exampels: unknown key. Did you mean "batch.examples"?
        override   seed.x=1                     error  seed: expected an integer >= 0, got {"x": 1} (object)
        override   lernen=1                     error  unknown key. Known here: seed, note, model, optimizer, batch, output, average, expect
        4 errors. Nothing was started.
        """)
  }

  @Test func textsThatAreNoConfigurationAreAllTold() throws {
    let error = try #require(throws: ConfigurationErrors.self) {
      try ConfigurationSource(texts: [("a.json", "{\"a\": 1,\n\"a\": 2}"), ("b.json", "[]"), ("c.json", "{,}")])
    }
    #expect(
      error.text() == """
        a.json:2:1 error  duplicate key "a", first given at 1:2
        b.json:1:1 error  a configuration is an object, {...}; got [] (array)
        c.json:1:2 error  expected a key in double quotes, found ","
        3 errors. Nothing was started.
        """)
    #expect(error.exit == .badConfiguration)
  }
}

@Suite struct ConfigurationFileTests {
  /// A folder of its own, removed in the end.
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("minim-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func errors(_ files: [String]) throws -> ConfigurationErrors {
    try #require(throws: ConfigurationErrors.self) { try ConfigurationSource(files: files) }
  }

  @Test func readsFiles() throws {
    try inFolder { folder in
      let path = folder + "/a.json"
      try Data("{\n \"seed\": 5}".utf8).write(to: URL(fileURLWithPath: path))
      let reader = ConfigurationReader(try ConfigurationSource(files: [path]))
      #expect(reader.root.integer("seed", default: 0, "Seed.") == 5)
      #expect(reader.sources["seed"] == .string("file \(path):2:2"))
    }
  }

  @Test func refusesWhatIsNoFileOfText() throws {
    try inFolder { folder in
      let missing = try errors(["\(folder)/none.json"])
      #expect(missing.problems.map(\.message) == ["not found"])
      #expect(missing.exit == .missingInput)
      #expect(try errors([folder]).problems.map(\.message) == ["is a folder, not a file"])
      #expect(try errors(["\(folder)/a\u{0}b"]).problems.map(\.message) == ["not found"])

      let path = folder + "/a.json"
      try Data([0x7B, 0xFF, 0x7D]).write(to: URL(fileURLWithPath: path))
      #expect(try errors([path]).problems.map(\.message) == ["invalid UTF-8; save the file as UTF-8"])
      try Data().write(to: URL(fileURLWithPath: path))
      #expect(try errors([path]).problems.map(\.message) == ["expected a value, found the end of the text"])
      try Data(repeating: 0x20, count: 1 << 20 + 1).write(to: URL(fileURLWithPath: path))
      let large = try errors([path, "\(folder)/none.json"])
      #expect(
        large.problems.map(\.message) == ["larger than the 1048576 bytes that a configuration may have", "not found"])
      #expect(try errors(["/dev/zero"]).exit == .badConfiguration)  // endless, yet refused
    }
  }

  @Test func locatesInTheFirstFolderThatHasIt() throws {
    try inFolder { folder in
      for name in ["one", "two"] {
        try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)/\(name).json"))
        try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)/both.json"))
      }
      let folders = ["\(folder)/none", "\(folder)/one", "\(folder)/two/"]
      #expect(ConfigurationSource.locate("both.json", in: folders) == "\(folder)/one/both.json")
      #expect(ConfigurationSource.locate("two.json", in: folders) == "\(folder)/two/two.json")
      #expect(ConfigurationSource.locate("three.json", in: folders) == nil)
      #expect(ConfigurationSource.locate("x/two.json", in: folders) == nil)
      #expect(ConfigurationSource.locate("\(folder)/one/one.json", in: []) == "\(folder)/one/one.json")
      #expect(ConfigurationSource.locate("", in: folders) == nil)
    }
    let error = ConfigurationErrors.notFound("vae.json", in: [".", "configs"])
    #expect(error.text() == "vae.json error  not found; looked in ., configs\n1 error. Nothing was started.")
    #expect(error.exit == .missingInput)
  }
}
