import MinimKernels
import MinimNN

/// Steps of plain descent on the Dirac-GAN in plain numbers, and their rotation and contraction near 0.
package struct DiracRule: Sendable {
  /// The order of moves.
  package enum Order: Sendable { case simultaneous, criticFirst, generatorFirst }

  /// The step size.
  package let rate: Double
  /// The order of moves.
  package let order: Order

  /// Creates a rule from its parts.
  package init(rate: Double, _ order: Order) {
    self.rate = rate
    self.order = order
  }

  /// The rule of a run; nil unless it is plain simultaneous or alternating descent.
  package init?(_ rule: UpdateRule) {
    guard let own = LinearRule(rule), own.descent == .momentum(0), own.consensus == 0 else { return nil }
    rate = own.rate
    switch own.dynamics {
    case .simultaneous: order = .simultaneous
    case .alternating(let names, 1): order = names.first == "generator" ? .generatorFirst : .criticFirst
    default: return nil
    }
  }

  var name: String {
    switch order {
    case .simultaneous: "simultaneous"
    case .criticFirst: "alternating, the critic first"
    case .generatorFirst: "alternating, the generator first"
    }
  }

  /// [psi, theta] at the start and after each step: psi ascends L - gamma / 2 psi^2 and theta descends L, where f' is a sigmoid.
  package func trajectory(from start: [Double], steps: Int, _ gamma: Double) -> [[Double]] {
    var all = [start]
    var (psi, theta) = (start[0], start[1])
    func slope() -> Double { Elementary.sigmoid(-(psi * theta)) }
    func moveCritic(_ slope: Double, _ theta: Double) { psi += rate * (slope * theta - gamma * psi) }
    func moveGenerator(_ slope: Double, _ psi: Double) { theta -= rate * slope * psi }
    for _ in 0..<steps {
      switch order {
      case .simultaneous:
        let (slope, before) = (slope(), psi)
        moveCritic(slope, theta)
        moveGenerator(slope, before)
      case .criticFirst:
        moveCritic(slope(), theta)
        moveGenerator(slope(), psi)
      case .generatorFirst:
        moveGenerator(slope(), psi)
        moveCritic(slope(), theta)
      }
      all.append([psi, theta])
    }
    return all
  }

  /// The step's matrix at 0, where f' is 1/2, for [psi, theta], row-major.
  package func matrix(_ gamma: Double) -> [Double] {
    let critic = Matrix(n: 2, [1 - rate * gamma, rate / 2, 0, 1])
    let generator = Matrix(n: 2, [1, 0, -rate / 2, 1])
    return switch order {
    case .simultaneous: [1 - rate * gamma, rate / 2, -rate / 2, 1]
    case .criticFirst: (generator * critic).values
    case .generatorFirst: (critic * generator).values
    }
  }

  /// The factor by which the game shrinks or grows near 0 in the long run.
  ///
  /// - Throws: `KernelError` if LAPACK does not converge.
  package func spectralRadius(_ gamma: Double) throws -> Double {
    try LAPACK.eigenvalues(matrix(gamma), n: 2).map(\.modulus).max() ?? .nan
  }
}
