import Foundation
import MinimDrawing
import MinimFiles

/// The words of a figure, read back from its file.
struct SVGFile {
  let name: String
  let drawing: Drawing

  /// All figures of a folder.
  static func all(in folder: String) throws -> [SVGFile] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted().filter { $0.hasSuffix(".svg") }.map {
      try SVGFile($0, String(contentsOfFile: folder + "/" + $0, encoding: .utf8))
    }
  }

  struct NoFigure: Error {}

  init(_ name: String, _ text: String) throws {
    let size = #/^<svg [^>]*viewBox="0 0 ([\d.]+) ([\d.]+)"/#
    guard let found = text.firstMatch(of: size), let width = Double(found.1), let height = Double(found.2) else {
      throw NoFigure()
    }
    self.name = name
    var drawing = Drawing(width: width, height: height)
    let words =
      #/<text x="([-\d.]+)" y="([-\d.]+)" [^>]*font-size="([\d.]+)"( text-anchor="(\w+)")?( transform="rotate\([^"]*")?[^>]*>([^<]*)<\/text>/#
    for match in text.matches(of: words) {
      guard let x = Double(match.1), let y = Double(match.2), let size = Double(match.3) else { throw NoFigure() }
      let anchor: Drawing.Words.Anchor = match.5 == "middle" ? .middle : match.5 == "end" ? .end : .start
      let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")].reduce(String(match.7)) {
        $0.replacing($1.0, with: $1.1)
      }
      drawing.parts.append(
        .words(.init(plain, x: x, y: y, size: size, anchor: anchor, isUpright: match.6 != nil)))
    }
    self.drawing = drawing
  }
}
