import MinimData
import MinimKernels
import MinimNN

/// A checkerboard behind noise, x_t = alpha x1 + sigma x0, in closed form. A square with noise is a product of two truncated
/// normals, and the squares with mass are all pairs of even intervals and all pairs of odd ones:
///
///     p_t(x, y) = (E(x) E(y) + O(x) O(y)) / squares
///
/// with the sums E and O of the intervals' densities. Numbers, not expressions: nothing here is differentiated by the engine.
package struct NoisyCheckerboard: Sendable {
  private let path: ProbabilityPath
  private let board: Checkerboard
  private let narrowRule = GaussLegendre(20)

  /// Creates the law of a noisy board.
  package init(_ path: ProbabilityPath, _ board: Checkerboard) { (self.path, self.board) = (path, board) }

  // MARK: - Along one axis

  /// The sums over every second interval of an axis at a place: of the density, its derivatives by place and time, and the
  /// moments of the data's value about a center, weighted with it.
  struct Sums {
    var density = 0.0, slope = 0.0, rate = 0.0, first = 0.0, second = 0.0

    static func += (sums: inout Sums, other: Sums) {
      sums.density += other.density
      sums.slope += other.slope
      sums.rate += other.rate
      sums.first += other.first
      sums.second += other.second
    }
  }

  /// The sums over the even intervals and over the odd ones at a place of an axis.
  struct Axis {
    /// Near the data's values that the place speaks for: moments about it lose no digits.
    let center: Double
    var even = Sums(), odd = Sums()
  }

  /// The sums at a place of an axis.
  func axis(_ x: Double, _ f: ProbabilityPath.Factors<Double>) -> Axis {
    let bounds = board.bounds[0]
    // At the beginning of a path no place says anything.
    let center = abs(x) < f.alpha * bounds.upperBound ? x / f.alpha : x < 0 ? bounds.lowerBound : bounds.upperBound
    var axis = Axis(center: center)
    for interval in 0..<board.squares {
      let start = bounds.lowerBound + Double(interval) * board.side
      let isShort = f.alpha * board.side < 2 * f.sigma
      let sums = isShort ? narrow(start, x, center, f) : wide(start, x, center, f)
      if interval % 2 == 0 { axis.even += sums } else { axis.odd += sums }
    }
    return axis
  }

  /// The sums of the interval of one side from `start` on, by the truncated normal that the data's value is given x.
  private func wide(_ start: Double, _ x: Double, _ center: Double, _ f: ProbabilityPath.Factors<Double>) -> Sums {
    let w = board.side, end = start + w
    let upper = (x - f.alpha * start) / f.sigma, lower = (x - f.alpha * end) / f.sigma
    let (atUpper, atLower) = (Self.normalDensity(upper), Self.normalDensity(lower))
    // int z^k phi(z) dz between both, where the data's value is (x - sigma z) / alpha.
    let mass = Self.normalMass(lower, upper), first = atLower - atUpper
    let second = mass + lower * atLower - upper * atUpper
    let scale = 1 / (f.alpha * w), shift = x / f.alpha - center, width = f.sigma / f.alpha
    let upperRate = -(f.alphaRate * start + upper * f.sigmaRate) / f.sigma
    let lowerRate = -(f.alphaRate * end + lower * f.sigmaRate) / f.sigma
    return Sums(
      density: scale * mass, slope: scale * (atUpper - atLower) / f.sigma,
      rate: scale * (atUpper * upperRate - atLower * lowerRate - f.alphaRate / f.alpha * mass),
      first: scale * (shift * mass - width * first),
      second: scale * (shift * shift * mass - 2 * shift * width * first + width * width * second))
  }

  /// The same by quadrature, where the interval is short against the noise and differences would cancel.
  private func narrow(_ start: Double, _ x: Double, _ center: Double, _ f: ProbabilityPath.Factors<Double>) -> Sums {
    var sums = Sums()
    for (node, weight) in zip(narrowRule.nodes, narrowRule.weights) {
      let y = start + node * board.side, z = (x - f.alpha * y) / f.sigma
      let share = weight * Self.normalDensity(z) / f.sigma
      sums += Sums(
        density: share, slope: -share * z / f.sigma,
        rate: share * (z * (f.alphaRate * y + z * f.sigmaRate) - f.sigmaRate) / f.sigma, first: share * (y - center),
        second: share * (y - center) * (y - center))
    }
    return sums
  }

  private static func normalDensity(_ z: Double) -> Double { Elementary.exp(-z * z / 2 - halfLogTwoPi) }

  /// The mass of a standard normal between two numbers, to the last digits in both tails.
  private static func normalMass(_ lower: Double, _ upper: Double) -> Double {
    let (a, b) = (Statistics.normalTail(lower) / 2, Statistics.normalTail(upper) / 2)
    if lower > 0 { return a - b }
    if upper < 0 { return b - a }
    return 1 - a - b
  }

  // MARK: - At a point

  /// What is known of a point at a time.
  package struct Posterior: Sendable {
    /// p_t, and the derivative of log p_t by the time.
    package let density: Double, rate: Double
    /// grad log p_t, E[x1 given x_t] and u.
    package let score: (Double, Double), data: (Double, Double), velocity: (Double, Double)
    /// tr Cov(x1 given x_t).
    package let spread: Double
    /// div u.
    package let divergence: Double
  }

  /// What is known of a point at a time.
  package func posterior(_ x: Double, _ y: Double, at time: Double) -> Posterior {
    let f = path.factors(time)
    return posterior(x, y, axis(x, f), axis(y, f), f)
  }

  /// The same from the sums along both axes.
  func posterior(
    _ x: Double, _ y: Double, _ a: Axis, _ b: Axis, _ f: ProbabilityPath.Factors<Double>
  ) -> Posterior {
    /// E E + O O of one sum along each axis.
    func pairs(_ first: KeyPath<Sums, Double>, _ second: KeyPath<Sums, Double>) -> Double {
      a.even[keyPath: first] * b.even[keyPath: second] + a.odd[keyPath: first] * b.odd[keyPath: second]
    }
    let mass = pairs(\.density, \.density)
    let off = (pairs(\.first, \.density) / mass, pairs(\.density, \.first) / mass)
    let square = (pairs(\.second, \.density) + pairs(\.density, \.second)) / mass
    let spread = square - off.0 * off.0 - off.1 * off.1
    let data = (a.center + off.0, b.center + off.1)
    // u = alpha' E x1 + sigma' (x - alpha E x1) / sigma
    let (perData, perPoint) = (f.alphaRate - f.alpha * f.sigmaRate / f.sigma, f.sigmaRate / f.sigma)
    return Posterior(
      density: mass / Double(board.corners.count),
      rate: (pairs(\.rate, \.density) + pairs(\.density, \.rate)) / mass,
      score: (pairs(\.slope, \.density) / mass, pairs(\.density, \.slope) / mass), data: data,
      velocity: (perData * data.0 + perPoint * x, perData * data.1 + perPoint * y), spread: spread,
      divergence: perData * f.alpha / (f.sigma * f.sigma) * spread + 2 * perPoint)
  }

  // MARK: - A rule for integrals

  /// Nodes and weights along an axis for integrals over p_t at a time: pieces that begin and end around the edges of the
  /// intervals, each with Gauss and Legendre's rule.
  private func rule(at time: Double) -> [(node: Double, weight: Double)] {
    let f = path.factors(time), low = board.bounds[0].lowerBound
    let edges = (0...board.squares).map { f.alpha * (low + Double($0) * board.side) }
    let ends = edges.flatMap { edge in [-7.5, -3.5, -1.75, 0, 1.75, 3.5, 7.5].map { edge + $0 * f.sigma } }.sorted()
    // Pieces shorter than the noise are of no use.
    let apart = ends.reduce(into: [Double]()) { kept, end in
      if kept.last.map({ end - $0 > 1.25 * f.sigma }) ?? true { kept.append(end) }
    }
    let rule = GaussLegendre(9)
    return zip(apart, apart.dropFirst()).flatMap { start, end in
      zip(rule.nodes, rule.weights).map { (start + $0 * (end - start), $1 * (end - start)) }
    }
  }

  /// A node of the plane, with its share of the mass of p_t.
  struct Node {
    let x: Double, y: Double, mass: Double
    let posterior: Posterior
  }

  /// The nodes of the plane that have mass, for integrals over p_t at a time.
  func points(at time: Double) -> [Node] {
    let f = path.factors(time)
    let nodes = rule(at: time).map { (place: $0.node, weight: $0.weight, sums: axis($0.node, f)) }
    return nodes.flatMap { first in
      nodes.compactMap { second -> Node? in
        let point = posterior(first.place, second.place, first.sums, second.sums, f)
        let mass = first.weight * second.weight * point.density
        // All that are left out together have less than 1e-9. Far outside, the density is below all numbers.
        return mass > 1e-15 ? Node(x: first.place, y: second.place, mass: mass, posterior: point) : nil
      }
    }
  }
}
