/// The mean of several curves, with their lowest and their highest value at each place.
package struct CurveMean: Sendable {
  package typealias Point = (x: Double, y: Double)

  package private(set) var line: [Point] = []
  package private(set) var band: [(x: Double, low: Double, high: Double)] = []

  /// Takes the mean at places of the first curve, between which the others are interpolated. A value that is not a number makes all
  /// three NaN at its place.
  ///
  /// - Parameters:
  ///   - curves: curves with ascending places.
  ///   - most: the most places.
  /// - Returns: nil for fewer than two curves, or if they have no two places in common.
  package init?(_ curves: [[Point]], most: Int = 200) {
    guard curves.count > 1, curves.allSatisfy({ !$0.isEmpty }), let from = curves.compactMap(\.first?.x).max(),
      let to = curves.compactMap(\.last?.x).min()
    else { return nil }
    let common = curves[0].map(\.x).filter { $0 >= from && $0 <= to }
    let step = max(1, (common.count + most - 1) / most)
    // The last place is where a reader looks.
    var places = stride(from: 0, to: common.count, by: step).map { common[$0] }
    if let last = common.last, places.last != last { places.append(last) }
    guard places.count > 1 else { return nil }
    var sums = [Double](repeating: 0, count: places.count)
    var lows = [Double](repeating: .infinity, count: places.count), highs = lows.map { -$0 }
    for curve in curves {
      for (index, value) in Self.values(curve, at: places).enumerated() {
        sums[index] += value
        (lows[index], highs[index]) = (min(lows[index], value), max(highs[index], value))
      }
    }
    for (index, x) in places.enumerated() {
      let isNumber = !sums[index].isNaN
      line.append((x, sums[index] / Double(curves.count)))
      band.append((x, isNumber ? lows[index] : .nan, isNumber ? highs[index] : .nan))
    }
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
