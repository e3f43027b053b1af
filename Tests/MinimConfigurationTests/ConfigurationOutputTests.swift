import MinimConfiguration
import MinimFiles
import Testing

@Suite struct ConfigurationOutputTests {
  private static let text = """
    {
      "model": {"name": "pixelcnn", "kernel": 5},
      "optimizer": {
        "learningRate": 1
      }
    }
    """

  @Test func resolvesEveryDefault() throws {
    let sample = try SampleReading(Self.text, overrides: ["seed=7", "expect.P2=fails"])
    try sample.reader.finish()
    #expect(
      sample.reader.resolved.pretty == """
        {
          "seed": 7,
          "note": null,
          "model": {
            "name": "pixelcnn",
            "channels": 32,
            "kernel": 5,
            "masks": ["A3", "B3"]
          },
          "optimizer": {
            "name": "adam",
            "learningRate": 1.0,
            "betas": [0.9, 0.999]
          },
          "batch": {
            "examples": 64,
            "shuffles": true
          },
          "output": {
            "folder": "runs",
            "interval": 100
          },
          "average": null,
          "expect": {
            "P2": "fails"
          }
        }
        """)
  }

  @Test(arguments: [
    text, #"{"model": {"name": "vae"}, "average": {}, "note": "é\n", "seed": 9007199254740992}"#,
    #"{"model": {"name": "realnvp", "hidden": [1e2, 3.0]}, "average": {"decay": 1}, "expect": {"a.b": "holds"}}"#,
  ]) func readAgainItGivesItself(_ text: String) throws {
    let first = try SampleReading(text)
    try first.reader.finish()
    let second = try SampleReading(first.reader.resolved.pretty)
    try second.reader.finish()
    #expect(second.reader.resolved == first.reader.resolved)
    #expect(second.reader.resultKeys == first.reader.resultKeys)
    let sources = try #require(second.reader.sources.object)
    #expect(sources.members.allSatisfy { $0.value.string?.hasPrefix("file sample.json:") == true }, "\(sources)")
  }

  @Test func saysWhereEachValueCameFrom() throws {
    let sample = try SampleReading(
      [("a.json", Self.text), ("b.json", #"{"model": {"kernel": 7}}"#)],
      overrides: ["seed=7", #"batch={"examples": 8}"#])
    try sample.reader.finish()
    let expected: JSON = [
      "seed": "override", "note": "default", "model.name": "file a.json:2:13", "model.channels": "default",
      "model.kernel": "file b.json:1:12", "model.masks": "default", "optimizer.name": "default",
      "optimizer.learningRate": "file a.json:4:5", "optimizer.betas": "default", "batch.examples": "override",
      "batch.shuffles": "default", "output.folder": "default", "output.interval": "default", "average": "default",
      "expect": "default",
    ]
    #expect(sample.reader.sources == expected)
    #expect(sample.configuration.model.kernel == 7)
  }

  @Test func resultKeysAreThoseThatAffectTheResult() throws {
    let plain = try SampleReading(Self.text)
    let elsewhere = try SampleReading(
      Self.text, overrides: ["note=x", "output.folder=other", "output.interval=1", "expect.P2=fails"])
    #expect(plain.reader.resultKeys == elsewhere.reader.resultKeys)
    #expect(plain.reader.resolved != elsewhere.reader.resolved)
    let keys = plain.reader.resultKeys.object?.keys
    #expect(keys == ["seed", "model", "optimizer", "batch", "average"])
    for override in [
      "seed=1", "model.kernel=3", "model.masks=[\"A3\"]", "optimizer.betas=[0,0]", "batch.shuffles=false", "average={}",
    ] {
      let other = try SampleReading(Self.text, overrides: [override])
      #expect(other.reader.resultKeys != plain.reader.resultKeys, "\(override)")
    }
    // The same number written otherwise is the same configuration.
    let same = try SampleReading(Self.text, overrides: ["optimizer.learningRate=10e-1", "model.kernel=5.0"])
    #expect(same.reader.resultKeys.compact == plain.reader.resultKeys.compact)
  }

  @Test func schemaHasEveryKey() throws {
    let sample = try SampleReading(#"{"model": {"name": "pixelcnn"}, "average": {}}"#)
    let schema = sample.reader.declarations.schema
    #expect(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema")
    #expect(sample.reader.declarations.count == 20)
    for declaration in sample.reader.declarations {
      var property: JSON? = schema
      for key in declaration.path.split(separator: ".") { property = property?["properties"]?[String(key)] }
      let found = try #require(property, "\(declaration.path)")
      #expect(found["description"]?.string == declaration.help)
      #expect(found["type"] != nil || found["enum"] != nil)
    }
    #expect(schema["additionalProperties"] == false)
    #expect(schema["properties"]?["$schema"] == ["type": "string"])
    let model = schema["properties"]?["model"]
    #expect(model?["required"] == ["name"])
    #expect(model?["additionalProperties"] == false)
    let optimizer = schema["properties"]?["optimizer"]?["properties"]
    #expect(
      optimizer?["learningRate"] == [
        "type": "number", "exclusiveMinimum": 0.0, "maximum": 1.0, "description": "Step size.", "default": 0.001,
      ])
    #expect(
      optimizer?["betas"] == [
        "type": "array", "items": ["type": "number", "minimum": 0.0, "maximum": 1.0], "minItems": 2, "maxItems": 2,
        "description": "Decay of the two moments.", "default": [0.9, 0.999],
      ])
    #expect(
      schema["properties"]?["seed"] == [
        "type": "integer", "minimum": 0, "description": "Seed of every random number.", "default": 0,
      ])
    #expect(schema["properties"]?["average"]?["type"] == ["object", "null"])
  }

  @Test func declarationsExplainThemselves() throws {
    let sample = try SampleReading(Self.text)
    let declarations = sample.reader.declarations
    let rows = declarations.map { "\($0.path) | \($0.type.name) | \($0.type.range) | \($0.affectsResult)" }
    #expect(
      rows.prefix(6) == [
        "seed | integer | >= 0 | true",
        "note | string or null |  | false",
        "model | object |  | true",
        "model.name | choice | \"pixelcnn\", \"vae\", \"realnvp\" | true",
        "model.channels | integer | 1...1024 | true",
        "model.kernel | integer | 1...15 | true",
      ])
    let interval = try #require(declarations.first { $0.path == "output.interval" })
    #expect(!interval.affectsResult)
    #expect(interval.defaultValue == 100)
    #expect(interval.help == "Steps between two rows of the log.")
    #expect(declarations.first { $0.path == "model.name" }?.defaultValue == nil)
  }
}
