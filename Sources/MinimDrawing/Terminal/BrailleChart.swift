import MinimFiles

/// A plot as text: each character shows two by four dots. It has the axes and the ticks that the plot has as a picture.
package struct BrailleChart {
  /// What is drawn of a series.
  private struct Curve {
    let name: String?
    let points: [(x: Double, y: Double)]
    let isJoined: Bool
  }

  private let curves: [Curve]
  private let width: Int, height: Int
  private let x: PlotAxis, y: PlotAxis
  private let names: (x: String, y: String)
  private let labels: [String]

  /// - Parameters:
  ///   - plot: the plot. Only its lines and its points can be shown.
  ///   - width: the total width in characters, at least 30.
  ///   - height: the height of the curves in lines.
  package init(_ plot: Plot, width: Int, height: Int = 12) {
    curves = plot.series.flatMap { series -> [Curve] in
      let name = series.name?.visible
      switch series.layer {
      case .line(let points): return [Curve(name: name, points: points, isJoined: true)]
      case .lines(let lines):
        return lines.enumerated().map { Curve(name: $0 == 0 ? name : nil, points: $1, isJoined: true) }
      case .points(let points): return [Curve(name: name, points: points, isJoined: false)]
      case .dots(let dots): return [Curve(name: name, points: dots.map { ($0.x, $0.y) }, isJoined: false)]
      case .band, .field, .mark, .level, .diagonal: return []
      }
    }
    self.height = max(2, height)
    let axes = plot.axes
    y = axes.y.withTicks(atMost: max(2, (self.height + 1) / 2))
    labels = y.labels.map(\.visible)
    let margin = (labels.map(\.count).max() ?? 0) + 2
    // The ticks first: they decide whether the name tells a power of ten that the numbers leave out.
    x = axes.x.withTicks(atMost: max(2, (max(30, width) - margin) / 14))
    names = (x.title(plot.xLabel).visible, y.title(plot.yLabel).visible)
    // The name of the x axis stands after its numbers, or below them.
    let after = Self.isShort(names.x) ? names.x.count + 2 : 0
    self.width = max(8, max(30, width) - margin - after)
  }

  private static func isShort(_ name: String) -> Bool { !name.isEmpty && name.count <= 12 }

  /// The lines of the chart: the name of the y axis, curves with its ticks at the left, the ticks of the x axis with its name below,
  /// and a legend if there are several curves.
  package func lines(colors: Terminal.Colors) -> [String] {
    let margin = (labels.map(\.count).max() ?? 0) + 2
    var marks = [String?](repeating: nil, count: height)
    for (tick, label) in zip(y.ticks, labels) {
      let row = Int(((1 - y.share(tick)) * Double(height - 1)).rounded())
      if marks[row] == nil { marks[row] = label }
    }
    let cells = drawn()
    var lines = names.y.isEmpty ? [] : [names.y]
    lines += (0..<height).map { line in
      let mark = marks[line].map { $0 + " ┤" } ?? " │"
      return Self.padded(mark, margin) + cells[line].map { text($0, colors) }.joined()
    }
    let indent = String(repeating: " ", count: margin)
    lines.append(indent + scale + (Self.isShort(names.x) ? "  " + names.x : ""))
    if !Self.isShort(names.x), !names.x.isEmpty { lines.append(indent + names.x) }
    let named = curves.enumerated().filter { $0.element.name != nil }
    if curves.count > 1 {
      for (index, curve) in named {
        let mark = colors == .none ? "\(Self.letter(index))" : text((0x28FF, index), colors)
        lines.append(indent + "\(mark) \(curve.name ?? "")")
      }
    }
    return lines
  }

  /// The numbers below the curves, each below its place.
  private var scale: String {
    var line = [Character](repeating: " ", count: width)
    var end = -1
    for (tick, label) in zip(x.ticks, x.labels.map(\.visible)) {
      let middle = Int((x.share(tick) * Double(width - 1)).rounded())
      let start = min(max(0, middle - label.count / 2), max(0, width - label.count))
      guard start > end, start + label.count <= width else { continue }
      line.replaceSubrange(start..<start + label.count, with: label)
      end = start + label.count
    }
    return String(line)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// The dots of a character, and the last series that set one. Without colors, if there are several curves, the
  /// letters of the legend mark them.
  private typealias Cell = (scalar: UInt32, series: Int)

  private func drawn() -> [[Cell]] {
    var cells = [[Cell]](repeating: [Cell](repeating: (0x2800, -1), count: width), count: height)
    for (index, curve) in curves.enumerated() {
      let dots = curve.points.map { place($0) }
      for (a, b) in zip(dots, dots.dropFirst() + dots.suffix(1)) {
        guard let a else { continue }
        let b = curve.isJoined ? b ?? a : a
        let steps = max(abs(b.column - a.column), abs(b.row - a.row), 1)
        for step in 0...steps {
          let share = Double(step) / Double(steps)
          let column = a.column + Int((Double(b.column - a.column) * share).rounded())
          let row = a.row + Int((Double(b.row - a.row) * share).rounded())
          cells[row / 4][column / 2].scalar |= Self.bit(column % 2, row % 4)
          cells[row / 4][column / 2].series = index
        }
      }
    }
    return cells
  }

  /// The place of a point; nil for one that has none in the frame.
  private func place(_ point: (x: Double, y: Double)) -> (column: Int, row: Int)? {
    guard point.x.isFinite, point.y.isFinite, x.range.contains(point.x), y.range.contains(point.y) else { return nil }
    return (
      Int((x.share(point.x) * Double(2 * width - 1)).rounded()),
      Int(((1 - y.share(point.y)) * Double(4 * height - 1)).rounded())
    )
  }

  /// The bit of a dot in its character (Unicode 15, section 21.1).
  private static func bit(_ column: Int, _ row: Int) -> UInt32 {
    row == 3 ? (column == 0 ? 0x40 : 0x80) : (1 << UInt32(row)) << (column == 0 ? 0 : 3)
  }

  private static func letter(_ index: Int) -> Character {
    Character(UnicodeScalar(UInt8(ascii: "a") + UInt8(index % 26)))
  }

  private func text(_ cell: Cell, _ colors: Terminal.Colors) -> String {
    guard cell.series >= 0, let scalar = UnicodeScalar(cell.scalar) else { return " " }
    let dots = String(Character(scalar))
    guard curves.count > 1 else { return dots }
    if colors == .none { return String(Self.letter(cell.series)) }
    // The palette's six hues among the 256 colors.
    let hues = [32, 166, 36, 175, 178, 246]
    return "\u{1B}[38;5;\(hues[cell.series % hues.count])m\(dots)\u{1B}[0m"
  }
}
