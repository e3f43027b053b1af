import MinimAutodiff
import MinimData
import MinimNN

// Claims about a fixed q, each with a control that must fail.

extension FixedPosterior {
  /// E1: the identity behind the objective. E2: Fisher's identity. E3: EM never falls, and arrives. E4: where training
  /// ended.
  public func claims(_ trained: Trained) throws -> [Claim] {
    guard let data = trained.data.rows else { return [] }
    let few = data.selecting(Array(0..<min(data.count, Self.examples)), name: data.name)
    let precise = try trained.inDouble()
    return try [
      trained.checking("E1") { try identity(few, precise) }, trained.checking("E2") { try fisher(few, precise) },
    ] + ascent + [outcome(trained), maximisers(trained)]
  }

  /// The most examples that E1 and E2 check: both hold for each example.
  private static let examples = 256

  // MARK: - Identities

  /// E1: log p(x, z) = log p(x) + log p(z given x), averaged over z ~ q.
  private func identity(_ data: Dataset, _ trained: Trained) throws -> Claim {
    let rows = try trained.rows(of: data, chunk: data.count) { x in
      let q = self.q(x)
      return [
        "joint": expectedLogJoint(x, q), "logProb": self.logProb(x), "kl": q.kl(to: posterior(x, of: theta())),
        "entropy": q.entropy,
      ]
    }
    let (joint, logProb, kl, entropy) = (rows["joint"], rows["logProb"], rows["kl"], rows["entropy"])
    func largest(_ values: (Int) -> Double) -> Double { joint.indices.map { abs(values($0)) }.max() ?? .nan }
    let scale = (joint + logProb + kl + entropy).reduce(1) { max($0, abs($1)) }
    let dropsEntropy = largest { entropy[$0] } >= largest { kl[$0] }
    let control = largest { joint[$0] - logProb[$0] + (dropsEntropy ? kl[$0] : entropy[$0]) }
    return Claim(
      Claim.Theorem(
        "E1", "E_q log p(x, z) is log p(x) - KL(q, posterior) - entropy of q",
        formula: #"\mathbb{E}_q \log \frac{p(x, z)}{p(x)} = -\operatorname{KL}(q \,\|\, p_{z | x}) - H(q)"#, .identity),
      "largest difference of \(data.count) training examples", unit: "nats",
      measured: largest { joint[$0] - logProb[$0] + kl[$0] + entropy[$0] }, .equal, 0, tolerance: 1e-11 * scale,
      samples: data.count,
      control: .init(
        "without the \(dropsEntropy ? "entropy" : "KL")", changed: "the identity", measured: control))
  }

  /// E2: if q is the posterior at theta, the gradients of E_q log p(x, z) and of log p(x) are equal (Fisher's identity:
  /// Cappe, Moulines and Ryden 2005, "Inference in Hidden Markov Models", section 10.1).
  private func fisher(_ data: Dataset, _ trained: Trained) throws -> Claim {
    func slope(_ value: Tensor) -> Tensor {
      gradient(of: value.mean(), withRespectTo: [parameter])[0].broadcast(to: [data.count])
    }
    let end = model(trained.parameters)[configuration.learned]
    let places = [start[configuration.learned], end - 1, end - 0.3, end, end + 0.3, end + 1]
    let rows = try places.map { place in
      let vector = try ParameterVector(parameters, precision: .float64)
      vector[parameters.entries[0]] = [place]
      let rows = try trained.with(vector).rows(of: data, chunk: data.count) { x in
        [
          "logProb": slope(logProb(x)), "joint": slope(expectedLogJoint(x, posterior(x, of: theta()))),
          "wrong": slope(expectedLogJoint(x, posterior(x, of: theta(parameter + 1)))),
        ]
      }
      return (logProb: rows["logProb"][0], joint: rows["joint"][0], wrong: rows["wrong"][0])
    }
    let scale = rows.flatMap { [$0.logProb, $0.joint, $0.wrong] }.reduce(1) { max($0, abs($1)) }
    return Claim(
      Claim.Theorem(
        "E2", "with q the posterior at theta, E_q log p(x, z) has the gradient of log p(x)",
        formula: #"\mathbb{E}_{p_\theta(z \mid x)} \nabla \log p_\theta(x, z) = \nabla \log p_\theta(x)"#, .identity),
      "largest difference at \(places.count) values of theta",
      measured: rows.map { abs($0.joint - $0.logProb) }.max() ?? .nan,
      .equal, 0, tolerance: 1e-11 * scale, samples: data.count,
      control: .init(
        "the posterior of a theta larger by 1", changed: "q",
        measured: rows.map { abs($0.wrong - $0.logProb) }.max() ?? .nan,
        cannotFailIf: "the posterior does not depend on theta"))
  }

  // MARK: - The EM algorithm

  /// The most rounds of EM, which takes many if the noise is small.
  static let rounds = 10_000

  /// E3: alternating E and M steps from the run's start never lower log p(x); E3b: they end at its maximum.
  private var ascent: [Claim] {
    let learned = configuration.learned
    let models = ExpectationMaximization(learned, rows).rounds(from: start, atMost: Self.rounds)
    let steps = zip(models, models.dropFirst()).map { before, after in
      (before: before, after: after, wrong: before.with(learned, 1.01 * before[learned] - 0.01 * after[learned]))
    }
    func least(_ end: (OneFactor, OneFactor) -> OneFactor) -> Double {
      steps.map { end($0.after, $0.wrong).logProb(rows) - $0.before.logProb(rows) }.min() ?? .nan
    }
    let tolerance = 1e-13 * max(1, abs(start.logProb(rows)))
    let target = best[learned]
    return [
      Claim(
        Claim.Theorem(
          "E3", "EM never lowers log p(x)", formula: #"\log p_{\theta_{k + 1}}(x) \ge \log p_{\theta_k}(x)"#, .bound),
        "least change of log p(x) in \(steps.count) rounds from the run's start", unit: "nats",
        measured: least { after, _ in after }, .atLeast, 0, tolerance: tolerance,
        control: .init(
          "a hundredth of each step, in reverse", changed: "the direction of the M step",
          measured: least { _, wrong in wrong },
          cannotFailIf: "the steps from the start are too short to notice a fall")),
      Claim(
        Claim.Theorem(
          "E3b", "EM ends at the maximum of log p(x)",
          formula: #"\theta_\infty = \operatorname{argmax}_\theta \log p_\theta(x)"#, .outcome),
        "\(learned) after EM from the run's start",
        measured: models[models.count - 1][learned], .equal, target, tolerance: 1e-6 * max(1, abs(target)),
        details: [("rounds", Double(steps.count))],
        control: .init(
          "one round", changed: "the number of rounds", measured: models[1][learned],
          cannotFailIf: "one round already arrives")),
    ]
  }

  // MARK: - Where training ended

  /// E4: training ended at the maximum of the objective of its q.
  private func outcome(_ trained: Trained) -> Claim {
    let learned = configuration.learned
    let model = model(trained.parameters)
    let (end, expected) = (model[learned], maximum(q(at: model))[learned])
    let other = contrast(expected), tolerance = reach(trained)
    return Claim(
      Claim.Theorem(
        "E4", "training ends at the maximum of E_q log p(x, z)",
        formula: #"\theta_K = \operatorname{argmax}_\theta \mathbb{E}_q \log p_\theta(x, z)"#, .outcome),
      "\(learned), \(words)",
      measured: end, .equal, expected, tolerance: tolerance,
      control: .init("the maximum with \(other.name)", changed: "q", expected: other.value))
  }

  /// E4b: whether that is the maximum of log p(x). It is for the posterior at that maximum, and for one that follows
  /// theta; for others there is a difference, which may be zero although q is not a posterior.
  private func maximisers(_ trained: Trained) -> Claim {
    let learned = configuration.learned
    let model = model(trained.parameters)
    let (end, target, tolerance) = (model[learned], best[learned], reach(trained))
    let follows = [.maximumLikelihood, .current].contains(configuration.posterior)
    let difference = follows ? 0 : maximum(q(at: model))[learned] - target
    let coincide = abs(difference) <= tolerance
    let other = contrast(target)
    let details = [
      ("klAtMaximum", best.klToPosterior(q(at: best), rows)),
      ("logProbLost", best.logProb(rows) - model.logProb(rows)),
    ]
    return Claim(
      Claim.Theorem("E4b", "training ends as far from the maximum of log p(x) as theory gives for its q", .outcome),
      "\(learned) less that with the largest log p(x), \(words)", measured: end - target, .equal, difference,
      tolerance: tolerance, details: details,
      control: .init(
        coincide ? "the maximum with \(other.name)" : "the maximum of log p(x) itself", changed: "the oracle",
        expected: coincide ? other.value - target : 0))
  }

  /// The q in words.
  private var words: String {
    switch configuration.posterior {
    case .maximumLikelihood: "q the posterior at the maximum of log p(x)"
    case .start: "q the posterior where it started"
    case .current: "q the posterior where it ended"
    case .prior: "q the prior"
    case .normal: "q a normal that does not depend on x"
    }
  }

  /// The q, among some, whose maximum is the farthest from a value. The second is never at the maximum of log p(x).
  private func contrast(_ value: Double) -> (name: String, value: Double) {
    let (learned, best) = (configuration.learned, best)
    let all: [(name: String, value: Double)] = [
      ("the prior", maximum(.prior)[learned]),
      (
        "the posterior of a theta larger by 1 than the best",
        maximum(best.with(learned, best[learned] + 1).posterior)[learned]
      ),
      ("the posterior of the start", maximum(start.posterior)[learned]),
    ]
    return all.reduce(all[0]) { abs($1.value - value) > abs($0.value - value) ? $1 : $0 }
  }

  /// The accuracy of training: the digits of its precision.
  private func reach(_ trained: Trained) -> Double {
    max(1, abs(best[configuration.learned])) * (trained.parameters.precision == .float64 ? 1e-6 : 1e-4)
  }
}
