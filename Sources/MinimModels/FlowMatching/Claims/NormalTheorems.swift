import MinimAutodiff
import MinimKernels
import MinimNN

/// The theorems of the normal with the data's moments, for which fields, samplers and bounds are known to the last digit: FM13,
/// DM6, DM7. In Double.
struct NormalTheorems {
  let model: FlowMatching
  let trained: Trained
  private let eigen: SymmetricEigen
  /// The mean along the eigenvectors.
  private let mean: [Double]

  init(_ model: FlowMatching, _ trained: Trained) {
    (self.model, self.trained) = (model, trained)
    eigen = SymmetricEigen(model.field.moments.covariance)
    mean = eigen.vectors.transposed * model.field.moments.mean
  }

  private var path: ProbabilityPath { model.configuration.path }
  private var dimensions: Int { model.dimensions }

  // MARK: - FM13

  /// The weight of the velocity's squared error in the bound of the KL of a sampler with noise: alpha / (w sigma) with
  /// w = alpha' sigma - alpha sigma'; t / (1 - t) on straight paths.
  static func boundWeight(_ path: ProbabilityPath, _ t: Double) -> Double {
    let f = path.factors(t)
    return f.alpha / ((f.alphaRate * f.sigma - f.alpha * f.sigmaRate) * f.sigma)
  }

  /// The end of the times of the bound, which diverges at 1.
  static let boundEnd = 0.99

  /// The KL of the sampler that has the best noise, g^2 = 2 w sigma / alpha, for a normal whose velocity is off by a constant: its
  /// mean is off by V / alpha int 2 e alpha / V dt along each direction (Girsanov's theorem gives the bound).
  ///
  /// Nil for the path `betaLinear`, whose noise keeps some of the data.
  func pathClaim() throws -> Claim? {
    guard path != .betaLinear else { return nil }
    let theorem = Claim.Theorem(
      "FM13", "KL of the sampler with noise is at most the velocity's squared error, weighted by alpha / (w sigma)",
      formula: #"\operatorname{KL}(p_t \,\|\, q_t) \le \int_0^t \frac{\alpha}{w \sigma} \mathbb{E} \|v - u\|^2\,ds"#,
      .bound)
    let end = 0.9, error = 0.1 * (model.field.moments.covariance.trace / Double(dimensions)).squareRoot()
    let rule = GaussLegendre(64)
    let bound: Double =
      Double(dimensions) * error * error
      * zip(rule.nodes, rule.weights).reduce(0) {
        $0 + $1.1 * end * Self.boundWeight(path, $1.0 * end)
      }
    let kl = eigen.values.reduce(0.0) { sum, variance in
      let direction = NormalRecursion(path, mean: 0, variance: variance)
      return sum + direction.kl(at: end, shift: direction.shift(at: end, error: error))
    }
    return Claim(
      theorem, "KL at t = \(end) of the data's normal, its velocity off by a tenth of a deviation", unit: "nats",
      measured: kl, .atMost, bound, tolerance: 1e-9 * bound,
      control: .init("a tenth of the weight", changed: "the bound", expected: bound / 10))
  }

  // MARK: - DM7

  /// The denoiser of a normal by its precision, against the one by eigenvectors.
  func denoiserClaim() throws -> Claim {
    let theorem = Claim.Theorem(
      "DM7", "the denoiser of a normal is m + alpha S (alpha^2 S + sigma^2 I)^-1 (z - alpha m)",
      formula: #"\hat{x} = m + \alpha S (\alpha^2 S + \sigma^2 I)^{-1} (z - \alpha m)"#, .identity)
    let moments = model.field.moments, (count, d) = (16, dimensions)
    let key = RandomKey(seed: 0).folding(.evaluation).folding(7)
    let points = (0..<UInt64(count * d)).map { key.normal(at: $0) }
    let times = (0..<count).map { (Double($0) + 0.5) / Double(count) }
    let (z, t) = (Tensor.input("z", shape: [count, d]), Tensor.input("t", shape: [count, 1]))
    let found = try trained.values(of: [model.field.normal.posterior(z, t).data], inputs: ["z": points, "t": times])[0]
    func largest(_ factor: (ProbabilityPath.Factors<Double>) -> Double) -> Double {
      var most = 0.0
      for row in 0..<count {
        let f = path.factors(times[row]), covariance = moments.covariance
        let variance = covariance.scaled(by: f.alpha * f.alpha).adding(.identity(d), times: f.sigma * f.sigma)
        guard let inverse = Cholesky(variance)?.inverse else { return .nan }
        let rest = (0..<d).map { points[row * d + $0] - f.alpha * moments.mean[$0] }
        let change = covariance * (inverse * rest)
        for i in 0..<d {
          most = Swift.max(most, Swift.abs(moments.mean[i] + factor(f) * change[i] - found[row * d + i]))
        }
      }
      return most
    }
    let scale = found.reduce(1) { Swift.max($0, Swift.abs($1)) }
    return Claim(
      theorem, "largest difference at \(count) points", measured: largest { $0.alpha }, .equal, 0,
      tolerance: 1e-8 * scale, samples: count,
      control: .init("alpha left out", changed: "the factor", measured: largest { _ in 1 }))
  }

  // MARK: - DM6

  /// Mean and variance of the sampler's ends along each direction, which are exact recursions for a normal.
  func samplerClaim() throws -> Claim {
    let theorem = Claim.Theorem(
      "DM6", "the sampler with noise has the distribution that its steps give to a normal",
      formula: #"m' = a m + b, \quad V' = a^2 V + c"#, .statistical)
    let (count, d, steps, noise) = (dimensions > 2 ? 2000 : 20_000, dimensions, 32, 0.5)
    let sampler = try FieldSampler(
      of: model.field.normal.velocity, path, dimensions: d, steps: steps, noise: { _ in noise }, trained)
    let points = sampler.draws(count, RandomKey(seed: 0).folding(.evaluation).folding(8))
    let along = (0..<count).map { eigen.vectors.transposed * Array(points[$0 * d..<($0 + 1) * d]) }
    func largest(_ drift: Double) -> Double {
      (0..<d).map { i in
        let (mean, variance) = ends(i, steps, drift: drift, noise: noise)
        let off = along.map { $0[i] - mean }
        let ofMean: Double = off.reduce(0, +) / (Double(count) * variance).squareRoot()
        let squares: Double = off.reduce(0) { $0 + $1 * $1 } / variance
        let ofVariance: Double = (squares - Double(count)) / (2 * Double(count)).squareRoot()
        return Swift.max(Swift.abs(ofMean), Swift.abs(ofVariance))
      }.reduce(0, Swift.max)
    }
    let z = largest(noise)
    return Claim(
      theorem, "largest |z| of a mean or variance, \(count) samples of \(steps) steps, along \(d) directions",
      measured: z, .atMost, Statistics.normalQuantile(1 - 0.00025 / Double(d)), tolerance: 0, z: z,
      pValue: Swift.min(1, 2 * Double(d) * Statistics.normalTail(z)), samples: count,
      control: .init("the score counted twice", changed: "the drift", measured: largest(2 * noise)))
  }

  /// The mean and the variance along direction i after `steps` steps.
  ///
  /// - Parameters:
  ///   - drift: r in the drift.
  ///   - noise: r in the noise.
  func ends(_ i: Int, _ steps: Int, drift: Double, noise: Double) -> (mean: Double, variance: Double) {
    NormalRecursion(path, mean: mean[i], variance: eigen.values[i]).ends(steps, drift: { _ in drift }) { _ in noise }
  }
}
