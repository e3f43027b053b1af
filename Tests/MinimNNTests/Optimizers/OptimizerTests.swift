import MinimKernels
@_spi(Minim) import MinimNN
import TestSupport
import Testing

/// The optimizers against their papers' formulas, in plain loops over Double.
@Suite struct OptimizerTests {
  /// Parameters, gradients and state of one optimizer, stepped with gradients that change from step to step.
  private struct Bench {
    let parameters: ParameterVector
    let gradient: ParameterVector
    let state: [ParameterVector]
    let vectors: OptimizerVectors

    init(
      _ count: Int, stateVectors: Int, _ level: KernelLevel, _ precision: Precision, areShared: Bool = false
    ) throws {
      let scope = ParameterScope()
      _ = scope.parameter("p", shape: [count], .uniform(bound: 1))
      func vector() throws -> ParameterVector { try ParameterVector(scope.layout, precision: precision) }
      parameters = try vector()
      gradient = try vector()
      state = try (0..<stateVectors).map { _ in try vector() }
      parameters.initialize(seed: 11)
      vectors = OptimizerVectors(
        parameters: parameters.pointer, gradient: gradient.pointer, state: state.map(\.pointer),
        areShared: areShared, kernels: try KernelTable(level: level, precision: precision))
    }

    func setGradient(step: Int) {
      var generator = SplitMix(seed: UInt64(step))
      gradient.values = gradient.values.map { _ in generator.symmetric() * 3 }
    }
  }

  private static let count = 100
  private static let rates = [0.1, 0.05, 0.2, 0.01, 0.1, 0.1, 0.03, 0.1]
  private static let gradientScale = 0.25

  /// Steps `optimizer` and returns its parameters after each step, and the gradients that it saw.
  private static func trajectory(
    _ optimizer: any Optimizer, _ level: KernelLevel, _ precision: Precision, cut: [Range<Int>]? = nil,
    areShared: Bool = false
  ) throws -> (start: [Double], gradients: [[Double]], after: [[Double]]) {
    let bench = try Bench(count, stateVectors: optimizer.stateNames.count, level, precision, areShared: areShared)
    let start = bench.parameters.values
    var gradients: [[Double]] = []
    var after: [[Double]] = []
    for (index, rate) in rates.enumerated() {
      bench.setGradient(step: index + 1)
      gradients.append(bench.gradient.values)
      let step = OptimizerStep(
        rate: rate, gradientScale: gradientScale, updates: index + 1)
      for block in cut ?? [0..<bench.parameters.layout.count] { optimizer.update(block, bench.vectors, step) }
      after.append(bench.parameters.values)
    }
    return (start, gradients, after)
  }

  /// Kingma and Ba, algorithm 1, with the decoupled decay of Loshchilov and Hutter, algorithm 2.
  private static func adam(
    _ start: [Double], _ gradients: [[Double]], _ beta1: Double, _ beta2: Double, _ epsilon: Double, _ decay: Double
  ) -> [[Double]] {
    var p = start
    var m = start.map { _ in 0.0 }
    var v = start.map { _ in 0.0 }
    var (power1, power2) = (1.0, 1.0)
    return zip(gradients, rates).map { gradient, rate in
      power1 *= beta1
      power2 *= beta2
      for i in p.indices {
        let g = gradient[i] * gradientScale
        m[i] = beta1 * m[i] + (1 - beta1) * g
        v[i] = beta2 * v[i] + (1 - beta2) * g * g
        let (mHat, vHat) = (m[i] / (1 - power1), v[i] / (1 - power2))
        p[i] -= rate * (mHat / (vHat.squareRoot() + epsilon) + decay * p[i])
      }
      return p
    }
  }

  private static func sgd(
    _ start: [Double], _ gradients: [[Double]], _ momentum: Double, _ decay: Double, nesterov: Bool = false
  ) -> [[Double]] {
    var p = start
    var u = start.map { _ in 0.0 }
    return zip(gradients, rates).map { gradient, rate in
      for i in p.indices {
        let g = gradient[i] * gradientScale + decay * p[i]
        u[i] = momentum * u[i] + g
        p[i] -= rate * (nesterov ? g + momentum * u[i] : u[i])
      }
      return p
    }
  }

  private static func largestDifference(_ a: [[Double]], _ b: [[Double]]) -> Double {
    zip(a, b).flatMap { zip($0, $1).map { abs($0 - $1) } }.max() ?? .infinity
  }

  private static func tolerance(_ precision: Precision) -> Double { precision == .float32 ? 2e-6 : 1e-13 }

  @Test("Adam is the paper's", arguments: Precision.allCases, [0, 0.1])
  func adamIsThePapers(_ precision: Precision, weightDecay: Double) throws {
    let adam = Adam(beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: weightDecay)
    for level in KernelLevel.bitExact {
      let found = try Self.trajectory(adam, level, precision)
      let expected = Self.adam(found.start, found.gradients, 0.8, 0.95, 1e-3, weightDecay)
      #expect(Self.largestDifference(found.after, expected) < Self.tolerance(precision))
      // The control: without the scale of the gradient, or with another decay, the paths part.
      let other = Self.adam(found.start, found.gradients, 0.8, 0.95, 1e-3, weightDecay + 0.01)
      #expect(Self.largestDifference(found.after, other) > 1e-4)
    }
  }

  @Test("SGD with momentum and weight decay is the plain formula", arguments: Precision.allCases, [0, 0.9])
  func sgdIsThePlainFormula(_ precision: Precision, momentum: Double) throws {
    for (level, decay) in KernelLevel.bitExact.flatMap({ level in [0, 0.1].map { (level, $0) } }) {
      let found = try Self.trajectory(SGD(momentum: momentum, weightDecay: decay), level, precision)
      let expected = Self.sgd(found.start, found.gradients, momentum, decay)
      #expect(Self.largestDifference(found.after, expected) < Self.tolerance(precision))
      let other = Self.sgd(found.start, found.gradients, momentum + 0.05, decay)
      #expect(Self.largestDifference(found.after, other) > 1e-3)
    }
  }

  @Test("Nesterov's momentum is the plain formula", arguments: Precision.allCases)
  func nesterovIsThePlainFormula(_ precision: Precision) throws {
    for (level, decay) in KernelLevel.bitExact.flatMap({ level in [0, 0.1].map { (level, $0) } }) {
      let found = try Self.trajectory(SGD(momentum: 0.9, weightDecay: decay, nesterov: true), level, precision)
      let expected = Self.sgd(found.start, found.gradients, 0.9, decay, nesterov: true)
      #expect(Self.largestDifference(found.after, expected) < Self.tolerance(precision))
      let plain = Self.sgd(found.start, found.gradients, 0.9, decay)
      #expect(Self.largestDifference(found.after, plain) > 1e-3)
    }
  }

  @Test("blocks give the bits of the whole, at every level, shared or not", arguments: Precision.allCases)
  func blocksGiveTheSameBits(_ precision: Precision) throws {
    let cut = [0..<16, 16..<17, 17..<64, 64..<101, 101..<112]
    let heavy = SGD(momentum: 0.9, weightDecay: 0.1)
    let optimizers: [any Optimizer] = [
      Adam(weightDecay: 0.1), heavy, SGD(momentum: 0.9, weightDecay: 0.1, nesterov: true), SGD(),
      Averaged(heavy, decay: 0.9),
    ]
    for optimizer in optimizers {
      let paths = try KernelLevel.bitExact.flatMap { level in
        [
          try Self.trajectory(optimizer, level, precision).after,
          try Self.trajectory(optimizer, level, precision, cut: cut).after,
          try Self.trajectory(optimizer, level, precision, areShared: true).after,
          try Self.trajectory(optimizer, level, precision, cut: cut, areShared: true).after,
        ]
      }
      for path in paths { #expect(path == paths[0]) }
    }
  }

  @Test func paddingStaysZero() throws {
    let optimizers: [any Optimizer] = [
      Adam(weightDecay: 0.1), SGD(momentum: 0.9, weightDecay: 0.1), Averaged(SGD(), decay: 0.9),
    ]
    for optimizer in optimizers {
      let bench = try Bench(5, stateVectors: optimizer.stateNames.count, .preferred, .float32)
      for step in 1...3 {
        bench.gradient.values = (0..<16).map { $0 < 5 ? 1 : 0 }
        optimizer.update(
          0..<16, bench.vectors, OptimizerStep(rate: 0.1, gradientScale: 1, updates: step))
      }
      for vector in [bench.parameters] + bench.state {
        #expect(vector.values.dropFirst(5).allSatisfy { $0 == 0 })
        #expect(vector.values.prefix(5).allSatisfy { $0 != 0 })
      }
    }
  }

  @Test("the bias of Adam's means is corrected exactly, whatever the number of updates")
  func correction() throws {
    // A constant gradient g has the means g and g^2 after any number of updates, if the correction is right.
    let bench = try Bench(16, stateVectors: 2, .preferred, .float64)
    let adam = Adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-16)
    var expected = bench.parameters.values[0]
    for step in 1...3000 {
      bench.gradient.values = [Double](repeating: 0.25, count: 16)
      adam.update(0..<16, bench.vectors, OptimizerStep(rate: 0.01, gradientScale: 1, updates: step))
      expected -= 0.01
      if [1, 2, 10, 1000, 3000].contains(step) { #expect(abs(bench.parameters.values[0] - expected) < 1e-9) }
    }
  }

  @Test func stateIsNamed() {
    #expect(Adam().stateNames == ["firstMoment", "secondMoment"])
    #expect(SGD().stateNames.isEmpty)
    #expect(SGD(momentum: 0.5).stateNames == ["velocity"])
    #expect(Averaged(SGD(), decay: 0.9).stateNames == ["average"])
    #expect(Averaged(Adam(), decay: 0.9).stateNames == ["firstMoment", "secondMoment", "average"])
  }
}
