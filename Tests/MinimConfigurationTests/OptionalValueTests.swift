import MinimConfiguration
import MinimFiles
import Testing

/// Values that may be null: a number, a string, one of several names.
@Suite struct OptionalValueTests {
  private struct Reading {
    let number: Double?
    let text: String?
    let reader: ConfigurationReader
    let problems: [String]

    init(_ config: String, _ overrides: [String] = []) throws {
      reader = ConfigurationReader(try ConfigurationSource(texts: [("c.json", config)], overrides: overrides))
      number = reader.root.optionalNumber("threshold", in: 0...16, "From where on.")
      text = reader.root.optionalString("labels", "A file.")
      do {
        try reader.finish()
        problems = []
      } catch { problems = error.problems.map { "\($0.path): \($0.message)" } }
    }
  }

  @Test(
    "right values",
    arguments: [
      ("{}", nil), (#"{"threshold": null}"#, nil), (#"{"threshold": 0}"#, 0), (#"{"threshold": 16.0}"#, 16),
      (#"{"threshold": 2.5}"#, 2.5), (#"{"threshold": 1e1}"#, 10),
    ] as [(String, Double?)])
  func right(_ config: String, _ value: Double?) throws {
    let reading = try Reading(config)
    #expect(reading.problems.isEmpty && reading.number == value && reading.text == nil)
    // What was read reads as itself.
    let again = try Reading(reading.reader.resolved.pretty)
    #expect(again.number == value && again.reader.resolved == reading.reader.resolved)
    #expect(reading.reader.resolved["threshold"] == (value.map { .number($0) } ?? .null))
  }

  @Test("an override can take a value back")
  func overrides() throws {
    #expect(try Reading(#"{"threshold": 3, "labels": "a.npy"}"#, ["threshold=null"]).number == nil)
    #expect(try Reading(#"{"threshold": null}"#, ["threshold=4"]).number == 4)
    #expect(try Reading(#"{"labels": "a.npy"}"#, ["labels=null"]).text == nil)
    #expect(try Reading("{}", ["labels=b.npy"]).text == "b.npy")
  }

  @Test(
    "wrong values are refused with what is allowed, null included",
    arguments: [
      (#"{"threshold": 17}"#, "threshold: expected a number 0...16 or null, got 17"),
      (#"{"threshold": -0.5}"#, "threshold: expected a number 0...16 or null, got -0.5"),
      (#"{"threshold": "8"}"#, #"threshold: expected a number 0...16 or null, got "8" (string)"#),
      (#"{"threshold": true}"#, "threshold: expected a number 0...16 or null, got true (boolean)"),
      (#"{"threshold": [8]}"#, "threshold: expected a number 0...16 or null, got [8] (array)"),
      (#"{"threshold": {}}"#, "threshold: expected a number 0...16 or null, got {} (object)"),
      (#"{"labels": 3}"#, "labels: expected a string or null, got 3 (number)"),
    ])
  func wrong(_ config: String, _ message: String) throws {
    let reading = try Reading(config)
    #expect(reading.problems == [message])
    #expect(reading.number == nil && reading.text == nil)
  }

  @Test func schemaAllowsNull() throws {
    let properties = try Reading("{}").reader.declarations.schema["properties"]
    let threshold: JSON = [
      "type": ["number", "null"], "minimum": 0.0, "maximum": 16.0, "description": "From where on.", "default": .null,
    ]
    #expect(properties?["threshold"] == threshold)
    #expect(properties?["labels"]?["type"] == ["string", "null"])
  }

  @Test("names and words of optional types")
  func words() {
    let number = ConfigurationType.optional(.number(0...1, excludesLowerBound: true))
    #expect(number.name == "number or null" && number.range == "> 0 and <= 1")
    #expect(number.expected == "a number > 0 and <= 1 or null")
    #expect(ConfigurationType.optional(.choice(["a", "b"])).expected == #"one of "a", "b" or null"#)
  }
}
