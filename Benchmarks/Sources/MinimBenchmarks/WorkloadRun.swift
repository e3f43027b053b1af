import Dispatch
import Minim
@_spi(Minim) import MinimAutodiff
import MinimKernels
@_spi(Minim) import MinimNN
import MinimParallel

/// A workload under an engine.
final class WorkloadRun {
  let workload: Workload
  let workers: Int
  private let engine: StepEngine
  private let order: BatchOrder?
  private var step = 0

  static let seed: UInt64 = 1

  init(_ workload: Workload, workers: Int) throws {
    self.workload = workload
    self.workers = workers
    let parameters = try ParameterVector(workload.parameters, precision: .float32)
    parameters.initialize(seed: Self.seed)
    order = workload.data.map {
      BatchOrder(count: $0.count, examples: workload.examples, drawing: workload.drawing, seed: Self.seed)
    }
    engine = try StepEngine(
      parameters: parameters, optimizer: workload.optimizer, batchSizes: [workload.examples],
      options: .init(shards: workload.shards, clipNorm: nil, seed: Self.seed), pool: WorkerPool(workers: workers),
      kernels: .current(.float32)
    ) { workload.objective(Batch(count: $0, exampleShape: workload.exampleShape)) }
  }

  /// The values of a parameter as they are now.
  subscript(entry: ParameterLayout.Entry) -> [Double] { engine.parameters[entry] }

  /// Trains for some steps; returns the loss before the last one.
  @discardableResult func run(steps: Int) throws -> Double {
    var loss = Double.nan
    for _ in 0..<steps { loss = try nextStep() }
    return loss
  }

  /// Trains for some steps and returns the seconds that they took.
  func time(steps: Int) throws -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    try run(steps: steps)
    return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
  }

  private func nextStep() throws -> Double {
    guard let order, let data = workload.data else { return try takeStep { _, _ in } }
    _ = order.draw(step: step + 1)
    let indices = order.indices
    return try takeStep { range, input in input.write(indices[range], of: data) }
  }

  /// The next step on the first examples of the data.
  func stepOnFirstExamples() throws -> Double {
    let indices = workload.firstExamples
    return try takeStep { range, input in
      if let data = workload.data { input.write(indices[range], of: data) }
    }
  }

  private func takeStep(_ fill: (Range<Int>, BatchBuffer) -> Void) throws -> Double {
    step += 1
    return try engine.step(step, examples: workload.examples, rate: workload.rate, fill: fill).loss
  }

  // MARK: - What a step costs

  /// The multiplications and additions of the products of a step.
  var floatingPointOperations: Int { engine.floatingPointOperations(examples: workload.examples) }

  /// The instructions of the largest shard.
  var instructionTimes: [InstructionTime] {
    let indices = workload.firstExamples
    return engine.instructionTimes(examples: workload.examples, runs: 201) { range, input in
      if let data = workload.data { input.write(indices[range], of: data) }
    }
  }
}

extension Workload {
  /// The batch of a comparison: the first rows, from the start again where there are fewer.
  var firstExamples: [Int] { (0..<examples).map { $0 % (data?.count ?? 1) } }
}
