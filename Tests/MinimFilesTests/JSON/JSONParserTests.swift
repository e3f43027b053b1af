import MinimFiles
import TestSupport
import Testing

/// A text and what must come of it: a value in compact form, or an error at a place with these words.
private struct Document: Sendable, CustomTestStringConvertible {
  let text: [UInt8]
  let value: String?
  let place: String
  let words: String

  static func valid(_ text: String, _ value: String) -> Document {
    Document(text: Array(text.utf8), value: value, place: "", words: "")
  }
  static func invalid(_ text: String, _ place: String, _ words: String) -> Document {
    Document(text: Array(text.utf8), value: nil, place: place, words: words)
  }
  static func invalid(_ bytes: [UInt8], _ place: String, _ words: String) -> Document {
    Document(text: bytes, value: nil, place: place, words: words)
  }
  var testDescription: String { String(decoding: text.prefix(60), as: UTF8.self) }
}

private func nested(_ depth: Int) -> String {
  String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
}

private func accents(_ count: Int) -> String { "a" + String(repeating: "\u{301}\u{323}", count: count / 2) }

private let valid: [Document] = [
  .valid("null", "null"),
  .valid(" true\n", "true"),
  .valid("false", "false"),
  .valid("0", "0"),
  .valid("-0", "-0.0"),
  .valid("-12", "-12"),
  .valid("9007199254740992", "9007199254740992"),
  .valid("-9007199254740992", "-9007199254740992"),
  .valid("1.0", "1.0"),
  .valid("0.1", "0.1"),
  .valid("1e3", "1000.0"),
  .valid("1E+3", "1000.0"),
  .valid("25e-1", "2.5"),
  .valid("0e0", "0.0"),
  .valid("1.7976931348623157e308", "1.7976931348623157e+308"),
  .valid("5e-324", "5e-324"),
  .valid("\"\"", "\"\""),
  .valid("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"a\\\"\\\\/\\b\\f\\n\\r\\t\""),
  .valid("\"\\u00e9\"", "\"\u{e9}\""),
  .valid("\"\\uD834\\udd1e\"", "\"\u{1D11E}\""),
  .valid("\"\u{1D11E}\u{20AC}\u{7f}\"", "\"\u{1D11E}\u{20AC}\u{7f}\""),
  .valid("\"\\u0000\\u001f\"", "\"\\u0000\\u001f\""),
  .valid("[]", "[]"),
  .valid("[ ]", "[]"),
  .valid("{}", "{}"),
  .valid("[1,[2,\"3\"],{}]", "[1,[2,\"3\"],{}]"),
  .valid("{\"b\":1,\"a\":{\"b\":null}}", "{\"b\":1,\"a\":{\"b\":null}}"),
  .valid("\t\r\n {\t\"a\"\r\n:\n1 } ", "{\"a\":1}"),
  .valid(nested(64), nested(64)),
  .valid("\"\(accents(30))\(accents(30))\"", "\"\(accents(30))\(accents(30))\""),
]

private let invalid: [Document] = [
  .invalid("", "1:1", "expected a value, found the end of the text"),
  .invalid("  \n ", "2:2", "found the end of the text"),
  .invalid("{\"a\": 1,\n \"a\": 2}", "2:2", "duplicate key \"a\", first given at 1:2"),
  .invalid("{\"a\":{\"b\":1,\"\\u0062\":2}}", "1:13", "duplicate key \"b\""),
  .invalid("[1,]", "1:3", "trailing comma"),
  .invalid("{\"a\":1,\n}", "1:7", "trailing comma"),
  .invalid("[,1]", "1:2", "expected a value, found \",\""),
  .invalid("[1,,2]", "1:4", "expected a value"),
  .invalid("// c\n1", "1:1", "comments are not part of JSON"),
  .invalid("{\"a\":1 /* c */}", "1:8", "comments"),
  .invalid("[1\n # c\n]", "2:2", "comments"),
  .invalid("1e999", "1:1", "out of range"),
  .invalid("[-1e999]", "1:2", "out of range"),
  .invalid("1e-999", "1:1", "out of range; it would become zero"),
  .invalid("9007199254740993", "1:1", "2^53"),
  .invalid("-9007199254740993", "1:1", "2^53"),
  .invalid("99999999999999999999999", "1:1", "2^53"),
  .invalid("[" + String(repeating: "1", count: 2000) + ".5]", "1:2", "2002 characters"),
  .invalid("[012]", "1:2", "leading zeros"),
  .invalid("-01", "1:1", "leading zeros"),
  .invalid("00", "1:1", "leading zeros"),
  .invalid("+1", "1:1", "starts with a digit"),
  .invalid(".5", "1:1", "starts with a digit"),
  .invalid("1.", "1:1", "after the decimal point"),
  .invalid("1.e3", "1:1", "after the decimal point"),
  .invalid("1e", "1:1", "in the exponent"),
  .invalid("1e+", "1:1", "in the exponent"),
  .invalid("-", "1:1", "after \"-\""),
  .invalid("-a", "1:1", "after \"-\""),
  .invalid("0x10", "1:2", "expected the end of the text, found \"x\""),
  .invalid("NaN", "1:1", "NaN is not a JSON number"),
  .invalid("[-Infinity]", "1:2", "-Infinity is not a JSON number"),
  .invalid("True", "1:1", "write true"),
  .invalid("None", "1:1", "write null"),
  .invalid("nul", "1:1", "found nul"),
  .invalid("{a: 1}", "1:2", "a key in double quotes"),
  .invalid("{'a': 1}", "1:2", "double quotes"),
  .invalid("['a']", "1:2", "double quotes"),
  .invalid("{1: 1}", "1:2", "a key in double quotes"),
  .invalid("{\"a\" 1}", "1:6", "expected \":\" after the key, found \"1\""),
  .invalid("{\"a\"", "1:5", "expected \":\" after the key"),
  .invalid("{\"a\":", "1:6", "expected a value"),
  .invalid("{\"a\":1 \"b\":2}", "1:8", "expected \",\" or \"}\", found a string"),
  .invalid("{\"a\":1", "1:7", "expected \"}\" for the \"{\" at 1:1"),
  .invalid("{", "1:2", "expected \"}\" for the \"{\" at 1:1"),
  .invalid("{\"a\":1]", "1:7", "expected \",\" or \"}\", found \"]\""),
  .invalid("\n[1", "2:3", "expected \"]\" for the \"[\" at 2:1"),
  .invalid("[1}", "1:3", "expected \",\" or \"]\""),
  .invalid("[1 2]", "1:4", "expected \",\" or \"]\""),
  .invalid("]", "1:1", "expected a value"),
  .invalid("1 2", "1:3", "expected the end of the text"),
  .invalid("{}}", "1:3", "expected the end of the text"),
  .invalid(nested(65), "1:65", "nested deeper than 64"),
  .invalid(String(repeating: "{\"a\":", count: 65), "1:321", "nested deeper than 64"),
  .invalid("\"a", "1:1", "no closing quote"),
  .invalid("\"a\\", "1:3", "end of the text"),
  .invalid("[\"a\nb\"]", "1:4", "line break in a string"),
  .invalid("\"\t\"", "1:2", "control character 0x9"),
  .invalid("\"\u{0}\"", "1:2", "control character 0x0"),
  .invalid("\"\\x41\"", "1:2", "unknown escape"),
  .invalid("\"\\u12g4\"", "1:2", "four hexadecimal digits"),
  .invalid("\"\\u+123\"", "1:2", "four hexadecimal digits"),
  .invalid("\"\\u12", "1:2", "four hexadecimal digits"),
  .invalid("\"ab\\ud800\"", "1:4", "lone surrogate"),
  .invalid("\"\\ud800\\n\"", "1:2", "lone surrogate"),
  .invalid("\"\\ud800\\ud800\"", "1:2", "lone surrogate"),
  .invalid("\"\\udc00\"", "1:2", "lone surrogate"),
  .invalid([0xEF, 0xBB, 0xBF, 0x31], "1:1", "byte order mark"),
  .invalid([0xFF, 0xFE, 0x31, 0], "1:1", "invalid UTF-8"),
  .invalid([0x22, 0xC3, 0xA9, 0x80, 0x22], "1:3", "invalid UTF-8"),
  .invalid([0x22, 0xC0, 0x80, 0x22], "1:2", "invalid UTF-8"),
  .invalid([0x22, 0xE0, 0x80, 0x80, 0x22], "1:2", "invalid UTF-8"),
  .invalid([0x22, 0xED, 0xA0, 0x80, 0x22], "1:2", "invalid UTF-8"),
  .invalid([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], "1:2", "invalid UTF-8"),
  .invalid([0x22, 0xF0, 0x9D, 0x84], "1:2", "invalid UTF-8"),
  .invalid("{\"\u{1D11E}\u{e9}\": x}", "1:8", "found x"),
  .invalid("[\"\(accents(32))\"]", "1:34", "more than 30 combining characters in a row"),
  .invalid("\"" + String(repeating: "\\u0301", count: 31), "1:182", "more than 30 combining characters in a row"),
  .invalid("{\"\(accents(500_000))\": 1}", "1:34", "more than 30 combining characters in a row"),
  .invalid("[\u{A0}1]", "1:2", "found \"\u{A0}\""),
]

@Suite struct JSONParserTests {
  @Test(arguments: valid) fileprivate func parsesValid(_ document: Document) throws {
    let node = try JSONParser.parse(document.text)
    #expect(node.json.compact == document.value)
    #expect(try JSONParser.parse(node.json.compact).json == node.json)
    #expect(try JSONParser.parse(node.json.pretty).json == node.json)
  }

  @Test(arguments: invalid) fileprivate func refusesInvalid(_ document: Document) throws {
    Reliability.record(10, "JSON files", 1)
    let error = try #require(throws: JSONError.self) { try JSONParser.parse(document.text) }
    #expect(error.position.description == document.place, "\(error)")
    #expect(error.message.contains(document.words), "\(error)")
  }

  @Test func knowsWhereEverythingStands() throws {
    let node = try JSONParser.parse("{\n  \"a\": [1,\r\n \"\u{e9}\", {}],\n\t\"b\" :null}")
    #expect(node.position.description == "1:1")
    let members = try #require(node.members)
    #expect(members.map(\.key) == ["a", "b"])
    #expect(members.map(\.position.description) == ["2:3", "4:2"])
    #expect(members.map(\.value.position.description) == ["2:8", "4:7"])
    #expect(members[0].value.elements?.map(\.position.description) == ["2:9", "3:2", "3:7"])
  }

  @Test func limitsTheSize() throws {
    #expect(try JSONParser.parse("[1, 2]", limit: 6).json == [1, 2])
    let error = try #require(throws: JSONError.self) { try JSONParser.parse("[1, 2]", limit: 5) }
    #expect(error.description == "1:1 6 bytes are too many; at most 5 are read")
    #expect(throws: JSONError.self) { try JSONParser.parse([UInt8](repeating: 0x20, count: 1 << 20) + [0x31]) }
    #expect(try JSONParser.parse([UInt8](repeating: 0x20, count: (1 << 20) - 1) + [0x31]).json == 1)
  }

  /// The library's own encoder is the oracle: 256 scalars a string, apart by a letter, so that no marks meet.
  @Test func readsEveryScalar() throws {
    for first in stride(from: UInt32(0x20), to: 0x110000, by: 256) {
      let scalars = (first..<min(first + 256, 0x110000)).compactMap(Unicode.Scalar.init)
      var text = String.UnicodeScalarView()
      for scalar in scalars where scalar != "\"" && scalar != "\\" { text.append(contentsOf: [scalar, "a"]) }
      let read = try JSONParser.parse("\"\(String(text))\"").json.string
      #expect(read?.unicodeScalars.elementsEqual(text) == true, "from U+\(String(first, radix: 16))")
    }
  }

  @Test func doesNotOverflowTheStack() throws {
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20)
    let error = try #require(throws: JSONError.self) { try JSONParser.parse(deep) }
    #expect(error.position.description == "1:65")
  }
}

/// A small generator with a fixed seed (Marsaglia's xorshift64), so that every run mutates alike.
private struct Xorshift: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

@Suite struct JSONParserMutationTests {
  static let sample = Array(
    """
    {
      "$schema": "minim.schema.json",
      "seed": 7, "note": "\\u00e9 \u{1D11E} \\ud834\\udd1e \\"quoted\\"",
      "model": {"name": "pixelcnn", "channels": 32, "masks": ["A3", "B3"], "bias": true},
      "optimizer": {"learningRate": 1e-3, "beta": [0.9, 0.999], "clip": null, "decay": -0.0}
    }
    """.utf8)

  /// A value must survive being written and read; an error must point into the text.
  private func check(_ bytes: [UInt8]) {
    do {
      let json = try JSONParser.parse(bytes).json
      #expect((try? JSONParser.parse(json.compact))?.json == json)
    } catch {
      let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      #expect(lines.indices.contains(error.position.line - 1), "\(error)")
      let line = lines[min(error.position.line, lines.count) - 1]
      #expect((1...line.count + 1).contains(error.position.column), "\(error)")
    }
  }

  @Test func truncatedAnywhereItIsRefused() throws {
    #expect(try JSONParser.parse(Self.sample).members?.count == 5)
    for length in Self.sample.indices {
      let prefix = Array(Self.sample[..<length])
      #expect(throws: JSONError.self) { try JSONParser.parse(prefix) }
      check(prefix)
    }
  }

  @Test func flippedBitsNeverCrash() {
    var generator = Xorshift(state: 0x9E37_79B9_7F4A_7C15)
    for _ in 0..<20_000 {
      var bytes = Self.sample
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      }
      check(bytes)
    }
  }

  @Test func shuffledPiecesNeverCrash() {
    let pieces = [
      "{", "}", "[", "]", ",", ":", "\"a\"", "\"", "\\", "\\u", "d8", "1", "-", "0", "e", ".", "true", "\n", "é",
    ]
    var generator = Xorshift(state: 0x2545_F491_4F6C_DD1D)
    for _ in 0..<20_000 {
      let count = Int.random(in: 1...16, using: &generator)
      let text = (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &generator)] }.joined()
      check(Array(text.utf8))
    }
  }
}
