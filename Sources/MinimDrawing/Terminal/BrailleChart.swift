import MinimFiles

/// Curves or points as text: each character shows two by four dots.
package struct BrailleChart {
  /// A curve with its name in the legend.
  package struct Series {
    package let name: String
    package let points: [(x: Double, y: Double)]

    package init(_ name: String, _ points: [(x: Double, y: Double)]) {
      self.name = name.visible
      self.points = points
    }
  }

  private let series: [Series]
  private let isJoined: Bool
  private let width: Int, height: Int
  private let x: ClosedRange<Double>, y: ClosedRange<Double>

  /// - Parameters:
  ///   - width: the total width in characters, at least 30.
  ///   - height: the height of the curves in lines.
  ///   - isJoined: whether lines join the points of a series.
  package init(_ series: [Series], width: Int, height: Int = 12, isJoined: Bool = true) {
    self.series = series
    self.isJoined = isJoined
    self.height = max(2, height)
    let points = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
    func range(_ values: [Double]) -> ClosedRange<Double> {
      guard let least = values.min(), let most = values.max() else { return 0...1 }
      return least < most ? least...most : least - 0.5...least + 0.5
    }
    (x, y) = (range(points.map(\.x)), range(points.map(\.y)))
    self.width = max(30, width) - Self.margin
  }

  /// The room for values at the left.
  private static let margin = 11

  /// The lines of the chart: curves with the range of values at the left, steps below, and a legend if there are
  /// several.
  package func lines(colors: Terminal.Colors) -> [String] {
    let labels = (0..<height).map { line -> String in
      let isNamed = line == 0 || line == height - 1 || line == height / 2
      let value = y.upperBound - (y.upperBound - y.lowerBound) * Double(line) / Double(height - 1)
      let text = isNamed ? Readable.significant(value) : ""
      return String(repeating: " ", count: max(0, Self.margin - 2 - text.count)) + text + (isNamed ? " ┤" : " │")
    }
    let cells = drawn()
    var lines = (0..<height).map { line in
      labels[line] + cells[line].map { text($0, colors) }.joined()
    }
    let (first, last) = (Readable.significant(x.lowerBound), Readable.significant(x.upperBound))
    let gap = String(repeating: " ", count: max(1, width - first.count - last.count))
    lines.append(String(repeating: " ", count: Self.margin) + first + gap + last)
    if series.count > 1 {
      for (index, one) in series.enumerated() {
        let mark = colors == .none ? "\(Self.letter(index))" : text((0x28FF, index), colors)
        lines.append(String(repeating: " ", count: Self.margin) + "\(mark) \(one.name)")
      }
    }
    return lines
  }

  /// The dots of a character, and the last series that set one. Without colors, if there are several curves, the
  /// letters of the legend mark them.
  private typealias Cell = (scalar: UInt32, series: Int)

  private func drawn() -> [[Cell]] {
    var cells = [[Cell]](repeating: [Cell](repeating: (0x2800, -1), count: width), count: height)
    for (index, one) in series.enumerated() {
      let dots = one.points.map { place($0) }
      for (a, b) in zip(dots, dots.dropFirst() + dots.suffix(1)) {
        guard let a else { continue }
        let b = isJoined ? b ?? a : a
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

  private func place(_ point: (x: Double, y: Double)) -> (column: Int, row: Int)? {
    guard point.x.isFinite, point.y.isFinite else { return nil }
    let across = (point.x - x.lowerBound) / (x.upperBound - x.lowerBound)
    let down = (y.upperBound - point.y) / (y.upperBound - y.lowerBound)
    return (
      min(2 * width - 1, Int(across * Double(2 * width - 1) + 0.5)),
      min(4 * height - 1, Int(down * Double(4 * height - 1) + 0.5))
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
    guard series.count > 1 else { return dots }
    if colors == .none { return String(Self.letter(cell.series)) }
    // The palette's six hues among the 256 colors.
    let hues = [32, 166, 36, 175, 178, 246]
    return "\u{1B}[38;5;\(hues[cell.series % hues.count])m\(dots)\u{1B}[0m"
  }
}
