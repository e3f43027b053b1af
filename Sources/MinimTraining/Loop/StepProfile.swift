@_spi(Minim) import MinimAutodiff
import MinimData
@_spi(Minim) import MinimKernels
@_spi(Minim) import MinimNN
import MinimParallel

/// The time of an experiment's step: the largest shard by instruction, and whole steps by the number of workers.
package struct StepProfile {
  /// The instructions of the largest shard, in the order in which they run.
  package let instructions: [InstructionTime]
  /// The examples of that shard, and the shards per batch.
  package let examples: Int, shards: Int
  /// Bytes that each worker needs for the plan, and bytes shared by all: parameters, gradient slots and optimizer
  /// state.
  package let bytesPerWorker: Int, sharedBytes: Int
  /// The median time of a whole step for each number of workers.
  package let steps: [(workers: Int, seconds: Double)]
  /// The multiplications and additions of a step's products, and the most that one thread can do per second.
  package let operationsPerStep: Int, peak: Double

  /// What a step by several processes would take.
  package let group: GroupCost

  private static let runs = 201

  /// Trains the experiment for a moment, from its start, without writing anything.
  ///
  /// - Throws: `KernelError` if there is not enough memory, `NonFiniteStep` if the experiment diverges at once.
  package init(_ experiment: Experiment, workers: Int, level: KernelLevel) throws {
    let configuration = experiment.configuration
    let table = try KernelTable(level: level, precision: configuration.precision)
    let trials = try [1, workers].filter { $0 == 1 || workers > 1 }.map {
      try Trial(experiment, workers: $0, kernels: configuration.gemm == .openblas ? table.usingOpenBLAS() : table)
    }
    // Alternating: whatever slows the machine for a while slows both.
    for _ in 0..<Self.runs { for trial in trials { try trial.step() } }
    steps = trials.map { ($0.workers, $0.times.sorted()[$0.times.count / 2]) }

    let first = trials[0]
    let cut = Shards(examples: first.largestBatch, count: configuration.batch.shards)
    instructions = first.instructionTimes(runs: Self.runs)
    examples = cut.distinctSizes[0]
    shards = cut.count
    bytesPerWorker = first.engine.bytesPerWorker(examples: first.largestBatch)
    sharedBytes =
      experiment.model.parameters.count * (1 + configuration.optimizer.stateNames.count + cut.count)
      * configuration.precision.elementSize
    operationsPerStep = first.engine.floatingPointOperations(examples: first.largestBatch)
    peak = Self.peak(table)
    group = GroupCost(
      alone: steps[0].seconds, shard: instructions.reduce(0) { $0 + $1.seconds } * Double(first.engine.fieldsPerStep),
      shards: shards, sums: first.engine.sums(examples: first.largestBatch))
  }

  /// The best of some short runs, since disturbances only slow a run.
  private static func peak(_ table: KernelTable) -> Double {
    (0..<9).map { _ in
      let watch = Stopwatch(before: 0, step: 0)
      let operations = table.multiplyAdd(iterations: 100_000)
      return operations / watch.seconds
    }.max() ?? 0
  }
}

/// A training run of its own, step by step.
private final class Trial {
  let workers: Int
  let largestBatch: Int
  private(set) var times: [Double] = []
  private let experiment: Experiment
  private let trainer: Trainer
  var engine: StepEngine { trainer.engine }

  init(_ experiment: Experiment, workers: Int, kernels: KernelTable) throws {
    let configuration = experiment.configuration
    self.experiment = experiment
    self.workers = workers
    let parameters = try ParameterVector(experiment.model.parameters, precision: configuration.precision)
    parameters.initialize(seed: configuration.seed)
    trainer = try experiment.trainer(parameters, WorkerPool(workers: workers), kernels, SingleProcess())
    largestBatch = trainer.order.sizes.max() ?? configuration.batch.examples
  }

  func step() throws {
    let watch = Stopwatch(before: 0, step: 0)
    try trainer.step(times.count + 1)
    times.append(watch.seconds)
  }

  func instructionTimes(runs: Int) -> [InstructionTime] {
    let (indices, data) = (trainer.order.indices, experiment.data.training)
    return engine.instructionTimes(examples: largestBatch, runs: runs) { range, input in
      input.write(indices[range], of: data)
    }
  }
}
