import Foundation
import MinimAutodiff
import MinimKernels

/// Points on a grid around the origin, each with the same weight: the trapezoidal rule, which for a density that is smooth
/// and vanishes at the border errs by far less than 1e-10.
struct Grid {
  /// [points][dimensions]
  let points: [[Double]]
  /// The volume that a point stands for.
  let weight: Double

  init(dimensions: Int, radius: Double = 12, perAxis: Int) {
    let step = 2 * radius / Double(perAxis)
    let axis = (0..<perAxis).map { -radius + (Double($0) + 0.5) * step }
    points = (0..<dimensions).reduce([[]]) { points, _ in points.flatMap { point in axis.map { point + [$0] } } }
    weight = pow(step, Double(dimensions))
  }

  /// [points, dimensions]
  var tensor: Tensor { .constant(points.flatMap { $0 }, shape: [points.count, points[0].count]) }

  /// The integral of a function given by its values at the points.
  func integral(_ values: [Double]) -> Double { values.reduce(0, +) * weight }
}

/// The values of a tensor, in Double.
func valuesOf(_ tensor: Tensor, _ inputs: [String: [Double]] = [:]) throws -> [Double] {
  try evaluate([tensor], inputs: inputs, kernels: KernelTable(level: .preferred, precision: .float64))[0]
}

extension Tensor {
  /// The same row for each of n examples: [n, row].
  static func row(_ values: [Double], times n: Int) -> Tensor {
    .constant([[Double]](repeating: values, count: n).flatMap { $0 }, shape: [n, values.count])
  }
}
