// Plots of points in the plane.

extension Plot {
  /// A part of the plane: a range of the first value and one of the second.
  public typealias Window = (x: ClosedRange<Double>, y: ClosedRange<Double>)

  /// A plot of a window of the plane, with as many pixels per unit along both axes.
  package static func plane(
    _ title: String, labels: (x: String, y: String) = ("x1", "x2"), _ window: Window, _ series: [Series]
  ) -> Plot {
    Plot(
      title, xLabel: labels.x, yLabel: labels.y, isSquare: true, xRange: window.x, yRange: window.y, series)
  }

  /// The window with its shorter side extended at both ends to the length of the other: what a square frame shows.
  package static func squared(_ window: Window) -> Window {
    func widened(_ side: ClosedRange<Double>, to length: Double) -> ClosedRange<Double> {
      let missing = max(0, length - (side.upperBound - side.lowerBound)) / 2
      return side.lowerBound - missing...side.upperBound + missing
    }
    let length = max(window.x.upperBound - window.x.lowerBound, window.y.upperBound - window.y.lowerBound)
    return (widened(window.x, to: length), widened(window.y, to: length))
  }

  /// The first `count` rows of two values as points: more than a few thousand hide each other.
  package static func points(_ rows: [Double], atMost count: Int = 4000) -> [(x: Double, y: Double)] {
    (0..<min(count, rows.count / 2)).map { (rows[2 * $0], rows[2 * $0 + 1]) }
  }

  /// A window centered on rows of two values, ignoring those that are not numbers.
  ///
  /// - Parameter trimming: the share of values that may lie beyond each end: a few far ones would squeeze the rest.
  package static func window(of rows: [Double], trimming: Double = 0) -> Window {
    func side(_ first: Int) -> ClosedRange<Double> {
      range(of: stride(from: first, to: rows.count, by: 2).map { rows[$0] }, trimming: trimming)
    }
    return (side(0), side(1))
  }

  /// The range of values, with a twentieth of their spread added at both ends; -1...1 around a single value, or around
  /// 0 if there is none.
  package static func range(of values: [Double], trimming: Double = 0) -> ClosedRange<Double> {
    let finite = values.filter(\.isFinite).sorted()
    let left = min(Int(trimming * Double(finite.count)), max(0, finite.count - 1) / 2)
    guard let least = finite.dropFirst(left).first, let most = finite.dropLast(left).last, least < most else {
      let middle = finite.first ?? 0
      let half = max(1, abs(middle) * 0x1p-20)
      return middle - half...middle + half
    }
    let room = 0.05 * (most - least)
    return max(least - room, -.greatestFiniteMagnitude)...min(most + room, .greatestFiniteMagnitude)
  }
}
