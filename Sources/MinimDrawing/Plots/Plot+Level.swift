extension Plot.Field {
  /// The line on which the values, interpolated between the centers of their rectangles, are `level`: a short piece for each square of
  /// four neighbors that it crosses (Lorensen and Cline 1987, "Marching Cubes", in two dimensions). Squares with a value that is not
  /// finite have none.
  package func line(at level: Double) -> [[(x: Double, y: Double)]] {
    guard columns > 1, rows > 1 else { return [] }
    return (0..<rows - 1).flatMap { row in
      (0..<columns - 1).flatMap { column in pieces(row: row, column: column, at: level) }
    }
  }

  /// The pieces in the square of a value, its right neighbor, and the two above them.
  private func pieces(row: Int, column: Int, at level: Double) -> [[(x: Double, y: Double)]] {
    // Counterclockwise from the value itself.
    let corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)].map { row, column in
      (x: center(column, of: columns, x), y: center(row, of: rows, y), above: values[row * columns + column] - level)
    }
    guard corners.allSatisfy(\.above.isFinite) else { return [] }
    let crossings = corners.indices.compactMap { index -> (x: Double, y: Double)? in
      let (a, b) = (corners[index], corners[(index + 1) % 4])
      guard (a.above > 0) != (b.above > 0) else { return nil }
      let share = a.above / (a.above - b.above)
      return (x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y))
    }
    switch crossings.count {
    case 2: return [crossings]
    case 4:
      // A saddle: the line goes around the corners that are on the other side than the middle.
      let isMiddleAbove = corners.reduce(0) { $0 + $1.above } > 0
      return isMiddleAbove == (corners[0].above > 0)
        ? [[crossings[0], crossings[1]], [crossings[2], crossings[3]]]
        : [[crossings[3], crossings[0]], [crossings[1], crossings[2]]]
    default: return []
    }
  }

  private func center(_ index: Int, of count: Int, _ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (Double(index) + 0.5) / Double(count) * (range.upperBound - range.lowerBound)
  }
}
