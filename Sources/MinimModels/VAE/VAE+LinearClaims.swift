import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// The claims of a VAE with a linear Gaussian decoder, for which everything has a closed form.

extension VAE {
  /// V1 to V3.
  func linearClaims(_ data: Dataset, _ trained: Trained) throws -> [Claim] {
    guard configuration.decoder.isEmpty, configuration.likelihood == .gaussian else { return [] }
    let model = try linearGaussian(trained)
    guard model.condition < Self.largestCondition else {
      let reason = "the noise is so small next to what varies that the closed forms lose too many digits"
      return try [
        .notApplicable(Self.closedFormTheorem, reason), .notApplicable(Self.restrictedTheorem, reason),
      ] + maximumClaims(data, trained)
    }
    let theory = LinearGaussianTheory(model)
    return try [trained.checking("V1") { try closedFormClaim(theory, data, trained) }]
      + trained.checking("V2") { try restrictedClaims(theory, data, trained) }
      + maximumClaims(data, trained)
  }

  /// The condition at which rounding is a hundredth of what V1 allows.
  private static let largestCondition = 1e4

  private static let closedFormTheorem = Claim.Theorem(
    "V1", "the bound and its derivatives are the closed forms, and log p(x) - ELBO is the sum of both gaps",
    formula: #"\log p(x) - \operatorname{ELBO} = \operatorname{KL}(q \,\|\, p(z \mid x))"#, .identity)
  private static let restrictedTheorem = Claim.Theorem(
    "V2", "the mean amortization gap is at least that of the best encoder of the same inputs",
    formula: #"\mathbb{E}[L^* - L_\phi] \ge \min_\psi \mathbb{E}[L^* - L_\psi]"#, .bound)

  /// V1: the engine's bound of an example and its derivatives equal the closed forms, and log p(x) - ELBO is the sum of
  /// both gaps (Tipping and Bishop 1999; Cremer, Li and Duvenaud 2018).
  private func closedFormClaim(_ theory: LinearGaussianTheory, _ data: Dataset, _ trained: Trained) throws -> Claim {
    let rows = try trained.inDouble().rows(of: data) { x in
      let q = posterior(x), bound = linearBound(x, q)
      let slopes = gradient(of: bound.sum(), withRespectTo: [q.mean, q.logStandardDeviation])
      return [
        "mean": q.mean, "logDeviation": q.logStandardDeviation, "bound": bound, "slopes": concatenate(slopes, axis: 1),
      ]
    }
    var (largest, wrong) = (0.0, 0.0)
    for row in 0..<data.count {
      let x = scaling.normalized(data.example(row).map(Double.init)), bound = rows["bound"][row]
      let mean = Array(rows["mean", row]), variance = rows["logDeviation", row].map { Elementary.exp(2 * $0) }
      let logProb = logProb(of: data.example(row), theory), prior = theory.klToPrior(mean: mean, variance: variance)
      let gaps = theory.klToPosterior(x, mean: mean, variance: variance)
      // The derivative in log sigma is twice that in log sigma^2.
      let slope = theory.gradient(x, mean: mean, variance: variance)
      let expected = slope.mean + slope.logVariance.map { 2 * $0 }
      let off = zip(expected, rows["slopes", row]).map { abs($0 - $1) / max(1, abs($0)) }.max() ?? 0
      largest = max(largest, abs(logProb - gaps - bound) / max(1, abs(logProb)), off)
      wrong = max(wrong, abs(logProb - (prior - gaps) - bound) / max(1, abs(logProb)))
    }
    return Claim(
      Self.closedFormTheorem, "largest relative difference of \(data.count) rows", measured: largest, .atMost, 0,
      tolerance: 1e-10, samples: data.count,
      control: .init(
        "KL(q, prior) - KL(q, posterior) for the sum of both gaps", changed: "the sum", measured: wrong,
        cannotFailIf: "every q is as near to the prior as to the posterior"))
  }

  /// V2: a linear encoder that sees only some inputs leaves, averaged over the rows, at least the amortization gap of
  /// the regression of the posterior's mean on these inputs.
  private func restrictedClaims(_ theory: LinearGaussianTheory, _ data: Dataset, _ trained: Trained) throws -> [Claim] {
    func silent(_ reason: String) -> [Claim] {
      [.notApplicable(Self.restrictedTheorem, reason)]
    }
    let seen = configuration.encoderInputs
    guard !seen.isEmpty, seen.count < inputs else { return silent("the encoder sees all inputs: the best leaves none") }
    guard configuration.encoder.isEmpty else { return silent("the encoder is not linear, so that it can leave less") }
    guard gapProblem == nil, data.count <= 2000 else {
      return silent("the gap is not measured for so many rows or latent variables")
    }
    guard let best = theory.expectedAmortizationGap(seeing: seen, covariance: covariance(data)) else {
      return silent("the inputs that the encoder sees are linearly dependent")
    }
    // In Double: a search in Float could end below the bound.
    let gaps = try inferenceGaps(data, trained.inDouble()).map(\.amortization)
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    // Rows that know their posterior's mean and variances leave nothing, and would be below the bound.
    let all = theory.expectedAmortizationGap(seeing: Array(0..<inputs), covariance: covariance(data)) ?? 0
    let idle = "the other inputs say nothing more"
    return [
      Claim(
        Self.restrictedTheorem, "mean gap of the rows, each with a searched q*", unit: "nats", measured: mean, .atLeast,
        best, tolerance: 1e-6, samples: data.count,
        control: .init(
          "the best encoder of all inputs", changed: "the encoder", measured: all, cannotFailIf: idle)),
      Claim(
        Claim.Theorem(
          "V2b", "the trained encoder is the best of the same inputs",
          formula: #"\mathbb{E}[L^* - L_\phi] \le \min_\psi \mathbb{E}[L^* - L_\psi]"#, .outcome),
        "mean gap of the rows, each with a searched q*", unit: "nats", measured: mean, .atMost, best, tolerance: 1e-4,
        samples: data.count,
        control: .init(
          "the gap of the best encoder of all inputs", changed: "the oracle", expected: all, cannotFailIf: idle)),
    ]
  }

  /// V3: no linear model explains data better than probabilistic PCA, and a trained one reaches it (Lucas et al. 2019,
  /// "Don't Blame the ELBO!", theorem 1: at the optimum the bound is tight).
  private func maximumClaims(_ data: Dataset, _ trained: Trained) throws -> [Claim] {
    guard configuration.latent < inputs else { return [] }
    let covariance = self.covariance(data)
    let theorem = Claim.Theorem(
      "V3", "no linear model exceeds the maximum of probabilistic PCA",
      formula: #"\mathbb{E} \operatorname{ELBO} \le \max_{W, \sigma} \mathbb{E} \log p_{W, \sigma}(x)"#, .bound)
    let most = try ProbabilisticPCA(covariance: covariance, latent: configuration.latent)
    // Without noise only rounding is left, and the likelihood has no bound.
    guard most.variance > 1e-12 * most.eigenvalues[0] else {
      return [
        .notApplicable(
          theorem, "the rows vary along no more directions than the model has: their likelihood has no maximum")
      ]
    }
    let unit = scaling.logDeterminant
    let largest = most.logLikelihood - unit
    let fewer = try ProbabilisticPCA(covariance: covariance, latent: configuration.latent - 1).logLikelihood - unit
    let elbo = try meanBound(data, trained)
    let bound = Claim(
      theorem, "mean ELBO of the training rows", unit: "nats", measured: elbo, .atMost, largest,
      tolerance: 1e-9, samples: data.count,
      control: .init(
        "the maximum with one latent variable fewer", changed: "the oracle", expected: fewer,
        cannotFailIf: "the model does not yet exceed the maximum with one latent variable fewer"))
    // A likelihood that is not trained, or an encoder that sees too little, does not reach that maximum.
    guard configuration.frozenDecoder == nil, configuration.encoderInputs.isEmpty else { return [bound] }
    return [bound, try reachedClaim(elbo, largest, data, trained)]
  }

  /// V3b: training reaches the maximum, unless it began there.
  private func reachedClaim(_ elbo: Double, _ best: Double, _ data: Dataset, _ trained: Trained) throws -> Claim {
    let start = try ParameterVector(parameters, precision: .float64)
    start.initialize(seed: trained.seed)
    return Claim(
      Claim.Theorem(
        "V3b", "a trained linear model reaches the maximum of probabilistic PCA",
        formula: #"\mathbb{E} \operatorname{ELBO} \ge \max_{W, \sigma} \mathbb{E} \log p_{W, \sigma}(x)"#, .outcome),
      "mean ELBO of the training rows", unit: "nats", measured: elbo, .atLeast, best, tolerance: 1e-3,
      control: .init(
        "the parameters that training began with", changed: "the parameters",
        measured: try meanBound(data, trained.with(start)), cannotFailIf: "training began at the maximum"))
  }

  private func meanBound(_ data: Dataset, _ trained: Trained) throws -> Double {
    let bounds = try closedBounds(data, trained)
    return bounds.reduce(0, +) / Double(bounds.count)
  }

  /// The bound of each row with the expectation in closed form, in Double.
  private func closedBounds(_ data: Dataset, _ trained: Trained) throws -> [Double] {
    try trained.inDouble().rows(of: data) { x in ["bound": linearBound(x, posterior(x))] }["bound"]
  }

  /// The bound with the expectation in closed form, [n].
  private func linearBound(_ x: Tensor, _ q: DiagonalNormal) -> Tensor {
    linearExpectation(x.reshape([x.shape[0], inputs]), q) - q.klToStandard.sum(axes: [1])
  }

  /// The covariance of the rows in the unit of the nets, divided by their number.
  private func covariance(_ data: Dataset) -> Matrix {
    let n = data.exampleCount
    let rows = (0..<data.count).map { scaling.normalized(data.example($0).map(Double.init)) }
    let mean = (0..<n).map { i in rows.reduce(0.0) { $0 + $1[i] } / Double(rows.count) }
    return Matrix(n, n) { i, j in
      rows.reduce(0.0) { $0 + ($1[i] - mean[i]) * ($1[j] - mean[j]) } / Double(rows.count)
    }
  }
}
