import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN
import MinimParallel
import TestSupport
import Testing

/// Batch normalization by the statistics of a whole batch, however it is cut.
@Suite struct BatchNormTests {
  private static let count = 22, width = 3

  /// A net with two normalisations, one behind the other, so that gradients pass through statistics of statistics.
  private struct Net {
    let layout: ParameterLayout
    let objective: (Tensor) -> Objective

    /// - Parameter isWhole: false: each shard has statistics of its own, which is another function.
    init(isWhole: Bool = true) {
      let scope = ParameterScope()
      let first = Linear(scope.scope("first"), inputs: BatchNormTests.width, outputs: 5)
      let norms = [
        BatchNorm(scope.scope("norm0"), channels: 5), BatchNorm(scope.scope("norm1"), channels: 2, isAffine: false),
      ]
      let second = Linear(scope.scope("second"), inputs: 5, outputs: 2)
      layout = scope.layout
      func own(_ x: Tensor) -> BatchNorm.Statistics {
        let mean = x.mean(axes: [0])
        return .init(mean: mean, variance: square(x - mean).mean(axes: [0]))
      }
      objective = { x in
        let h = first(x)
        let y = second(tanh(norms[0](h, isWhole ? nil : own(h))))
        let z = norms[1](y, isWhole ? nil : own(y))
        let targets = x.slice([0, 0], shape: [x.shape[0], 2])
        return Objective("loss", (square(z - targets) + 0.1 * square(square(z))).sum(axes: [1]).mean())
      }
    }
  }

  private static let data = Dataset(
    name: "rows", exampleShape: [width], values: values(count * width, seed: 4).map(Float.init))

  /// Losses and parameters of a few steps.
  private static func train(
    _ net: Net, shards: Int, workers: Int = 1, precision: Precision = .float64, optimizer: any Optimizer = Adam(),
    group: any ShardGroup = SingleProcess()
  ) throws -> (losses: [Double], parameters: [Double]) {
    let vector = try ParameterVector(net.layout, precision: precision)
    vector.initialize(seed: 3)
    let indices = Array(0..<count)
    let engine = try StepEngine(
      parameters: vector, optimizer: optimizer, batchSizes: [count],
      options: .init(shards: shards, clipNorm: nil, seed: 1, group: group), pool: WorkerPool(workers: workers),
      kernels: .current(precision)
    ) { net.objective(Batch(count: $0, exampleShape: [width]).examples) }
    let losses = try (1...8).map { step in
      try engine.step(step, examples: count, rate: 0.05) { range, input in
        input.write(indices[range], of: data)
      }.loss
    }
    return (losses, vector.values)
  }

  @Test("outputs have mean 0 and variance 1, and given statistics are used") func definition() throws {
    let norm = BatchNorm(ParameterScope(), channels: 2, isAffine: false, epsilon: 0)
    let x = Tensor.input("x", shape: [4, 2])
    let given = BatchNorm.Statistics(mean: .constant([1, 2], shape: [2]), variance: .constant([4, 9], shape: [2]))
    let rows: [Double] = [1, 5, 2, 5, 3, 9, 6, 1]
    let found = try evaluate([norm(x), norm(x, given)], parameters: [], inputs: ["x": rows])
    for channel in 0..<2 {
      let column = (0..<4).map { rows[2 * $0 + channel] }
      let mean = column.reduce(0, +) / 4
      let deviation = (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4).squareRoot()
      #expect(distance((0..<4).map { found[0][2 * $0 + channel] }, column.map { ($0 - mean) / deviation }) < 1e-12)
    }
    #expect(distance(found[1], (0..<8).map { (rows[$0] - [1, 2][$0 % 2]) / [2, 3][$0 % 2] }) < 1e-12)
  }

  @Test("gradients through the statistics of one batch agree with differences") func gradients() throws {
    let net = Net()
    let x = Tensor.constant(Self.data.values.map(Double.init), shape: [Self.count, Self.width])
    let loss = net.objective(x).value
    let vector = try ParameterVector(net.layout, precision: .float64)
    vector.initialize(seed: 3)
    let base = vector.values
    let gradients = try evaluate(
      gradient(of: loss, withRespectTo: net.layout.entries.map(\.tensor)), parameters: base)
    let direction = values(base.count, seed: 9)
    let exact = zip(net.layout.entries, gradients).reduce(0.0) { sum, it in
      sum + zip(it.0.range, it.1).reduce(0) { $0 + direction[$1.0] * $1.1 }
    }
    func at(_ t: Double) throws -> Double {
      try evaluate([loss], parameters: zip(base, direction).map { $0 + t * $1 })[0][0]
    }
    let difference = try (at(1e-5) - at(-1e-5)) / 2e-5
    #expect(abs(exact - difference) < 1e-7 * max(1, abs(difference)) && abs(exact) > 1e-2)
  }

  @Test("steps do not depend on how a batch is cut, beyond rounding; with each shard's own statistics they do")
  func shards() throws {
    // A bias before a normalization has no gradient but rounding, which Adam would make steps of.
    let whole = try Self.train(Net(), shards: 1, optimizer: SGD())
    for shards in [2, 3, 5, 22] {
      let cut = try Self.train(Net(), shards: shards, optimizer: SGD())
      #expect(distance(cut.losses, whole.losses) < 1e-12, "\(shards) shards")
      #expect(distance(cut.parameters, whole.parameters) < 1e-12)
    }
    let own = try Self.train(Net(isWhole: false), shards: 3, optimizer: SGD())
    #expect(distance(own.losses, whole.losses) > 1e-3)
  }

  @Test("the same bits for any number of workers", arguments: Precision.allCases) func workers(_ precision: Precision)
    throws
  {
    for shards in [3, 8] {
      let alone = try Self.train(Net(), shards: shards, precision: precision)
      for workers in [2, 3, 7] {
        let team = try Self.train(Net(), shards: shards, workers: workers, precision: precision)
        #expect(bits([team.losses, team.parameters]) == bits([alone.losses, alone.parameters]))
      }
    }
  }

  @Test(
    "the same bits for any number of processes, which exchange the statistics of their shards",
    arguments: Precision.allCases)
  func processes(_ precision: Precision) throws {
    for shards in [3, 8] {
      let alone = try Self.train(Net(), shards: shards, precision: precision)
      for owners in [2, 3, 9] {
        let all = try SimulatedGroup.run(owners) { group in
          let found = try Self.train(Net(), shards: shards, precision: precision, group: group)
          return [found.losses, found.parameters]
        }
        for one in all { #expect(bits(one) == bits([alone.losses, alone.parameters])) }
      }
    }
  }

  @Test("a step allocates nothing") func noAllocations() throws {
    let net = Net(), vector = try ParameterVector(net.layout, precision: .float32)
    vector.initialize(seed: 3)
    let indices = Array(0..<Self.count)
    let engine = try StepEngine(
      parameters: vector, optimizer: SGD(), batchSizes: [Self.count],
      options: .init(shards: 4, clipNorm: nil, seed: 1), pool: WorkerPool(workers: 1), kernels: .current(.float32)
    ) { net.objective(Batch(count: $0, exampleShape: [Self.width]).examples) }
    func steps(_ range: ClosedRange<Int>) throws {
      for step in range {
        _ = try engine.step(step, examples: Self.count, rate: 0.01) { range, input in
          input.write(indices[range], of: Self.data)
        }
      }
    }
    try steps(1...10)
    let count = try allocations { try steps(11...60) }
    #expect(count ?? 0 == 0)
  }
}
