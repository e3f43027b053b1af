import Foundation
import MinimDrawing
import MinimKernels
import Testing

/// Pages: what they let a browser do.
@Suite struct HTMLTests {
  @Test("a page runs its own script and no other, and asks nobody for anything") func policy() throws {
    let page = HTML.page("title", refreshes: false, "<p>text</p>")
    let script = try #require(page.firstMatch(of: #/<script>([^<]*)<\/script>/#)).1
    var hash = SHA256()
    hash.update(script.utf8)
    #expect(HTML.base64(hash.digest) == HTML.scriptHash)
    #expect(
      page.contains(
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-\(HTML.scriptHash)'"))
    // The policy comes before all that it is about.
    let (rule, style) = (page.range(of: "Content-Security-Policy"), page.range(of: "<style>"))
    #expect(try #require(rule).lowerBound < #require(style).lowerBound)
  }

  @Test("the slides show the last, with a slider from the first; one picture needs none") func slides() {
    let frames: [(png: [UInt8], words: String)] = [([1], "one"), ([2], "two"), ([3], "three")]
    let text = HTML.slides(frames, "name").text
    #expect(text.components(separatedBy: "hidden>").count - 1 == 3 && text.contains("max=\"2\" value=\"2\""))
    #expect(text.contains("alt=\"three\">") && text.contains("<figcaption>three</figcaption>"))
    #expect(!HTML.slides([frames[0]], "name").text.contains("<input") && HTML.slides([], "name").isEmpty)
  }

  @Test(
    "the width of an SVG is read from its head",
    arguments: [
      ("<svg viewBox=\"0 0 3 4\" width=\"416\" height=\"4\">", 416), ("<svg width=\"99.5\"/>", 99), ("<svg/>", nil),
      ("<svg width=\"-3\">", nil), ("<svg width=\"nan\">", nil), ("", nil), ("<svg width=\"1e99\">", nil),
    ] as [(String, Int?)])
  func width(_ text: String, _ width: Int?) { #expect(HTML.width(ofSVG: Array(text.utf8)) == width) }

  @Test("tables that can be sorted say so") func tables() {
    #expect(HTML.table("c", ["a"], [["1"]], isSorted: true).text.contains("<table class=\"sorted\">"))
    #expect(HTML.table("c", ["a"], [["1"]]).text.contains("<table>"))
  }
}
