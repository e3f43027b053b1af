import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// The claims of a VAE on its own data, each with a control that must fail.

extension VAE {
  /// V1 to V3 for linear models; V4 to V6 if log p(x) is known; V7 for training by draws.
  public func claims(_ trained: Trained) throws -> [Claim] {
    guard let data = trained.data.rows else { return [] }
    return try linearClaims(data, trained) + trained.checking("V4") { try boundClaims(data, trained) }
      + trained.checking("V5 and V6") { try gapClaims(data, trained) }
      + trained.checking("V7") { try lossClaims(data, trained) }
  }

  /// V4: the bound is a bound for every example: log p(x) - ELBO = KL(q, posterior) >= 0.
  private func boundClaims(_ data: Dataset, _ trained: Trained) throws -> [Claim] {
    let count = min(data.count, Self.examples)
    let theorem = Claim.Theorem(
      "V4", "log p(x) - ELBO is not negative", formula: #"\log p(x) - \operatorname{ELBO} \ge 0"#, .bound)
    guard hasLatentGrid else {
      return [.notApplicable(theorem, "log p(x) takes a grid of one or two latent variables")]
    }
    let all = try bounds(data.selecting(Array(0..<count), name: data.name), trained)
    // If a likelihood is too narrow for the rules, they differ, and the example is left out.
    let bounds = all.filter { $0.error ?? .nan < Self.resolution }
    let error = bounds.map { $0.error ?? .nan }.max() ?? .nan
    guard 2 * bounds.count > all.count else { return [.notApplicable(theorem, Self.tooNarrow)] }
    func least(_ value: (Bound) -> Double) -> Double { bounds.map { ($0.logProb ?? .nan) - value($0) }.min() ?? .nan }
    return [
      Claim(
        theorem, "smallest log p(x) - ELBO of \(count) training examples", unit: "nats", measured: least(\.elbo),
        .atLeast, 0, tolerance: 1e-9 + error, samples: bounds.count, details: [("integrationError", error)],
        control: .init(
          "without the KL term", changed: "the bound", measured: least { $0.elbo + $0.kl },
          cannotFailIf: "no example's KL term is larger than what its bound misses"))
    ]
  }

  /// The most examples that V4 checks: each takes two fine grids.
  private static let examples = 256
  /// The largest difference of two rules at which the finer one is still believed.
  static let resolution = 1e-3
  static let tooNarrow =
    "rules of integration differ by more than \(resolution) nats: the likelihood is too narrow for them"
}
