import MinimSystem

// Bounds on the probability that a right program deviates so far by chance. They are never too small, however few events there
// are, which the usual approximations are in the far tail: these probabilities prove a mistake.

extension Statistics {
  /// A bound on the probability that of `count` independent events of a given probability so many happen, or a number
  /// at least as far on the same side: 2 exp(-n KL(share, probability)) (Hoeffding 1963, theorem 1).
  public static func shareTail(_ events: Int, of count: Int, probability: Double) -> Double {
    if probability.isNaN { return .nan }
    let (n, share, p) = (Double(count), Double(events) / Double(count), min(1, max(0, probability)))
    func part(_ share: Double, _ p: Double) -> Double { share == 0 ? 0 : share * log(share / p) }
    return min(1, 2 * exp(-n * max(0, part(share, p) + part(1 - share, 1 - p))))
  }

  /// A bound on the probability of counts whose cells have these probabilities: that of the least likely cell, times the
  /// number of cells.
  public static func countsTail(_ counts: [Int], probabilities: [Double]) -> Double {
    let total = counts.reduce(0, +)
    let tails = zip(counts, probabilities).map { shareTail($0, of: total, probability: $1) }
    return tails.contains(where: \.isNaN) ? .nan : min(1, Double(tails.count) * (tails.min() ?? 1))
  }

  /// A bound on the probability that the variance of `count` normal numbers, or their mean, is `z` of its standard errors
  /// off: that of a chi-square variable (Laurent and Massart 2000, lemma 1, before it is simplified).
  public static func momentTail(_ z: Double, count: Int) -> Double {
    if z.isNaN { return .nan }
    let n = Double(count)
    let ratio = 1 + abs(z) * (2 / n).squareRoot()
    return min(1, 2 * exp(-n / 2 * (ratio - 1 - log(ratio))))
  }
}
