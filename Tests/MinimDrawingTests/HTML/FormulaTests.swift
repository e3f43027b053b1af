import MinimDrawing
import Testing

@Suite struct FormulaTests {
  /// The elements inside of `<math>`.
  private static func inner(_ source: String) throws -> String {
    let text = try #require(Formula(source), "\(source)").markup.text
    let (start, end) = ("<math display=\"block\">", "</math>")
    #expect(text.hasPrefix(start) && text.hasSuffix(end))
    return String(text.dropFirst(start.count).dropLast(end.count))
  }

  @Test("letters, numbers and signs are elements of their own") func atoms() throws {
    #expect(try Self.inner("2ab = 0.5") == "<mn>2</mn><mi>a</mi><mi>b</mi><mo>=</mo><mn>0.5</mn>")
    #expect(
      try Self.inner(#"\theta \le \infty, \mathbb{E}"#)
        == "<mi>θ</mi><mo>≤</mo><mi>∞</mi><mo>,</mo><mi>𝔼</mi>")
    #expect(try Self.inner(#"\text{held out} \operatorname{KL}"#).contains("<mtext>held out</mtext>"))
    #expect(try Self.inner(#"\operatorname{KL}"#) == "<mi>KL</mi>")
  }

  @Test("scripts stand at their base, in either order; a prime is one") func scripts() throws {
    #expect(try Self.inner("x_i") == "<msub><mi>x</mi><mi>i</mi></msub>")
    #expect(try Self.inner("x^2") == "<msup><mi>x</mi><mn>2</mn></msup>")
    let both = "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"
    #expect(try Self.inner("x_i^2") == both && Self.inner("x ^ 2 _ i") == both)
    let row = "<mrow><mi>k</mi><mo>+</mo><mn>1</mn></mrow>"
    #expect(try Self.inner("x_{k + 1}") == "<msub><mi>x</mi>\(row)</msub>")
    #expect(try Self.inner("f'") == "<msup><mi>f</mi><mo>′</mo></msup>")
    // Without braces a script is one letter.
    #expect(try Self.inner("x^ab") == "<msup><mi>x</mi><mi>a</mi></msup><mi>b</mi>")
  }

  @Test("limits stand below and above, except those of an integral") func limits() throws {
    #expect(
      try Self.inner(#"\sum_{i = 1}^n"#)
        == "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>")
    #expect(try Self.inner(#"\sum_x"#) == "<munder><mo>∑</mo><mi>x</mi></munder>")
    #expect(try Self.inner(#"\max_x"#) == "<munder><mi>max</mi><mi>x</mi></munder>")
    #expect(try Self.inner(#"\int_0^1"#) == "<msubsup><mo>∫</mo><mn>0</mn><mn>1</mn></msubsup>")
  }

  @Test("fractions, roots and accents have their arguments in braces") func arguments() throws {
    #expect(try Self.inner(#"\frac{a}{2}"#) == "<mfrac><mi>a</mi><mn>2</mn></mfrac>")
    #expect(
      try Self.inner(#"\sqrt{1 + x}"#) == "<msqrt><mrow><mn>1</mn><mo>+</mo><mi>x</mi></mrow></msqrt>")
    for (name, accent) in [("hat", "^"), ("bar", "¯"), ("tilde", "~"), ("dot", "˙")] {
      #expect(
        try Self.inner("\\\(name){x}")
          == "<mover accent=\"true\"><mi>x</mi><mo stretchy=\"false\">\(accent)</mo></mover>")
    }
    for source in [#"\frac{a}"#, #"\frac12"#, #"\sqrt x"#, #"\hat"#, #"\text"#, #"\operatorname x"#] {
      #expect(Formula(source) == nil, "\(source)")
    }
  }

  @Test("a minus is no hyphen, and knows whether it is a sign or a difference") func minus() throws {
    #expect(try Self.inner("a - b") == "<mi>a</mi><mo>−</mo><mi>b</mi>")
    let negative = "<mo form=\"prefix\">−</mo><mi>b</mi>"
    #expect(try Self.inner("-b") == negative && Self.inner("a = -b") == "<mi>a</mi><mo>=</mo>\(negative)")
    #expect(try !Self.inner("(a) - b").contains("prefix") && !Self.inner("|a| - b").contains("prefix"))
  }

  @Test("a function has a thin space around it, but none at brackets") func functions() throws {
    let space = "<mspace width=\"0.17em\"></mspace>"
    #expect(try Self.inner(#"d \log x"#) == "<mi>d</mi>\(space)<mi>log</mi>\(space)<mi>x</mi>")
    #expect(try Self.inner(#"\log_2 x"#) == "<msub><mi>log</mi><mn>2</mn></msub>\(space)<mi>x</mi>")
    for source in [#"\log(x)"#, #"(\log)"#, #"= \log ="#] {
      #expect(try !Self.inner(source).contains("mspace"), "\(source)")
    }
  }

  @Test("brackets and bars are as tall as letters") func brackets() throws {
    for (source, shown) in [("(", "("), ("]", "]"), (#"\{"#, "{"), ("|", "|"), (#"\|"#, "‖"), (#"\lfloor"#, "⌊")] {
      let text = try Self.inner(source)
      #expect(text.contains("stretchy=\"false\"") && text.hasSuffix(">\(shown)</mo>"), "\(source)")
    }
  }

  @Test("what a page could read as markup is escaped") func escaping() throws {
    #expect(try Self.inner("a < b > c") == "<mi>a</mi><mo>&lt;</mo><mi>b</mi><mo>&gt;</mo><mi>c</mi>")
    let words = #"\text{<script>"\&"</script>}"#
    #expect(try Self.inner(words) == #"<mtext>&lt;script&gt;&quot;\&amp;&quot;&lt;/script&gt;</mtext>"#)
    #expect(try Self.inner(#"\operatorname{<b>}"#) == "<mi>&lt;b&gt;</mi>")
  }

  @Test(
    "what is not a formula is nil",
    arguments: [
      "", " ", #"\unknown"#, #"\"#, #"\left( x"#, "{x", "x}", "x_1_2", "x^1^2", "x''", "x_", "^2", "'", "x & y", "$x$",
      "é",
      "a\nb", #"\mathbb{Q}"#, #"\("#, #"\text{x"#,
    ])
  func refused(_ source: String) { #expect(Formula(source) == nil) }

  @Test("braces end somewhere") func depth() {
    func nested(_ depth: Int) -> String {
      String(repeating: "{", count: depth) + "x" + String(repeating: "}", count: depth)
    }
    #expect(Formula(nested(8)) != nil && Formula(nested(100)) == nil && Formula(nested(100_000)) == nil)
    #expect(Formula(String(repeating: #"\sqrt{"#, count: 100) + "x" + String(repeating: "}", count: 100)) == nil)
    #expect(Formula(String(repeating: "x^", count: 100_000) + "x") == nil)
  }
}
