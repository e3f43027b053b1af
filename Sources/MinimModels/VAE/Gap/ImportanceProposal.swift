import MinimKernels

/// The distribution that importance sampling of log p(x) draws z from, given a normal q for each example.
public enum ImportanceProposal: Sendable, Equatable {
  /// q itself, which is right only if q is as wide as the posterior in every direction. The best normal with
  /// independent variables is narrower, and its weights have no variance once the posterior's correlation reaches 1/2.
  case plain
  /// q with its deviations times a factor, for example 1.2 to 1.5.
  case inflated(Double)
  /// 0.95 q(z) + 0.05 p(z), so that no weight exceeds 20 p(x | z) (Hesterberg 1995, "Weighted Average Importance
  /// Sampling and Defensive Mixture Distributions"). Between a narrow q and the prior it leaves a gap: if the posterior
  /// is slightly wider than q, the few draws of the prior that fall there have huge weights.
  case defensive
  /// The same with that gap closed: 0.6 of q, 0.3 of q made wider by c, 0.05 of q made wider by c^2, and 0.05 of the
  /// prior, with c = 1 + sqrt(2 / d) in d dimensions. The lengths of draws, sqrt(d) with a deviation of sqrt(1/2) for
  /// q, then overlap.
  case mixture

  /// A part of the proposal: q with its deviations times a factor, or without a factor the prior. It takes `share` of
  /// every twenty draws.
  struct Part {
    let factor: Double?
    let share: Int
  }

  /// The number of draws after which the parts repeat.
  static let period = 20

  /// The parts, whose shares add up to a period.
  func parts(dimensions d: Int) -> [Part] {
    let c = 1 + (2 / Double(d)).squareRoot()
    return switch self {
    case .plain: [Part(factor: 1, share: 20)]
    case .inflated(let factor): [Part(factor: factor, share: 20)]
    case .defensive: [Part(factor: 1, share: 19), Part(factor: nil, share: 1)]
    case .mixture:
      [
        Part(factor: 1, share: 12), Part(factor: c, share: 6), Part(factor: c * c, share: 1),
        Part(factor: nil, share: 1),
      ]
    }
  }
}

extension [ImportanceProposal.Part] {
  /// The number of the part for each of `count` draws.
  func places(_ count: Int) -> [Int] {
    let period = indices.flatMap { [Int](repeating: $0, count: self[$0].share) }
    return (0..<count).map { period[$0 % period.count] }
  }
}
