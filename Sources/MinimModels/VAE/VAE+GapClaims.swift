import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// The gap between a bound and log p(x), taken apart: KL(q, posterior) by its definition, compared with both gaps by
// their bounds.

extension VAE {
  /// V5: for every example KL(q_phi, posterior) = approximation gap + amortization gap (Cremer, Li and Duvenaud 2018,
  /// section 3), and KL(q*, posterior) is the approximation gap alone. The divergences are integrals of log q - log p(z | x)
  /// by the trapezoid rule, the gaps are differences of bounds by Gauss-Hermite rules and of log p(x).
  ///
  /// V6: the search for q* climbs, by a rule that it has not seen.
  func gapClaims(_ data: Dataset, _ trained: Trained) throws -> [Claim] {
    guard hasLatentGrid, configuration.isBound else { return [] }
    let part = data.selecting(Array(0..<min(data.count, Self.decomposed)), name: data.name)
    let encoder = try encoderCodes(part, trained)
    func searched(rate: Double, keepsLast: Bool) throws -> [Divergence] {
      let search = PosteriorSearch(rate: rate, hasCovariance: false, keepsLast: keepsLast)
      return try divergences(of: search.search(self, part, from: encoder, trained).map(\.code), part, trained)
    }
    let starts = try divergences(of: encoder, part, trained)
    let ends = try searched(rate: 0.3, keepsLast: false)
    return [
      decompositionClaim(starts, ends), searchClaim(starts, ends, try searched(rate: -0.3, keepsLast: true)),
    ]
  }

  private func decompositionClaim(_ encoder: [Divergence], _ best: [Divergence]) -> Claim {
    let theorem = Claim.Theorem(
      "V5", "KL(q, posterior) is approximation gap + amortization gap",
      formula: #"\operatorname{KL}(q \,\|\, p_{z | x}) = (\log p - L^*) + (L^* - L_\phi)"#, .identity)
    let rows = zip(encoder, best).filter { max($0.error, $1.error) < Self.resolution }
    guard 2 * rows.count > encoder.count else {
      return .notApplicable(theorem, Self.tooNarrow)
    }
    var (largest, wrong, error, sameRule) = (0.0, 0.0, 0.0, 0.0)
    for (encoder, best) in rows {
      let approximation = best.logProb - best.bound, amortization = best.bound - encoder.bound
      largest = max(
        largest, abs(encoder.divergence - approximation - amortization), abs(best.divergence - approximation))
      wrong = max(wrong, abs(encoder.divergence - (encoder.klToPrior - encoder.divergence)))
      error = max(error, encoder.error, best.error)
      sameRule = max(
        sameRule, abs(encoder.byTheSameRule - approximation - amortization), abs(best.byTheSameRule - approximation))
    }
    return Claim(
      theorem, "largest difference of \(rows.count) examples", unit: "nats", measured: largest, .atMost, 0,
      tolerance: 1e-8 + 2 * error, samples: rows.count,
      details: [("integrationError", error), ("byOneRule", sameRule)],
      control: .init(
        "KL(q, prior) - KL(q, posterior)", changed: "the sum", measured: wrong,
        cannotFailIf: "every q is as near to the prior as to the posterior"))
  }

  /// The gain of searches over the encoder, on average over the examples that rules of integration agree on.
  private func searchClaim(_ encoder: [Divergence], _ up: [Divergence], _ down: [Divergence]) -> Claim {
    let theorem = Claim.Theorem(
      "V6", "a search of each example's own q gains on the encoder's", formula: #"\mathbb{E}[L^* - L_\phi] \ge 0"#,
      .outcome)
    let rows = encoder.indices.filter { max(encoder[$0].error, up[$0].error) < Self.resolution }
    guard 2 * rows.count > encoder.count else {
      return .notApplicable(theorem, Self.tooNarrow)
    }
    func gain(_ ends: [Divergence]) -> Double { Statistics.mean(rows.map { ends[$0].bound - encoder[$0].bound }).mean }
    let tolerance = 1e-8 + 2 * (rows.map { max(encoder[$0].error, up[$0].error) }.max() ?? 0)
    let control = gain(down)
    // A search that gains where it should descend is not a reason to skip the claim: it fails by its control.
    return Claim(
      theorem, "mean gain in the bound, by a rule of integration that the search has not seen", unit: "nats",
      measured: gain(up), .atLeast, 0, tolerance: tolerance, samples: rows.count,
      control: .init(
        "a search that descends", changed: "the sign of its steps", measured: control,
        cannotFailIf: abs(control) <= tolerance ? "every bound is flat where the searches start" : nil))
  }

  /// The most examples that V5 checks: each takes a search.
  private static let decomposed = 64

  /// The relation of a normal to an example's posterior, in nats.
  package struct Divergence: Sendable {
    /// log p(x) by a grid, the bound by a Gauss-Hermite rule, and KL(q, p(z)) in closed form.
    package let logProb: Double, bound: Double, klToPrior: Double
    /// KL(q, p(z | x)) by its definition, on a grid around q.
    package let divergence: Double
    /// The same by the rule of the bound.
    package let byTheSameRule: Double
    /// The largest change of these by coarser rules.
    package let error: Double
  }

  /// The relation of normals with independent or dependent variables, one per row, to the posteriors, in Double.
  package func divergences(of codes: [[Double]], _ data: Dataset, _ trained: Trained) throws -> [Divergence] {
    let d = configuration.latent
    let (rule, coarseRule) = (NormalPoints(.finer, dimensions: d), NormalPoints(.judge, dimensions: d))
    func trapezoid(_ side: Int) -> NormalPoints {
      NormalPoints(trapezoid: LatentGrid(side: side, reach: 8), dimensions: d)
    }
    let rows = try trained.inDouble().rows(of: data, chunk: 4, with: (NormalCode.inputName, codes)) { x in
      let code = Tensor.input(NormalCode.inputName, shape: [x.shape[0], NormalCode.width(d)])
      return [
        "logProb": logProb(x, on: .fine), "logProb, coarser": logProb(x, on: .coarse),
        "bound": elbo(x, code: code, rule), "bound, coarser": elbo(x, code: code, coarseRule),
        "klToJoint": klToJoint(x, code, trapezoid(121)), "klToJoint, coarser": klToJoint(x, code, trapezoid(61)),
        "klToJoint by the bound's rule": klToJoint(x, code, rule),
        "klToPrior": FullNormal(code, dimensions: d).klToStandard,
      ]
    }
    return (0..<data.count).map { row in
      let logProb = rows["logProb"][row]
      return Divergence(
        logProb: logProb, bound: rows["bound"][row], klToPrior: rows["klToPrior"][row],
        divergence: rows["klToJoint"][row] + logProb,
        byTheSameRule: rows["klToJoint by the bound's rule"][row] + logProb,
        error: ["logProb", "bound", "klToJoint"].map { abs(rows[$0][row] - rows["\($0), coarser"][row]) }.max() ?? .nan)
    }
  }

  /// KL(q, p(x, z)) = E_q[log q(z) - log p(x, z)] in nats, [n], by points and weights that represent a standard normal.
  private func klToJoint(_ x: Tensor, _ code: Tensor, _ rule: NormalPoints) -> Tensor {
    let (n, d, count) = (x.shape[0], configuration.latent, rule.count)
    let points = Tensor.constant(rule.points, shape: [1, count, d])
    let q = FullNormal(code.repeatingRows(count), dimensions: d)
    let noise = points.broadcast(to: [n, count, d]).reshape([n * count, d])
    let z = q.sample(noise: noise)
    let logJoint =
      DiagonalNormal.standard(shape: z.shape).logProb(z)
      + logLikelihood(x.repeatingRows(count), decode(z))
    return
      ((q.logProb(ofNoise: noise) - logJoint).reshape([n, count]) * Tensor.constant(rule.weights, shape: [1, count]))
      .sum(axes: [1])
  }
}
