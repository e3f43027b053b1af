/// Lines of the plane on which one of the two values is constant, as points for a flow to map.
package struct GridLines: Sendable {
  /// The values that are constant.
  package let levels: [Double]
  /// Points of each line.
  package let pointsPerLine: Int

  /// Creates lines at the multiples of `step` from `-reach` to `reach`, each of that length.
  package init(reach: Double = 3, step: Double = 0.5, pointsPerLine: Int = 361) {
    precondition(step > 0 && reach >= 0 && pointsPerLine > 1, "a grid of step \(step) has no lines")
    let count = Int((reach / step + 1e-9).rounded(.down))
    levels = (-count...count).map { Double($0) * step }
    self.pointsPerLine = pointsPerLine
  }

  /// All points, [2 * levels * pointsPerLine, 2] row-major: the lines on which the first value is constant, then the others.
  package var points: [Double] {
    let reach = levels.last ?? 0
    let along = (0..<pointsPerLine).map { reach * (2 * Double($0) / Double(pointsPerLine - 1) - 1) }
    return levels.flatMap { level in along.flatMap { [level, $0] } }
      + levels.flatMap { level in along.flatMap { [$0, level] } }
  }

  /// The images of `points`, in the same order, split into lines.
  package func lines(_ mapped: [Double]) -> (first: [[(x: Double, y: Double)]], second: [[(x: Double, y: Double)]]) {
    precondition(mapped.count == 4 * levels.count * pointsPerLine, "the images are not those of the points")
    func line(_ index: Int) -> [(x: Double, y: Double)] {
      (index * pointsPerLine..<(index + 1) * pointsPerLine).map { (mapped[2 * $0], mapped[2 * $0 + 1]) }
    }
    return (levels.indices.map(line), levels.indices.map { line(levels.count + $0) })
  }
}
