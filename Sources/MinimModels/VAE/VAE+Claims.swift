import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// The theorems of a VAE on its own data, each with a control that must fail.

extension VAE {
  /// V3 for linear models; V4 where log p(x) is known.
  public func claims(_ trained: Trained) throws -> [Claim] {
    guard let data = trained.data.rows else { return [] }
    return try boundClaims(data, trained) + linearClaims(data, trained)
  }

  /// V4: the bound is one, for every example: log p(x) - ELBO = KL(q, posterior) >= 0.
  private func boundClaims(_ data: Dataset, _ trained: Trained) throws -> [Claim] {
    let count = min(data.count, Self.examples)
    let statement = "the smallest log p(x) - ELBO of \(count) training examples is not negative (nats)"
    guard hasLatentGrid else {
      return [
        .notApplicable("V4", statement, kind: .bound, reason: "log p(x) takes a grid of one or two latent variables")
      ]
    }
    let all = try bounds(data.selecting(Array(0..<count), name: data.name), trained)
    // Where a likelihood is too narrow for the rules, they differ, and nothing is said of that example.
    let bounds = all.filter { $0.error ?? .nan < Self.resolution }
    let error = bounds.map { $0.error ?? .nan }.max() ?? .nan
    guard 2 * bounds.count > all.count else {
      return [
        .notApplicable(
          "V4", statement, kind: .bound,
          reason:
            "rules of integration differ by more than \(Self.resolution) nats: the likelihood is too narrow for them")
      ]
    }
    func least(_ value: (Bound) -> Double) -> Double { bounds.map { ($0.logProb ?? .nan) - value($0) }.min() ?? .nan }
    let gap = least(\.elbo)
    let withoutKL = least { $0.elbo + $0.kl }
    // The KL is not negative, so the claim holds where its control does not fail.
    guard withoutKL < -1e-9 - error else {
      return [
        .notApplicable(
          "V4", statement, kind: .bound,
          reason: "no example's KL term is larger than what its bound misses: no control can fail")
      ]
    }
    return [
      Claim(
        "V4", statement, kind: .bound, measured: gap, .atLeast, 0, tolerance: 1e-9 + error, samples: bounds.count,
        details: [("integrationError", error)],
        control: .init(
          statement: "the same without the KL term", changed: "the bound", measured: withoutKL,
          fails: withoutKL < -1e-9 - error))
    ]
  }

  /// The most examples that V4 looks at: each takes two fine grids.
  private static let examples = 256
  /// What two rules may differ by so that the finer one is still believed.
  private static let resolution = 1e-3

  /// V3: no linear model explains data better than probabilistic PCA, and a trained one reaches it (Lucas et al. 2019,
  /// "Don't Blame the ELBO!", theorem 1: at the optimum the bound is tight).
  private func linearClaims(_ data: Dataset, _ trained: Trained) throws -> [Claim] {
    guard configuration.decoder.isEmpty, configuration.likelihood == .gaussian, configuration.latent < inputs else {
      return []
    }
    let covariance = Self.covariance(data)
    let statement = "the mean ELBO of the training rows is not above the maximum of probabilistic PCA (nats)"
    let most = try ProbabilisticPCA(covariance: covariance, latent: configuration.latent)
    // What is left without noise is rounding, and its likelihood has no bound.
    guard most.variance > 1e-12 * most.eigenvalues[0] else {
      return [
        .notApplicable(
          "V3", statement, kind: .bound,
          reason: "the rows vary along no more directions than the model has: their likelihood has no maximum")
      ]
    }
    let best = most.logLikelihood
    let fewer = try ProbabilisticPCA(covariance: covariance, latent: configuration.latent - 1).logLikelihood
    let bounds = try closedBounds(data, trained)
    let elbo = bounds.reduce(0, +) / Double(bounds.count)
    let bound =
      elbo > fewer + 1e-9
      ? Claim(
        "V3", statement, kind: .bound, measured: elbo, .atMost, best, tolerance: 1e-9, samples: data.count,
        control: .init(
          statement: "the maximum with one latent variable fewer, which this model exceeds", changed: "the oracle",
          measured: fewer, fails: elbo > fewer + 1e-9))
      : .notApplicable(
        "V3", statement, kind: .bound,
        reason: "the model does not yet exceed the maximum with one latent variable fewer: no control can fail")
    let reached = Claim(
      "V3b", "the mean ELBO of the training rows has reached that maximum (nats)", kind: .outcome, measured: elbo,
      .atLeast, best, tolerance: 1e-3, control: nil)
    return [bound, reached]
  }

  /// The bound of each row with the expectation in closed form, in Double.
  private func closedBounds(_ data: Dataset, _ trained: Trained) throws -> [Double] {
    let chunk = min(64, data.count)
    let x = Batch(count: chunk, exampleShape: exampleShape).examples
    let q = posterior(x)
    let elbo: Tensor = linearExpectation(x.reshape([chunk, inputs]), q) - q.klToStandard.sum(axes: [1])
    return try BatchEvaluator([[elbo]], chunk: chunk, trained.inDouble()).values(of: data)
  }

  /// The covariance of the rows, divided by their number.
  private static func covariance(_ data: Dataset) -> [[Double]] {
    let n = data.exampleCount
    let rows = (0..<data.count).map { data.example($0).map(Double.init) }
    let mean = (0..<n).map { i in rows.reduce(0.0) { $0 + $1[i] } / Double(rows.count) }
    return (0..<n).map { i in
      (0..<n).map { j in
        rows.reduce(0.0) { $0 + ($1[i] - mean[i]) * ($1[j] - mean[j]) } / Double(rows.count)
      }
    }
  }
}
