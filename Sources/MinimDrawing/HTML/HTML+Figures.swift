import MinimFiles

extension HTML {
  /// A picture of images or points embedded in the page.
  package static func image(png: [UInt8], _ words: String) -> Markup {
    figure("<img class=\"sheet\" src=\"data:image/png;base64,\(base64(png))\" alt=\"\(words)\">", words)
  }

  /// A figure of plots embedded in the page. On a narrow screen it keeps most of its size and can be moved, so that its words
  /// can be read.
  ///
  /// - Parameters:
  ///   - file: a PNG or an SVG.
  ///   - width: the width at which its words have their size.
  package static func plots(_ file: [UInt8], isSVG: Bool, width: Int, _ words: String) -> Markup {
    let kind: Markup = isSVG ? "svg+xml" : "png"
    return figure(
      "<div class=\"wide\"><img src=\"data:image/\(kind);base64,\(base64(file))\" alt=\"\(words)\" style=\"width: \(width)px; max-width: max(100%, \(width * 2 / 3)px)\"></div>",
      words)
  }

  /// Pictures of which one is shown: the last, or another that a slider chooses.
  ///
  /// - Parameter frames: PNG files with their words, in order of time.
  package static func slides(_ frames: [(png: [UInt8], words: String)], _ name: String) -> Markup {
    guard let last = frames.last, frames.count > 1 else {
      return frames.first.map { image(png: $0.png, $0.words) } ?? .none
    }
    let images = frames.enumerated().map { index, frame -> Markup in
      let isHidden: Markup = index < frames.count - 1 ? " hidden" : .none
      return
        "<img class=\"sheet\" src=\"data:image/png;base64,\(base64(frame.png))\" alt=\"\(frame.words)\"\(isHidden)>"
    }
    let count = frames.count - 1
    // Without its script there is nothing to slide.
    return """
      <figure class="slides">
      \(images.joined(separator: "\n"))
      <input type="range" min="0" max="\(count)" value="\(count)" aria-label="\(name)" hidden>
      <figcaption>\(last.words)</figcaption>
      </figure>
      """
  }

  private static func figure(_ content: Markup, _ words: String) -> Markup {
    "<figure>\(content)<figcaption>\(words)</figcaption></figure>"
  }

  /// The width that an SVG file names; nil if it names none.
  package static func width(ofSVG file: [UInt8]) -> Int? {
    let head = String(decoding: file.prefix(300), as: UTF8.self)
    guard head.hasPrefix("<svg"), let name = head.firstRange(of: " width=\"") else { return nil }
    return Double(head[name.upperBound...].prefix { $0 != "\"" }).flatMap { (1...1e5).contains($0) ? Int($0) : nil }
  }

  /// Plots next to each other, as many as fit the window.
  package static func charts(_ plots: [Plot]) -> Markup { charts(plots.map { ($0.drawing, $0.title) }) }

  /// Figures with their titles next to each other, as many as fit the window.
  package static func charts(_ figures: [(drawing: Drawing, title: String)]) -> Markup {
    let drawn = figures.map { $0.drawing.svg(title: $0.title) }
    return drawn.isEmpty ? .none : "<div class=\"charts\">\n\(drawn.joined(separator: "\n"))\n</div>\n"
  }
}
