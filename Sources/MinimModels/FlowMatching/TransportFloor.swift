import MinimData
import MinimKernels
import MinimNN

/// The least squared error of a velocity, if noise and data of one dimension are paired in order within groups of B. On straight
/// ways.
///
/// Of B draws of each, those of the same rank form a pair. With a and b the shares below both members of a pair, the density of
/// pairs is that of independent draws times
///
///     B sum_i binom(B - 1, i)^2 (a b)^i ((1 - a) (1 - b))^(B - 1 - i)
///
/// since a member has rank i + 1 if i of the other B - 1 draws are below it. The sum is a polynomial of Legendre:
/// (q - p)^n P_n((q + p) / (q - p)) with n = B - 1, p = a b and q = (1 - a) (1 - b).
package struct TransportFloor {
  private let mixture: GaussianMixture
  private let group: Int
  private let rule = GaussLegendre(8)

  /// - Parameters:
  ///   - mixture: the data, of one dimension.
  ///   - group: B; 1 for independent draws.
  package init(_ mixture: GaussianMixture, group: Int) {
    precondition(mixture.dimensions == 1 && group > 0, "pairs have an order in one dimension only")
    (self.mixture, self.group) = (mixture, group)
  }

  /// The mean over the times of training.
  package func mean(over times: FlowMatchingConfiguration.Times, nodes: Int = 24) -> Double {
    FieldFit.times(times, nodes).reduce(0) { $0 + $1.1 * floor(at: $1.0) }
  }

  /// E |x1 - x0|^2 of pairs.
  package var squaredDistance: Double {
    let (z, x) = (noiseNodes, dataNodes)
    var sum = 0.0
    for noise in z {
      for data in x {
        sum += noise.mass * data.mass * pairs(noise, data) * (data.value - noise.value) * (data.value - noise.value)
      }
    }
    return sum
  }

  /// The least squared error at one time: E Var(x1 - x0 given x_t).
  package func floor(at t: Double) -> Double {
    // Given x_t, whichever end moves less with the other decides where it is.
    let (z, x) = (noiseNodes, dataNodes)
    var sum = 0.0
    if t < 0.5 {
      // x_t = (1 - t) z + t x with x the variable inside, and dz = d x_t / (1 - t).
      for point in places(at: t) {
        sum +=
          point.weight
          * variance(
            of: x.map { data in
              let noise = self.noise((point.value - t * data.value) / (1 - t))
              return (data.mass * noise.density * pairs(noise, data) / (1 - t), data.value - noise.value)
            })
      }
    } else {
      for point in places(at: t) {
        sum +=
          point.weight
          * variance(
            of: z.map { noise in
              let data = self.data((point.value - (1 - t) * noise.value) / t)
              return (noise.mass * data.density * pairs(noise, data) / t, data.value - noise.value)
            })
      }
    }
    return sum
  }

  /// sum w y^2 - (sum w y)^2 / sum w
  private func variance(of terms: [(weight: Double, value: Double)]) -> Double {
    var (mass, first, second) = (0.0, 0.0, 0.0)
    for (weight, value) in terms {
      mass += weight
      first += weight * value
      second += weight * value * value
    }
    return mass > 0 ? second - first * first / mass : 0
  }

  // MARK: - Pairs

  /// A draw with its density and the shares below and above it, and what a node of a sum counts.
  private struct Draw {
    let value: Double, density: Double, below: Double, above: Double
    var mass = 0.0
  }

  private func noise(_ z: Double) -> Draw {
    Draw(value: z, density: Elementary.exp(-z * z / 2 - halfLogTwoPi), below: normalShare(z), above: normalShare(-z))
  }

  private func data(_ x: Double) -> Draw {
    let below = mixture.share(below: x)
    return Draw(value: x, density: Elementary.exp(mixture.logProb([x])), below: below, above: mixture.share(above: x))
  }

  /// The density of pairs over that of independent draws.
  private func pairs(_ noise: Draw, _ data: Draw) -> Double {
    let (p, q) = (noise.below * data.below, noise.above * data.above)
    // L_k = (q - p)^k P_k((q + p) / (q - p)): (k + 1) L_(k+1) = (2 k + 1) (q + p) L_k - k (q - p)^2 L_(k-1)
    var (before, last) = (0.0, 1.0)
    for k in 0..<group - 1 {
      let n = Double(k)
      let next: Double = ((2 * n + 1) * (q + p) * last - n * (q - p) * (q - p) * before) / (n + 1)
      (before, last) = (last, next)
    }
    return Double(group) * last
  }

  // MARK: - Nodes

  private func nodes(_ low: Double, _ high: Double, _ width: Double) -> [(value: Double, weight: Double)] {
    let pieces = Int(((high - low) / width).rounded(.up)), step = (high - low) / Double(pieces)
    return (0..<pieces).flatMap { piece in
      zip(rule.nodes, rule.weights).map { (low + (Double(piece) + $0) * step, $1 * step) }
    }
  }

  private var noiseNodes: [Draw] {
    nodes(-8.5, 8.5, 0.5).map { value, weight in
      var draw = noise(value)
      draw.mass = weight * draw.density
      return draw
    }
  }

  private var ends: (low: Double, high: Double, least: Double) {
    let parts = zip(mixture.means, mixture.covariances).map { ($0[0], $1[0][0].squareRoot()) }
    return (
      parts.map { $0.0 - 8.5 * $0.1 }.reduce(.infinity, min), parts.map { $0.0 + 8.5 * $0.1 }.reduce(-.infinity, max),
      parts.map(\.1).reduce(.infinity, min)
    )
  }

  private var dataNodes: [Draw] {
    nodes(ends.low, ends.high, ends.least / 2).map { value, weight in
      var draw = data(value)
      draw.mass = weight * draw.density
      return draw
    }
  }

  /// Nodes of x_t.
  private func places(at t: Double) -> [(value: Double, weight: Double)] {
    let reach = 8.5 * (1 - t), width = (1 - t) * (1 - t) + t * t * ends.least * ends.least
    return nodes(t * ends.low - reach, t * ends.high + reach, width.squareRoot() / 2)
  }
}
