import MinimKernels

/// sum_k w_k N(m_k, C_k): its density, moments and draws are exact for any number of components.
public struct GaussianMixture: KnownDensity {
  /// The name in reports.
  public let name: String
  /// m_k, [components][d].
  public let means: [[Double]]
  /// C_k, [components][d][d].
  public let covariances: [[[Double]]]
  /// w_k, with sum 1.
  public let weights: [Double]
  /// Nearly all of the mass: four deviations around every component.
  public let window: [ClosedRange<Double>]
  /// Eight deviations around every component.
  public let bounds: [ClosedRange<Double>]
  /// Cells of a tenth of the least deviation of each value given the others.
  public let cells: [Int]

  private let factors: [Cholesky]
  /// L_k^-1, one after the other, row-major, where L_k L_k^T = C_k. With the means flat too, a point is compared with
  /// hundreds of components without an allocation for each.
  package let whiteners: [Double], flatMeans: [Double]
  /// L_k, in the same order.
  private let flatFactors: [Double]
  /// log w_k - log det(2 pi C_k) / 2.
  package let constants: [Double]
  /// The cumulative weights w_0 + ... + w_k.
  private let cumulative: [Double]

  /// - Parameters:
  ///   - name: the name in reports.
  ///   - means: [components][d].
  ///   - covariances: [components][d][d], positive definite.
  ///   - weights: positive, in any unit; equal by default.
  public init(name: String, means: [[Double]], covariances: [[[Double]]], weights: [Double]? = nil) {
    let raw = weights ?? means.map { _ in 1 }
    precondition(
      !means.isEmpty && means.count == covariances.count && means.count == raw.count,
      "a mixture needs components, and a mean, a covariance and a weight for each")
    precondition(raw.allSatisfy { $0 > 0 }, "the weights of a mixture must be positive")
    let d = means[0].count
    precondition(
      d > 0 && means.allSatisfy { $0.count == d } && covariances.allSatisfy { $0.count == d },
      "the means and covariances of a mixture must have the same dimensions")
    factors = covariances.map {
      guard let factor = Cholesky(Matrix(rows: $0)) else {
        // Configs can only give deviations and correlations within ranges that make it positive definite.
        preconditionFailure("a covariance of a mixture must be positive definite, got \($0)")
      }
      return factor
    }
    let sum = raw.reduce(0, +)
    let shares = raw.map { $0 / sum }
    self.name = name
    self.means = means
    self.covariances = covariances
    self.weights = shares
    flatMeans = means.flatMap { $0 }
    flatFactors = factors.flatMap(\.factor.values)
    // Row i of L^-1 is the i-th value of each whitened unit vector.
    whiteners = factors.flatMap { factor in
      let columns = (0..<d).map { j in factor.whiten((0..<d).map { $0 == j ? 1 : 0 }) }
      return (0..<d).flatMap { i in (0..<d).map { columns[$0][i] } }
    }
    constants = zip(shares, factors).map {
      Elementary.log($0) - ($1.logDeterminant + Double(d) * LinearGaussianTheory.logTwoPi) / 2
    }
    cumulative = shares.reduce(into: []) { $0.append(($0.last ?? 0) + $1) }
    bounds = Self.box(means, covariances, deviations: 8)
    window = Self.box(means, covariances, deviations: 4)
    // A tenth of the least deviation of a value given the others. With s the deviation, h the step and D the distance of two components, the integrand
    // of the entropy has poles pi s^2 / D off the axis, as high as exp(-D^2 / 8 s^2), so that the error is near
    // exp(-D^2 / 8 s^2 - 2 pi^2 s^2 / (D h)): below 1e-13 for every D.
    let precisions = factors.map(\.inverse)
    let steps = (0..<d).map { i in 0.1 / precisions.map { $0[i, i] }.reduce(0, max).squareRoot() }
    cells = Self.cells(of: bounds, steps: steps)
  }

  /// Creates round components: [components][d], and one deviation for each.
  public init(name: String, means: [[Double]], sigmas: [Double], weights: [Double]? = nil) {
    precondition(means.count == sigmas.count, "the number of deviations is not that of the components")
    let covariances = zip(means, sigmas).map { mean, sigma in
      mean.indices.map { i in mean.indices.map { i == $0 ? sigma * sigma : 0 } }
    }
    self.init(name: name, means: means, covariances: covariances, weights: weights)
  }

  /// The number of dimensions, d.
  public var dimensions: Int { means[0].count }
  /// The number of components.
  public var components: Int { means.count }

  /// log p(x), in nats, with the largest term of the sum taken out of the logarithm.
  public func logProb(_ x: [Double]) -> Double {
    let d = x.count
    var logs = constants
    for k in logs.indices {
      var square = 0.0
      for i in 0..<d {
        var z = 0.0
        for j in 0...i { z += whiteners[(k * d + i) * d + j] * (x[j] - flatMeans[k * d + j]) }
        square += z * z
      }
      logs[k] -= square / 2
    }
    let largest = logs.reduce(-.infinity, max)
    guard logs.count > 1, largest.isFinite else { return largest }
    for k in logs.indices { logs[k] -= largest }
    Elementary.exp(&logs)
    return largest + Elementary.log(logs.reduce(0, +))
  }

  /// The component of the row that `draw` makes of a key.
  public func component(of key: RandomKey) -> Int {
    let uniform = key.uniform(at: 0)
    // The sum of the weights may be rounded below 1.
    return cumulative.firstIndex { uniform < $0 } ?? components - 1
  }

  /// Draws the component by counter 0, and normal i by the counters 2 i and 2 i + 1 from i = 1 on.
  public func draw(_ key: RandomKey, into row: inout [Double]) {
    let (d, k) = (row.count, component(of: key))
    for i in 0..<d { row[i] = key.normal(at: UInt64(i + 1)) }
    // m + L z from the last value on: each needs the normals up to its own.
    for i in (0..<d).reversed() {
      var sum = 0.0
      for j in 0...i { sum += flatFactors[(k * d + i) * d + j] * row[j] }
      row[i] = flatMeans[k * d + i] + sum
    }
  }

  /// E x, [d].
  public var mean: [Double] {
    (0..<dimensions).map { i -> Double in dot(weights, means.map { $0[i] }) }
  }

  /// The covariance within the components plus that of their means.
  public var covariance: [[Double]] {
    let mean = mean
    return mean.indices.map { i -> [Double] in
      mean.indices.map { j -> Double in
        (0..<components).reduce(0) { (sum: Double, k: Int) -> Double in
          let between: Double = (means[k][i] - mean[i]) * (means[k][j] - mean[j])
          return sum + weights[k] * (covariances[k][i][j] + between)
        }
      }
    }
  }

  /// The entropy: in closed form for one component, else by a grid.
  public func entropy() -> QuadratureEstimate? {
    guard components == 1 else { return dimensions <= 2 ? estimate(\.entropy) : nil }
    return QuadratureEstimate(
      (Double(dimensions) * (1 + LinearGaussianTheory.logTwoPi) + factors[0].logDeterminant) / 2)
  }

  /// The component with the nearest mean: the mode that a point belongs to. The first one at a tie.
  public func nearestComponent(to x: [Double]) -> (index: Int, distance: Double) {
    let squares = means.map { mean in zip(x, mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
    let least = squares.reduce(.infinity, min)
    return (squares.firstIndex(of: least) ?? 0, least.squareRoot())
  }

  /// The distribution of one value, in one dimension.
  public func marginal(_ dimension: Int) -> GaussianMixture {
    GaussianMixture(
      name: "\(name), value \(dimension + 1)", means: means.map { [$0[dimension]] },
      covariances: covariances.map { [[$0[dimension][dimension]]] }, weights: weights)
  }

  private static func box(
    _ means: [[Double]], _ covariances: [[[Double]]], deviations: Double
  ) -> [ClosedRange<Double>] {
    means[0].indices.map { i in
      let reaches = covariances.map { deviations * $0[i][i].squareRoot() }
      let low = zip(means, reaches).map { $0[i] - $1 }.reduce(.infinity, min)
      let high = zip(means, reaches).map { $0[i] + $1 }.reduce(-.infinity, max)
      return low...high
    }
  }
}
