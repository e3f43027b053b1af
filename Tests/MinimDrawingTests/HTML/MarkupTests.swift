import MinimDrawing
import Testing

@Suite struct MarkupTests {
  @Test("strings are escaped wherever they are interpolated") func strings() {
    let name = #"<a href="x">&'é"#
    let markup: Markup = "<p title=\"\(name)\">\(name)</p>"
    let escaped = "&lt;a href=&quot;x&quot;&gt;&amp;'é"
    #expect(markup.text == "<p title=\"\(escaped)\">\(escaped)</p>")
  }

  @Test("markup and numbers are not escaped, nor is anything escaped twice") func pieces() {
    let inner: Markup = "<b>\("&")</b>"
    let outer: Markup = "<p>\(inner) \(3) \(0.5)</p>"
    #expect(outer.text == "<p><b>&amp;</b> 3 0.5</p>")
    #expect([inner, inner].joined(separator: "\n").text == "<b>&amp;</b>\n<b>&amp;</b>")
    #expect((inner + .none) == inner && Markup.none.isEmpty)
  }

  @Test("every text that a page is given is escaped") func page() {
    let evil = "</title><script>alert(1)</script>"
    let page = HTML.page(
      evil, refreshes: false,
      HTML.section(evil, HTML.table(evil, [evil], [[evil, evil]])) + HTML.details(evil, "<p></p>")
        + HTML.image(png: [], evil) + HTML.plots([], isSVG: true, width: 9, evil)
        + HTML.slides([([], evil), ([], evil)], evil)
        + HTML.charts([Plot(evil, xLabel: evil, yLabel: evil, [.init(.diagonal)])]))
    // The page's own, and no other.
    #expect(page.components(separatedBy: "<script>").count - 1 == 1)
    #expect(page.contains("&lt;script&gt;"))
  }
}
