import Foundation
import MinimDrawing
import MinimFiles
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A drawing as SVG: the same parts at the same places.
@Suite struct DrawingSVGTests {
  private static func drawing() -> Drawing {
    var drawing = Drawing(width: 100, height: 50)
    drawing.parts = [
      .stroke(
        Shape([.init([.init(x: 1, y: 2), .init(x: 30.26, y: 4)])]), .init(.color(.red), width: 1.8, dashes: [6, 2.5])),
      .fill(Shape([.init([.init(x: 1, y: 2), .init(x: 3, y: 2), .init(x: 3, y: 9)], isClosed: true)]), .color(.black)),
      .dots([.init(x: 7, y: 8), .init(x: 9.5, y: 1)], .disk, radius: 1.5, .color(.black)),
      .dots([.init(x: 40, y: 30), .init(x: 9.5, y: 1)], .square, radius: 2, .color(.black)),
      .stroke(Shape([.init([.init(x: 0, y: 0), .init(x: 1, y: 0)])]), .init(.grid, width: 1)),
      .words(.init("a < b & \"c\"", x: 4, y: 5, size: 11)),
      .words(.init("up", x: 4, y: 25, size: 11, anchor: .middle, isUpright: true)),
      .image(Image(width: 1, height: 1, rgb: true), Box(left: 10, top: 20, right: 30, bottom: 25)),
    ]
    return drawing
  }

  private static func isWellFormed(_ text: String) -> Bool { XMLParser(data: Data(text.utf8)).parse() }

  @Test("every part is there, escaped, in numbers of a tenth of a pixel") func parts() {
    let svg = Self.drawing().svg(title: "t <b>", isAlone: true).text
    #expect(Self.isWellFormed(svg) && svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 50\""))
    for piece in [
      "aria-label=\"t &lt;b&gt;\"", "<title>t &lt;b&gt;</title>", "d=\"M1 2L30.3 4\"", "stroke-dasharray=\"6 2.5\"",
      "stroke=\"#d62728\" stroke-width=\"1.8\"", "d=\"M1 2L3 2L3 9Z\" fill=\"#000000\"", "M7 8h0M9.5 1h0",
      "d=\"M40 30m-1.8 -1.8l3.6 0l0 3.6l-3.6 0zM9.5 1m-1.8 -1.8l3.6 0l0 3.6l-3.6 0z\" fill=\"#000000\"",
      "stroke-width=\"3\" stroke-linecap=\"round\"", "class=\"grid\"", ">a &lt; b &amp; &quot;c&quot;</text>",
      "text-anchor=\"middle\" transform=\"rotate(-90 4 25)\"", "width=\"20\" height=\"5\"", "data:image/png;base64,",
    ] { #expect(svg.contains(piece), "\(piece)") }
    #expect(!svg.contains("<b>"))
  }

  @Test("a part of a page takes its colors from the page") func page() {
    let svg = Self.drawing().svg(title: "t").text
    #expect(Self.isWellFormed(svg) && !svg.contains("<style>") && !svg.contains("xmlns"))
    #expect(Self.drawing().svg(title: "t", isAlone: true).text.contains("<style>"))
  }
}
