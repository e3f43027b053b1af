@_spi(Minim) import MinimAutodiff
import MinimKernels
import MinimNN
import MinimParallel

/// Where the time of an experiment's step goes: the largest shard by instruction, and whole steps by workers.
package struct StepProfile {
  /// The instructions of the largest shard, in the order in which they run.
  package let instructions: [InstructionTime]
  /// Examples of that shard, and shards of a batch.
  package let examples: Int, shards: Int
  /// Bytes that each worker needs for the plan, and what all share: parameters, gradient slots and optimizer state.
  package let bytesPerWorker: Int, sharedBytes: Int
  /// The median time of a whole step for each number of workers.
  package let steps: [(workers: Int, seconds: Double)]

  /// Trains the experiment for a moment, from its start; nothing is written.
  ///
  /// - Throws: `KernelError` if there is not the memory, `NonFiniteStep` if the experiment diverges at once.
  package init(_ experiment: Experiment, workers: Int, level: KernelLevel) throws {
    let configuration = experiment.configuration
    let layout = experiment.model.parameters
    let parameters = try ParameterVector(layout, precision: configuration.precision)
    parameters.initialize(seed: configuration.seed)
    let table = try KernelTable(level: level, precision: configuration.precision)
    let kernels = configuration.gemm == .openblas ? table.usingOpenBLAS : table
    let order = configuration.batch.order(count: experiment.dataset.count, seed: configuration.seed)
    let cut = Shards(examples: order.draw(step: 1), count: configuration.batch.shards)
    let size = cut.distinctSizes[0]

    let objective = experiment.model.objective(Batch(count: size, exampleShape: experiment.dataset.exampleShape))
    let plan = StepEngine.plan(objective, layout, fuse: true)
    let shared = try SharedValues(plan, kernels: kernels, parameters: parameters.pointer)
    let replay = try Replay(shared)
    shared.update()
    if let input = replay.input(Batch.inputName) {
      let values = order.indices.prefix(size).flatMap { experiment.dataset.example($0) }
      configuration.precision.store(values.map(Double.init), to: input)
    }
    let result = try AlignedMemory(byteCount: plan.outputCount * configuration.precision.elementSize)
    instructions = replay.profile(runs: 201, result: result.pointer)
    examples = size
    shards = cut.count
    bytesPerWorker = plan.elementsPerWorker * configuration.precision.elementSize
    sharedBytes =
      layout.count * (2 + configuration.optimizer.stateNames.count + cut.count) * configuration.precision.elementSize
    steps = try [1, workers].filter { $0 == 1 || workers > 1 }.map { workers in
      (workers, try Self.stepTime(experiment, workers: workers, kernels: kernels))
    }
  }

  /// The median over steps of a run of its own.
  private static func stepTime(_ experiment: Experiment, workers: Int, kernels: KernelTable) throws -> Double {
    let configuration = experiment.configuration
    let (data, model) = (experiment.dataset, experiment.model)
    let parameters = try ParameterVector(model.parameters, precision: configuration.precision)
    parameters.initialize(seed: configuration.seed)
    let order = configuration.batch.order(count: data.count, seed: configuration.seed)
    let engine = try StepEngine(
      parameters: parameters, optimizer: configuration.optimizer, batchSizes: order.sizes,
      options: .init(shards: configuration.batch.shards, clipNorm: configuration.clipNorm, seed: configuration.seed),
      pool: WorkerPool(workers: workers), kernels: kernels
    ) { model.objective(Batch(count: $0, exampleShape: data.exampleShape)) }
    var times: [Double] = []
    for step in 1...201 {
      let size = order.draw(step: step)
      let indices = order.indices
      let watch = Stopwatch(before: 0, step: 0)
      _ = try engine.step(
        step, examples: size, rate: configuration.schedule.rate(step: step),
        decays: configuration.optimizer.decays(after: step)
      ) { range, input in input.write(indices[range], of: data) }
      times.append(watch.seconds)
    }
    return times.sorted()[times.count / 2]
  }
}
