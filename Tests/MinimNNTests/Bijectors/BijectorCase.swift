import MinimAutodiff
import MinimData
import MinimNN
import TestSupport
import Testing

/// A bijector with parameters, to be put to the tests that every bijector passes.
struct BijectorCase: Sendable, CustomTestStringConvertible {
  let name: String
  let dimensions: Int
  let build: @Sendable (ParameterScope) -> any Bijector

  var testDescription: String { name }

  init(_ name: String, _ dimensions: Int, _ build: @escaping @Sendable (ParameterScope) -> any Bijector) {
    self.name = name
    self.dimensions = dimensions
    self.build = build
  }

  init(
    _ name: String, _ mask: CouplingMask, hidden: [Int] = [7], _ activation: Activation = .tanh,
    _ bound: AffineCoupling.Bound = .perDimension
  ) {
    self.init(name, mask.dimensions) { AffineCoupling($0, mask, hidden: hidden, activation, bound: bound) }
  }

  /// The bijector, with its parameters as they start, or at random.
  func make(seed: UInt64? = nil) throws -> (bijector: any Bijector, vector: ParameterVector) {
    let scope = ParameterScope()
    let bijector = build(scope)
    let vector = try ParameterVector(scope.layout, precision: .float64)
    vector.initialize(seed: 3)
    if let seed {
      for (i, entry) in vector.layout.entries.enumerated() {
        vector[entry] = values(entry.shape.elementCount, seed: seed + UInt64(i)).map { 0.7 * $0 }
      }
    }
    return (bijector, vector)
  }
}

extension CouplingMask {
  /// One of no pattern.
  static let irregular = CouplingMask([true, true, false, true, false, false, true])
}

/// All of these start as the identity.
let couplingCases: [BijectorCase] =
  [
    BijectorCase("half of 2", .half(2)),
    BijectorCase("other half of 2", .half(2).complement, hidden: [6, 5], .tanh, .shared),
    BijectorCase("half of 5", .half(5), hidden: [], .relu, .none),
    BijectorCase("alternating 4", .alternating(4), hidden: [8], .relu),
    BijectorCase("odd of 5", .alternating(5).complement, hidden: [4, 4], .tanh, .none),
    BijectorCase("checkerboard 3x3", .checkerboard(height: 3, width: 3)),
    BijectorCase("checkerboard 2x4", .checkerboard(height: 2, width: 4).complement, hidden: [6], .tanh, .shared),
    BijectorCase("irregular", .irregular, hidden: [5], .tanh, .none),
  ]

let startingAsIdentity: [BijectorCase] =
  couplingCases + [
    BijectorCase("ActNorm", 4) { ActNorm($0, dimensions: 4) },
    BijectorCase("affine 1", 1) { Affine($0, dimensions: 1) },
    BijectorCase("affine 2", 2) { Affine($0, dimensions: 2) },
    BijectorCase("affine 6", 6) { Affine($0, dimensions: 6) },
    BijectorCase("inverse", 4) { Inverse(AffineCoupling($0, .half(4), hidden: [5], .tanh)) },
    BijectorCase("inverse affine", 3) { Inverse(Affine($0, dimensions: 3)) },
    BijectorCase("empty chain", 3) { _ in Chain([]) },
    BijectorCase("there and back", 3) { _ in Chain([Permutation([2, 0, 1]), Permutation([1, 2, 0])]) },
  ]

let bijectorCases: [BijectorCase] =
  startingAsIdentity + [
    BijectorCase("reversal", 5) { _ in Permutation.reversal(5) },
    // All of [-2, 2] has a logit here.
    BijectorCase("logit", 3) { _ in Logit(width: 4, alpha: 0.35) },
    BijectorCase("inverse logit", 3) { _ in Inverse(Logit(width: 4, alpha: 0.35)) },
    BijectorCase("rescale", 3) { _ in Rescale(Scaling(offset: [1, 0, -2], scale: [0.5, 3, 1])) },
    BijectorCase("permutation", 4) { _ in Permutation([2, 0, 3, 1]) },
    BijectorCase("chain", 4, chain),
    BijectorCase("inverse chain", 4) { Inverse(Chain([chain($0), Inverse(Affine($0.scope("last"), dimensions: 4))])) },
  ]

/// One of each.
@Sendable private func chain(_ scope: ParameterScope) -> any Bijector {
  Chain([
    ActNorm(scope.scope("0"), dimensions: 4),
    AffineCoupling(scope.scope("1"), .half(4), hidden: [6], .tanh),
    Permutation([1, 3, 0, 2]),
    Affine(scope.scope("2"), dimensions: 4),
    AffineCoupling(scope.scope("3"), .alternating(4), hidden: [5], .tanh, bound: .none),
  ])
}
