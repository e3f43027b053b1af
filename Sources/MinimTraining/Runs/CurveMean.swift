import MinimNN

/// The mean of several curves, with the room between the lowest and the highest of them at each place.
package struct CurveMean: Sendable {
  package typealias Point = (x: Double, y: Double)

  package let line: [Point]
  package let band: [(x: Double, low: Double, high: Double)]

  /// Takes the mean at places of the first curve, between which the others are interpolated.
  ///
  /// - Parameters:
  ///   - curves: curves with ascending places.
  ///   - most: the most places.
  /// - Returns: nil for fewer than two curves, or if they have no two places in common.
  package init?(_ curves: [[Point]], most: Int = 200) {
    guard curves.count > 1, let from = curves.compactMap(\.first?.x).max(),
      let to = curves.compactMap(\.last?.x).min()
    else { return nil }
    let common = curves[0].map(\.x).filter { $0 >= from && $0 <= to }
    let step = max(1, (common.count + most - 1) / most)
    // The last place is where a reader looks.
    var places = stride(from: 0, to: common.count, by: step).map { common[$0] }
    if let last = common.last, places.last != last { places.append(last) }
    guard places.count > 1 else { return nil }
    let rows = curves.map { Self.values($0, at: places) }
    var (line, band): ([Point], [(x: Double, low: Double, high: Double)]) = ([], [])
    for (index, x) in places.enumerated() {
      let values = rows.map { $0[index] }
      line.append((x, Statistics.mean(values).mean))
      // A value that is no number leaves none of the three.
      let isWhole = values.allSatisfy { !$0.isNaN }
      band.append((x, isWhole ? values.min() ?? .nan : .nan, isWhole ? values.max() ?? .nan : .nan))
    }
    (self.line, self.band) = (line, band)
  }

  /// A curve at ascending places that it covers.
  private static func values(_ curve: [Point], at places: [Double]) -> [Double] {
    var index = 0
    return places.map { x in
      while index + 1 < curve.count, curve[index + 1].x <= x { index += 1 }
      let start = curve[index]
      guard start.x < x, index + 1 < curve.count else { return start.y }
      let end = curve[index + 1]
      return start.y + (end.y - start.y) * (x - start.x) / (end.x - start.x)
    }
  }
}
