import MinimAutodiff
import MinimKernels
import MinimNN
import MinimParallel
import TestSupport
import Testing

/// The number of the step, as an objective sees it.
@Suite struct StepNumberTests {
  private static func engine(
    shards: Int, workers: Int = 1, _ precision: Precision = .float64,
    objective: @escaping (Batch, _ weight: Tensor) -> Tensor
  ) throws -> StepEngine {
    let scope = ParameterScope()
    let weight = scope.parameter("weight", shape: [1], .zeros)
    return try StepEngine(
      parameters: try ParameterVector(scope.layout, precision: precision), optimizer: SGD(), batchSizes: [7],
      options: .init(shards: shards, clipNorm: nil, seed: 0), pool: WorkerPool(workers: workers),
      kernels: KernelTable(level: .preferred, precision: precision)
    ) { Objective("loss", objective(Batch(count: $0, exampleShape: [1]), weight)) }
  }

  private static func step(_ engine: StepEngine, _ number: Int, rate: Double = 1) throws -> StepEngine.Result {
    try engine.step(number, examples: 7, rate: rate) { range, input in
      for (slot, index) in range.enumerated() { input.examples[slot] = Double(index) }
    }
  }

  @Test("it is the loss where it is the objective", arguments: [1, 3], [1, 2, 3])
  func theNumberItself(_ shards: Int, _ workers: Int) throws {
    for precision in Precision.allCases {
      let engine = try Self.engine(shards: shards, workers: workers, precision) { batch, _ in batch.step }
      // In any order: a step is a function of its number.
      for number in [1, 2, 3, 1000, 7, 1 << 24] {
        let loss = try Self.step(engine, number).loss
        #expect(abs(loss / Double(number) - 1) < 1e-15 * 4)
      }
      // Beyond 2^24 a Float is the nearest one.
      let beyond = try Self.step(engine, 1 << 24 + 1).loss
      #expect(abs(beyond - Double(1 << 24) - (precision == .float64 ? 1 : 0)) < 1e-6)
    }
  }

  /// The loss is step mean(i) + step weight, so that every update is the rate times the step.
  @Test("it weighs what stands beside it, gradient included", arguments: [1, 3], [1, 2])
  func aWeight(_ shards: Int, _ workers: Int) throws {
    let engine = try Self.engine(shards: shards, workers: workers) { batch, weight in
      (batch.step * (batch.examples + weight)).mean()
    }
    var weight = 0.0
    for number in [1, 2, 5, 3] {
      let loss = try Self.step(engine, number, rate: 0.5).loss
      #expect(abs(loss - Double(number) * (3 + weight)) < 1e-12)
      weight -= 0.5 * Double(number)
      #expect(abs(engine.parameters.values[0] - weight) < 1e-12)
    }
  }

  /// log(step - 3) is -inf in step 3 alone: of a step that was not known, as of step 0, it would be NaN.
  @Test func theSearchForWhatIsNotFiniteKnowsIt() throws {
    let engine = try Self.engine(shards: 3) { batch, weight in log(batch.step - 3) + weight }
    let error = try #require(throws: NonFiniteStep.self) { _ = try Self.step(engine, 3) }
    #expect(error.step == 3 && error.value?.value == -.infinity)
    #expect(try Self.step(engine, 4).loss == 0)
  }

  @Test func itIsWrittenWithoutAnAllocation() throws {
    let engine = try Self.engine(shards: 3) { batch, weight in (batch.step * (batch.examples + weight)).mean() }
    _ = try Self.step(engine, 1)
    let count = try allocations { for number in 2...500 { _ = try Self.step(engine, number, rate: 1e-6) } }
    #expect(count ?? 0 == 0)
  }
}
