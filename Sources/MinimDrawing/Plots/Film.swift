/// The same points of the plane at several times, from 0 to 1 in equal steps.
public struct Film: Sendable {
  /// [times][points]
  public let frames: [[(x: Double, y: Double)]]

  /// Creates a film from the points at each time, in order.
  ///
  /// - Precondition: there are at least two times, and the same number of points at each.
  public init(_ frames: [[(x: Double, y: Double)]]) {
    precondition(frames.count > 1, "a film has at least two frames")
    precondition(frames.allSatisfy { $0.count == frames[0].count }, "a point of a film is missing at some time")
    self.frames = frames
  }

  /// Creates a film from an array [times, points, 2]; nil if that is not the shape, or if it is more than a page can show.
  package init?(values: [Float], shape: [Int]) {
    guard shape.count == 3, shape[2] == 2, (2...64).contains(shape[0]), (1...1000).contains(shape[1]),
      values.allSatisfy(\.isFinite)
    else { return nil }
    self.init(
      (0..<shape[0]).map { time in
        (0..<shape[1]).map { point in
          let first = (time * shape[1] + point) * 2
          return (Double(values[first]), Double(values[first + 1]))
        }
      })
  }

  /// The numbers as an array [times, points, 2].
  package var values: [Float] { frames.flatMap { $0.flatMap { [Float($0.x), Float($0.y)] } } }
  package var shape: [Int] { [frames.count, frames[0].count, 2] }

  /// The time of a frame.
  private func time(_ frame: Int) -> Double { (100 * Double(frame) / Double(frames.count - 1)).rounded() / 100 }

  // MARK: - Markup

  private static let side = 420.0, margin = 10.0, seconds = 6.0

  /// The film on a page: it plays by itself, and one of its times can be chosen, also with the arrow keys. On paper, and for those
  /// who ask for less motion, it stands at the end.
  ///
  /// - Parameter name: a name that no other film of the page has.
  package func markup(_ name: String) -> Markup {
    let id = "film-" + name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    let choices: Markup =
      (["play"] + frames.indices.map { "\(time($0))" }).enumerated().map { index, label -> Markup in
        let isFirst: Markup = index == 0 ? " checked" : .none
        return
          "<input type=\"radio\" name=\"\(id)\" id=\"\(id)-\(index)\"\(isFirst)><label for=\"\(id)-\(index)\">\(label)</label>"
      }.joined(separator: "\n")
    return """
      <figure class="film" id="\(id)">
      <figcaption>\(name): \(frames[0].count) points from t = 0 to t = 1, each in the color of the quadrant that it came from. Choose a \
      time, or let it play.</figcaption>
      <style>\(style(id))</style>
      \(choices)
      \(drawing(name))
      </figure>
      """
  }

  private func style(_ id: String) -> Markup {
    let count = frames.count, share = 100 / Double(count)
    let delays = frames.indices.map { frame in
      "#\(id) .frame-\(frame) { animation-delay: \(Self.short(Self.seconds * Double(frame) / Double(count)))s; }"
    }
    let chosen = frames.indices.map { "#\(id)-\($0 + 1):checked ~ svg .frame-\($0)" }.joined(separator: ", ")
    // Only numbers and the name's letters.
    return Markup(
      verbatim: """

        #\(id) .points { visibility: hidden; animation: \(id) \(Self.short(Self.seconds))s step-end infinite; }
        @keyframes \(id) { 0% { visibility: visible; } \(Self.short(share))% { visibility: hidden; } }
        \(delays.joined(separator: "\n"))
        #\(id) input:not(#\(id)-0):checked ~ svg .points { animation: none; }
        \(chosen) { visibility: visible !important; }
        @media print, (prefers-reduced-motion: reduce) {
          #\(id) .points { animation: none; }
          #\(id)-0:checked ~ svg .frame-\(count - 1) { visibility: visible; }
        }

        """)
  }

  private func drawing(_ name: String) -> Markup {
    let all = frames.flatMap { $0 }, (side, margin) = (Self.side, Self.margin)
    let (low, high) = (all.map { min($0.x, $0.y) }.min() ?? -1, all.map { max($0.x, $0.y) }.max() ?? 1)
    let scale = (side - 2 * margin) / max(high - low, .leastNormalMagnitude)
    func place(_ point: (x: Double, y: Double)) -> String {
      "M\(Self.short(margin + (point.x - low) * scale)) \(Self.short(side - margin - (point.y - low) * scale))h0"
    }
    let quadrants = frames[0].map { ($0.x < 0 ? 1 : 0) + ($0.y < 0 ? 2 : 0) }
    let groups = frames.enumerated().map { index, points -> Markup in
      let paths = (0..<4).map { quadrant -> Markup in
        let own = points.indices.filter { quadrants[$0] == quadrant }.map { place(points[$0]) }.joined()
        return "<path d=\"\(Markup(verbatim: own))\" stroke=\"\(Drawing.hexadecimal(Plot.colors[quadrant]))\"/>"
      }
      return "<g class=\"points frame-\(index)\">\(paths.joined())</g>"
    }
    return """
      <svg viewBox="0 0 \(Int(side)) \(Int(side))" role="img" aria-label="\(name)" fill="none" stroke-width="4" stroke-linecap="round">
      <rect class="frame" x="1" y="1" width="\(Int(side) - 2)" height="\(Int(side) - 2)"/>
      \(groups.joined(separator: "\n"))
      </svg>
      """
  }

  private static func short(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
