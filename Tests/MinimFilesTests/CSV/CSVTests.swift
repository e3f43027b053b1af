import MinimFiles
import TestSupport
import Testing

@Suite struct CSVTests {
  static func read(_ bytes: [UInt8], _ file: String = "test.csv") throws -> NumericArray {
    try CSV.decode(bytes, file: file)
  }

  static func read(_ text: String) throws -> NumericArray { try read(Array(text.utf8)) }

  static let table = NumericArray(shape: [2, 3], values: [1, -2.5, 300, 0, 0.25, 4])

  @Test(arguments: [
    "1,-2.5,3e2\n0,0.25,4\n", "1;-2.5;3e2\n0;0.25;4\n", "1\t-2.5\t3e2\n0\t0.25\t4\n", "1 -2.5 3e2\n0 0.25 4\n",
    "  1   -2.5 \t3e2  \n0\t \t0.25  4".replacing("\t", with: "  "),
    " 1 ,\t-2.5 , 3e2\n0,0.25,4", "1\t -2.5\t3e2 \n0\t0.25\t4", "1,-2.5,3e2\r\n0,0.25,4\r\n",
    "a,b,c\n1,-2.5,3e2\n0,0.25,4\n", "label,0,1\n1,-2.5,3e2\n0,0.25,4\n", ",x,y\n1,-2.5,3e2\n0,0.25,4\n",
    "\"a, b\",\"c\",d\n1,-2.5,3e2\n0,0.25,4\n", "größe x y\n1 -2.5 3e2\n0 0.25 4\n",
    "1,\"-2.5\", \"3e2\" \n0,0.25,4\n", "\"a;b\",\"c\"\"d\",\"\"\n1,-2.5,3e2\n0,0.25,4\n",
    "i,j,1\n1,-2.5,3e2\n0,0.25,4\n",
    "\u{feff}a;b;c\r\n1;-2.5;3e2\r\n0;0.25;4", "\u{feff}1,-2.5,3e2\n0,0.25,4\n",
    "# 7,8\n\n  \t\na,b,c\n#9\n\n+1,-2.50,3.00E+02\n \n  # 1,2\n0,.25,4.\n\n", "1,-2.5,300\n-0e9,25e-2,0004",
  ])
  func readsTables(text: String) throws { #expect(try Self.read(text) == Self.table) }

  @Test func readsOneNumberAndOneColumn() throws {
    #expect(try Self.read("7") == NumericArray(shape: [1, 1], values: [7]))
    #expect(try Self.read("7\n8\n9") == NumericArray(shape: [3, 1], values: [7, 8, 9]))
    #expect(try Self.read("name of two words\r\n7\r\n") == NumericArray(shape: [1, 1], values: [7]))
  }

  /// The reference is what the standard library reads.
  @Test func readsNumbersAsTheStandardLibrary() throws {
    var texts = [
      "0", "-0", "00012", "1e0", "1E22", "1e23", "9007199254740993", "9007199254740992e22", "0.1",
      "123456789012345678901234567890", "0.30000001192092896", "16777217", "16777219", "3.4028235e38", "1e-45", "7e-46",
      "1e-999", "-1e-999", "5.",
      ".5", "+.5e+1", "0e999999999999999999999", "1" + String(repeating: "0", count: 38),
      "0." + String(repeating: "0", count: 60) + "1e61", String(repeating: "9", count: 30) + "e-29",
    ]
    var generator = SplitMix(seed: 3)
    for _ in 0..<5000 {
      let float = Float(bitPattern: UInt32.random(in: 0..<0x7f80_0000, using: &generator))
      texts.append("\(float)")
      texts.append("\(Double(float) * Double.random(in: 0.1..<1, using: &generator))")
      let whole = Int.random(in: -1_000_000...1_000_000, using: &generator)
      texts.append("\(whole)e\(Int.random(in: -30...30, using: &generator))")
    }
    for text in texts {
      let expected = Float(try #require(Double(text)))
      #expect(try Self.read(text).values.map(\.bitPattern) == [expected.bitPattern], "\(text)")
    }
  }

  @Test(arguments: wrong)
  func refuses(wrong: Wrong) { wrong.isRefused(by: Self.read) }

  static func wrong(_ name: String, _ text: String, _ words: String...) -> Wrong {
    Wrong(name: name, bytes: Array(text.utf8), words: words)
  }

  static let wrong: [Wrong] =
    [
      wrong("nothing", "", "no row"),
      wrong("blank", "\n \n\t\n\r\n", "no row"),
      wrong("comments only", "# 1\n# 2\n", "no row"),
      wrong("names only", "a,b,c\n", "no row", "line 1", "names"),
      wrong("nan first", "nan,2\n3,4", "line 1: column 1", "\"nan\""),
      wrong("nonsense that begins like a number", "1x,2\n3,4", "line 1: column 1", "\"1x\""),
      wrong("two lines of names", "a,b\nc,d\n1,2", "line 2: column 1", "\"c\""),
      wrong("word", "1,2\n3,x\n", "line 2: column 2", "expected a number", "\"x\""),
      wrong("word in the first row", "1,2,x\n3,4,5\n", "line 1: column 3", "\"x\""),
      wrong("line counts with comments", "#\n\n1,2\n\n3,y", "line 5: column 2"),
      wrong("empty field", "1,2\n3,\n", "line 2: column 2", "found nothing", "delete the row"),
      wrong("missing value", "1,2\n3,NA\n", "line 2: column 2", "\"NA\"", "delete the row"),
      wrong("empty field in the middle", "1,,2\n", "line 1: column 2", "found nothing"),
      wrong("empty field between tabs", "1\t2\n\t3\n", "line 2: column 1", "found nothing"),
      wrong("row too short", "1,2\n3\n", "line 2", "1 columns", "have 2"),
      wrong("row too long", "1,2\n3,4,5\n", "line 2", "3 columns"),
      wrong("another separator", "1,2\n3;4\n", "line 2: column 1", "\"3;4\""),
      wrong("names for other columns", "a,b,c\n1,2\n", "2 columns", "line 1", "names for 3"),
      wrong("names for other columns than one", "a;b;c\n1\n", "1 columns", "names for 3"),
      wrong("decimal comma", "1,5;2,5\n", "column 1", "with a point"),
      wrong("decimal comma and blanks", "1 2\n1,5 2\n", "line 2: column 1", "with a point"),
      wrong("nan", "1,nan\n", "column 2", "\"nan\""), wrong("inf", "1,-inf\n", "\"-inf\""),
      wrong("infinity", "1,Infinity\n", "\"Infinity\""), wrong("hexadecimal", "1,0x10\n", "\"0x10\""),
      wrong("too large", "1\n1e39\n", "line 2: column 1", "too large for 32 bits"),
      wrong("far too large", "1\n1e999999999999999999999\n", "too large"),
      wrong("digits grouped", "1\n1_000\n", "\"1_000\""),
      wrong("a quote that does not end", "1\n\"2\n", "line 2", "\"\"2\""),
      wrong("text after a quote", "1,2\n\"3\"4,5\n", "line 2: column 1"),
      wrong("a text before numbers that count nothing", "x,1.5,2\n3,4,5\n", "line 1: column 1", "\"x\""),
      wrong("two points", "1\n1.2.3\n", "1.2.3"), wrong("two signs", "1\n+-2\n", "+-2"),
      wrong("only a sign", "1\n-\n", "\"-\""), wrong("only a point", "1\n.\n", "\".\""),
      wrong("empty exponent", "1\n1e\n", "\"1e\""), wrong("sign for an exponent", "1\n1e+\n", "\"1e+\""),
      wrong("fraction as exponent", "1\n1e1.5\n", "1e1.5"), wrong("other digits", "1\n٣\n", "line 2"),
      wrong("minus sign of print", "1\n−2\n", "line 2"),
      wrong("129 digits first", String(repeating: "1", count: 129) + ",2\n3,4", "line 1: column 1"),
      wrong("129 digits", "1\n" + String(repeating: "0", count: 129), "line 2: column 1", "..."),
      wrong("zero byte", "1,2\0\n", "line 1: column 2", "\\u{0}"),
      wrong("lone returns", "1\r2\r3", "line 1"), wrong("escape sequence", "1,\u{1b}[2J", "\\u{1b}[2J"),
      wrong("control characters as names", "a\u{1},b\n1,2\n", "line 1", "not text"),
      Wrong("not UTF-8", [0xff, 0xfe, 0x31, 0x0a, 0x31], "line 1", "not text"),
      Wrong("long line", Array(repeating: 0x20, count: 1 << 22 + 1), "line 1", "4194305 bytes"),
      Wrong("long line later", [0x31, 0x0a] + Array(repeating: 0x31, count: 1 << 22 + 1), "line 2", "at most 4194304"),
      Wrong("a picture", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0], "not text"),
    ]

  @Test func readsTheLongestLine() throws {
    let text = String(repeating: "1,", count: 1 << 21 - 1) + "12"
    #expect(text.utf8.count == 1 << 22)
    #expect(try Self.read(text).shape == [1, 1 << 21])
  }

  /// Every beginning is a table or is refused. (A table that ends early can be a table.)
  @Test func standsTruncation() throws {
    let bytes = Array("a;b;c\n1;-2.5;3e2\r\n0;0.25;4\n".utf8)
    for count in 0...bytes.count {
      do {
        let array = try Self.read(Array(bytes[..<count]))
        #expect(array.values.count <= 6 && array.shape[1] == 3)
      } catch {
        #expect(error is DataFileError)
      }
    }
  }

  @Test func standsDamagedBytes() {
    let bytes = Array("# of no use\na,b,c\n1,-2.5,3e2\n0,0.25,4\n7,8,9\n".utf8)
    standsDamage(to: bytes, rounds: 20000, by: { try Self.read($0) }, isPossible: { $0.values.count < bytes.count })
  }

  /// Text of the characters that tables have, in no order.
  @Test func standsNonsense() {
    var generator = SplitMix(seed: 9)
    let characters = Array("0123456789+-.eE,;\t \r\n#xn\"\u{e9}".utf8)
    for _ in 0..<20000 {
      let bytes = (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
        characters[Int.random(in: 0..<characters.count, using: &generator)]
      }
      do {
        let array = try Self.read(bytes)
        #expect(array.values.count <= bytes.count && array.values.allSatisfy(\.isFinite))
      } catch {
        #expect(error is DataFileError)
      }
    }
  }
}
