import MinimKernels

/// An affine map for each value of an example, from the unit of a net to that of the data: x = offset + scale y. Models
/// apply it themselves, so that everything that they return is in the unit of the data.
public struct Scaling: Equatable, Sendable {
  /// x at y = 0, one for each value of an example.
  public let offset: [Double]
  /// dx/dy, positive, one for each value of an example.
  public let scale: [Double]

  /// Creates a map from its parts.
  ///
  /// - Precondition: there are as many offsets as scales, and scales are positive.
  public init(offset: [Double], scale: [Double]) {
    precondition(
      offset.count == scale.count && scale.allSatisfy { $0 > 0 }, "a scale is not positive, or one is missing")
    self.offset = offset
    self.scale = scale
  }

  /// Creates the map from 0 and 1 to the ends of a range, the same for all of `count` values.
  public init(_ range: ClosedRange<Float>, count: Int) {
    let least = Double(range.lowerBound)
    self.init(
      offset: [Double](repeating: least, count: count),
      scale: [Double](repeating: Double(range.upperBound) - least, count: count))
  }

  /// Creates the map that standardizes data: the offset is the mean of each value, and the scale its standard deviation,
  /// with the number of rows as the divisor. Nil if a value is the same in all rows.
  public init?(standardizing data: Dataset) {
    let width = data.exampleCount
    let columns = (0..<width).map { column in (0..<data.count).map { Double(data.values[$0 * width + column]) } }
    let moments = columns.map { values in
      let mean = values.reduce(0, +) / Double(max(1, values.count))
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count))
      return (mean: mean, deviation: variance.squareRoot())
    }
    guard moments.allSatisfy({ $0.deviation > 0 }) else { return nil }
    self.init(offset: moments.map(\.mean), scale: moments.map(\.deviation))
  }

  /// log |det dx/dy|: the nats by which log p(x) is less than log p(y).
  public var logDeterminant: Double { scale.reduce(0) { $0 + Elementary.log($1) } }

  /// y of the values of whole examples, row-major.
  public func normalized(_ x: [Double]) -> [Double] {
    x.indices.map { (x[$0] - offset[$0 % offset.count]) / scale[$0 % scale.count] }
  }
}
