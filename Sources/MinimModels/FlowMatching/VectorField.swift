import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// The learned field: the closed field of the normal with the data's mean and covariance, plus a net that starts as zero. So
/// the flow begins as the moment-matched normal, and the net learns what is not normal.
package struct VectorField: Sendable {
  let path: ProbabilityPath
  /// The closed field of the normal.
  package let normal: MarginalField
  private let net: FieldNet
  /// The root of the mean variance of the data: the unit of the net's output.
  private let scale: Double

  /// Creates the field of data with the given moments.
  init(_ configuration: FlowMatchingConfiguration, _ moments: FieldMoments, _ scope: ParameterScope) {
    path = configuration.path
    normal = MarginalField(path, means: [moments.mean], covariances: [moments.covariance], weights: [1])
    net = FieldNet(
      scope.scope("net"), dimensions: moments.mean.count, hidden: configuration.hidden,
      frequencies: configuration.frequencies)
    scale = (moments.covariance.trace / Double(moments.mean.count)).squareRoot()
  }

  /// v(x, t) at points [n, d] and times [n, 1]: [n, d].
  package func velocity(_ x: Tensor, _ t: Tensor) -> Tensor {
    normal.velocity(x, t) + net(normal.whitened(x, t), t) * scale
  }
}

/// The mean and the covariance that the normal part of a field has.
struct FieldMoments: Sendable {
  let mean: [Double]
  let covariance: Matrix

  /// The moments of data in the unit of the net: those of a known density, or else of the rows. Beyond `most` values the
  /// covariance is its diagonal.
  ///
  /// A direction without variance gets a millionth of the largest variance: the field would be infinite there at t = 1.
  init(of data: DataSplit, most: Int = 64) {
    let d = data.exampleShape.reduce(1, *)
    let (mean, covariance) = Self.moments(of: data, d, onlyDiagonal: d > most)
    let least = 1e-6 * max(1e-12, covariance.diagonal.reduce(0, max))
    let eigen = d > most ? nil : SymmetricEigen(covariance)
    self.mean = mean
    if let eigen, eigen.values.contains(where: { $0 < least }) {
      let u = eigen.vectors
      self.covariance = u * Matrix(n: d) { $0 == $1 ? max(least, eigen.values[$0]) : 0 } * u.transposed
    } else {
      self.covariance = Matrix(n: d) { $0 == $1 ? max(least, covariance[$0, $0]) : covariance[$0, $1] }
    }
  }

  private static func moments(of data: DataSplit, _ d: Int, onlyDiagonal: Bool) -> ([Double], Matrix) {
    if let known = data.distribution?.density as? any KnownDensity, data.scaling == nil {
      return (known.mean, Matrix(rows: known.covariance))
    }
    guard let rows = data.rows, rows.count > 0 else { return ([Double](repeating: 0, count: d), .identity(d)) }
    let values = data.scaling?.normalized(rows.values.map(Double.init)) ?? rows.values.map(Double.init)
    let n = Double(rows.count)
    var mean = [Double](repeating: 0, count: d)
    for (index, value) in values.enumerated() { mean[index % d] += value / n }
    var covariance = Matrix.scaledIdentity(d, 0)
    for start in stride(from: 0, to: values.count, by: d) {
      for i in 0..<d {
        for j in onlyDiagonal ? i..<i + 1 : 0..<i + 1 {
          covariance[i, j] += (values[start + i] - mean[i]) * (values[start + j] - mean[j]) / n
        }
      }
    }
    return (mean, Matrix(n: d) { $0 >= $1 ? covariance[$0, $1] : covariance[$1, $0] })
  }
}
