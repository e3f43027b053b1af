import MinimFiles
import Testing

@Suite struct VisibleTextTests {
  @Test("what steers a terminal or a reader's eye is written by its number")
  func hidden() {
    for value: UInt32 in [
      0, 7, 8, 9, 10, 13, 27, 127, 0x85, 0x9b, 0xad, 0x61c, 0x200b, 0x200e, 0x202e, 0x2028, 0x2066, 0xfeff, 0xe000,
      0xffff,
      0xe0041,
    ] {
      let scalar = Unicode.Scalar(value) ?? "?"
      #expect("a\(scalar)b".visible == "a\\u{\(String(value, radix: 16))}b")
    }
    #expect("\u{1b}[2J\u{1b}]0;x\u{7}".visible == "\\u{1b}[2J\\u{1b}]0;x\\u{7}")
  }

  @Test("letters, marks and joiners stay, and in texts of several lines the ends of lines")
  func shown() {
    for text in ["", "a b~", "größe", "日本語", "e\u{301}", "\u{645}\u{6cc}\u{200c}\u{62e}", "👩\u{200d}🚀", "\\u{1b}"] {
      #expect(text.visible == text)
    }
    #expect("a\nb\rc".visibleLines == "a\nb\\u{d}c" && "a\nb".visible == "a\\u{a}b")
  }

  @Test("files for people hold no hidden character, and read back the same")
  func json() throws {
    let text = "\u{1b}[31m\u{9b}x\u{202e}\u{2028}\u{e0041}é"
    let json: JSON = ["a": .string(text), "\u{200f}": [1, .string(text)]]
    for form in [json.pretty, json.inline] {
      #expect(form.unicodeScalars.allSatisfy { $0.isVisible || $0 == "\n" })
      #expect(try JSONParser.parse(form).json == json)
    }
    // Hashes are of the compact form.
    #expect(JSON.string("\u{202e}").compact == "\"\u{202e}\"")
  }

  @Test("a table of names holds none either") func csv() throws {
    var writer = CSVWriter(columns: ["a\u{1b}[2J", " b", "c"])
    writer.append(["1", "2 ", "x\u{202e}\ty"])
    #expect(writer.text == "a\\u{1b}[2J,\" b\",c\n1,\"2 \",x\\u{202e}\\u{9}y\n")
  }
}
