import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// The learned field: what the normal with the data's mean and covariance says, in closed form, plus a net that starts as zero.
/// So the flow begins as the moment-matched normal, and the net learns what is not normal.
package struct VectorField: Sendable {
  let path: ProbabilityPath
  /// The moments of the normal part.
  let moments: FieldMoments
  private let predicted: FieldPrediction
  /// The closed field of the normal.
  package let normal: MarginalField
  private let net: FieldNet
  private let classes: Int, guidance: Double
  /// The unit of the net's output: the root of the mean variance of the data, or that of the noise, which is 1.
  private let scale: Double

  /// Creates the field of data with the given moments.
  init(_ configuration: FlowMatchingConfiguration, _ moments: FieldMoments, _ scope: ParameterScope) {
    (path, predicted, self.moments) = (configuration.path, configuration.predicted, moments)
    normal = MarginalField(path, means: [moments.mean], covariances: [moments.covariance], weights: [1])
    net = FieldNet(
      scope.scope("net"), dimensions: moments.mean.count, hidden: configuration.hidden,
      frequencies: configuration.frequencies, classes: configuration.classes)
    (classes, guidance) = (configuration.classes, configuration.guidance)
    scale = predicted == .noise ? 1 : (moments.covariance.trace / Double(moments.mean.count)).squareRoot()
  }

  /// The velocity v(x, t) at points [n, d] and times [n, 1], of no class: [n, d].
  package func velocity(_ x: Tensor, _ t: Tensor) -> Tensor { velocity(x, t, labels: nil) }

  /// The velocity given classes [n, classes].
  func velocity(_ x: Tensor, _ t: Tensor, labels: Tensor?) -> Tensor {
    normal.velocity(x, t) + output(x, t, labels, predicted.factors(path, t).velocity)
  }

  /// The velocity that samples of a class follow, with guidance; nil for samples of no class.
  package func velocity(of label: Int?) -> (Tensor, Tensor) -> Tensor {
    guard let label, classes > 0 else { return { velocity($0, $1) } }
    let row = Tensor.constant((0..<classes).map { $0 == label ? 1 : 0 }, shape: [1, classes])
    return { x, t in guided(x, t, labels: row.broadcast(to: [x.shape[0], classes])) }
  }

  /// The velocity given classes [n, classes], with guidance.
  func guided(_ x: Tensor, _ t: Tensor, labels: Tensor) -> Tensor {
    let own = velocity(x, t, labels: labels)
    return guidance == 0 ? own : own * (1 + guidance) - velocity(x, t) * guidance
  }

  /// What the net predicts at points [n, d] and times [n, 1], next to the truth for the ends x1 and x0 of their ways: [n, d]
  /// each.
  func prediction(
    _ x: Tensor, _ t: Tensor, labels: Tensor?, data: Tensor, noise: Tensor
  ) -> (value: Tensor, truth: Tensor) {
    let factors = path.factors(t), own = output(x, t, labels, predicted.factors(path, t).prediction)
    switch predicted {
    case .velocity:
      return (normal.velocity(x, t) + own, factors.alphaRate * data + factors.sigmaRate * noise)
    case .noise: return (normal.posterior(x, t).noise + own, noise)
    case .data: return (normal.posterior(x, t).data + own, data)
    }
  }

  /// The net's output times a factor [n, 1].
  private func output(_ x: Tensor, _ t: Tensor, _ labels: Tensor?, _ factor: Tensor) -> Tensor {
    let output = net(normal.whitened(x, t), t, labels: labels) * scale
    return predicted == .velocity ? output : factor * output
  }
}

/// The mean and the covariance that the normal part of a field has.
struct FieldMoments: Sendable {
  let mean: [Double]
  let covariance: Matrix

  /// The most values of an example whose covariances count.
  private static let most = 64

  /// The moments of data in the unit of the net: those of a known density, or else of the rows. Beyond `most` values the
  /// covariance is its diagonal.
  ///
  /// A direction without variance gets a millionth of the largest variance: the field would be infinite there at t = 1.
  init(of data: DataSplit, most: Int = Self.most) {
    if let remembered = Self(data.constants, count: data.exampleShape.reduce(1, *)) {
      self = remembered
      return
    }
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

  /// The moments as `Model.constants`; of many values only the diagonal of the covariance, which is all there is.
  func constants(most: Int = Self.most) -> [String: [Double]] {
    let d = mean.count
    let values = d > most ? covariance.diagonal : (0..<d * d).map { covariance[$0 / d, $0 % d] }
    return ["fieldMean": mean, "fieldCovariance": values]
  }

  /// Reads `DataSplit.constants`; nil if the examples themselves are at hand.
  private init?(_ constants: [String: [Double]], count d: Int) {
    guard let mean = constants["fieldMean"], let values = constants["fieldCovariance"], mean.count == d,
      values.count == d || values.count == d * d
    else { return nil }
    self.mean = mean
    covariance = Matrix(n: d) { i, j in
      values.count == d * d ? values[i * d + j] : i == j ? values[i] : 0
    }
  }

  private static func moments(of data: DataSplit, _ d: Int, onlyDiagonal: Bool) -> ([Double], Matrix) {
    if let known = data.distribution?.density as? any KnownDensity, data.scaling == nil {
      return (known.mean, Matrix(rows: known.covariance))
    }
    guard let rows = data.rows, rows.count > 0 else { return ([Double](repeating: 0, count: d), .identity(d)) }
    let values = DataUnit(levels: data.levels, scaling: data.scaling).entering(rows.values.map(Double.init))
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
