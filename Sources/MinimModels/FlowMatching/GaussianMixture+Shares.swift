import MinimData
import MinimNN

/// The share of a standard normal below z.
func normalShare(_ z: Double) -> Double {
  let tail = Statistics.normalTail(z) / 2
  return z < 0 ? tail : 1 - tail
}

// Shares of a mixture in one dimension.
extension GaussianMixture {
  /// The mass below x.
  func share(below x: Double) -> Double {
    weights.indices.reduce(0) {
      $0 + weights[$1] * normalShare((x - means[$1][0]) / covariances[$1][0][0].squareRoot())
    }
  }

  /// The mass above x.
  func share(above x: Double) -> Double {
    weights.indices.reduce(0) {
      $0 + weights[$1] * normalShare((means[$1][0] - x) / covariances[$1][0][0].squareRoot())
    }
  }

  /// The point with a given mass below it, by bisection.
  func point(withShare share: Double) -> Double {
    let ends = zip(means, covariances).map { ($0[0], 40 * $1[0][0].squareRoot()) }
    var low = ends.map { $0.0 - $0.1 }.reduce(.infinity, min), high = ends.map { $0.0 + $0.1 }.reduce(-.infinity, max)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if self.share(below: middle) < share { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
