import Glibc
import MinimConfiguration
import MinimData
import MinimFiles
import MinimKernels
import MinimNN
import MinimParallel

/// The one training loop: draw, step, write; until the last step, a signal, or a number that is not finite.
package final class TrainingRun {
  /// How the loop ended.
  package enum Ending {
    case done
    /// A signal asked to stop; everything is saved.
    case stopped(signal: Int32)
    /// A step was not finite; the last parameters are saved, or, if they are not finite either, those of the last
    /// checkpoint are kept.
    case diverged(NonFiniteStep)
  }

  package let experiment: Experiment
  package let directory: RunDirectory
  /// The parameters and what is needed to compute with them.
  package let trained: Trained
  private let engine: StepEngine
  private let files: RunFiles
  private let lock: RunLock
  private let order: BatchOrder
  private let options: Options
  private var step: Int
  private var best: (step: Int, loss: Double)?
  private var clock: Stopwatch

  /// What does not affect the result.
  package struct Options {
    package var workers: Int?
    package var isQuiet = false
    package var store = FileStore()
    package var level: KernelLevel = .best

    package init(workers: Int? = nil, isQuiet: Bool = false, level: KernelLevel) {
      self.workers = workers
      self.isQuiet = isQuiet
      self.level = level
    }
  }

  /// Makes a run ready in its folder: at its start, or from the last checkpoint that is there.
  ///
  /// - Throws: `RunLockedError` if another process writes the run, `CheckpointError` if its checkpoint is of another
  ///   config, `FileError`, `KernelError`.
  package init(_ experiment: Experiment, in directory: RunDirectory, _ options: Options) throws {
    self.experiment = experiment
    self.directory = directory
    self.options = options
    lock = try RunLock(directory, store: options.store)
    let configuration = experiment.configuration
    let parameters = try ParameterVector(experiment.model.parameters, precision: configuration.precision)
    parameters.initialize(seed: configuration.seed)
    let pool = WorkerPool(workers: options.workers)
    trained = Trained(
      parameters: parameters, data: experiment.dataset, pool: pool, level: options.level, seed: configuration.seed)
    order = configuration.batch.order(count: experiment.dataset.count, seed: configuration.seed)
    let table = try KernelTable(level: options.level, precision: configuration.precision)
    let kernels = configuration.gemm == .openblas ? table.usingOpenBLAS : table
    let model = experiment.model
    let shape = experiment.dataset.exampleShape
    engine = try StepEngine(
      parameters: parameters, optimizer: configuration.optimizer, batchSizes: order.sizes,
      options: .init(
        shards: configuration.batch.shards, clipNorm: configuration.clipNorm, seed: configuration.seed),
      pool: pool, kernels: kernels
    ) { model.objective(Batch(count: $0, exampleShape: shape)) }

    step = 0
    var seconds = 0.0
    var lengths = (metrics: 0, timing: 0)
    if let last = try directory.checkpointSteps(store: options.store).last {
      let path = directory.checkpoint(step: last)
      let checkpoint = try Checkpoint(path, experiment: experiment, store: options.store)
      guard checkpoint.step == last else {
        throw CheckpointError(file: path, reason: "it is of step \(checkpoint.step), its name says \(last)")
      }
      try checkpoint.restore(engine, stateNames: configuration.optimizer.stateNames, file: path)
      step = checkpoint.step
      best = checkpoint.best
      seconds = checkpoint.seconds
      lengths = (checkpoint.metricsLength, checkpoint.timingLength)
    }
    clock = Stopwatch(before: seconds, step: step)
    files = try RunFiles(directory, keeping: lengths, store: options.store)
  }

  /// Trains to the end. Everything that can be written is, whatever the ending.
  package func train() throws -> Ending {
    if step == 0 {
      try files.writeConfiguration(experiment)
      try files.writeManifest(manifest)
    }
    try files.writeStatus(RunStatus(state: .running, step: step, seconds: clock.seconds))
    do {
      let ending = try loop()
      switch ending {
      case .done: break
      case .stopped(let signal): try finish(.stopped, exitCode: Interruption.exitCode(signal))
      case .diverged: try finish(.diverged, exitCode: 3)
      }
      return ending
    } catch {
      try? finish(.failed, exitCode: (error as? FileError)?.exitCode ?? 70)
      throw error
    }
  }

  /// Writes the last status of the run.
  package func finish(_ state: RunStatus.State, exitCode: Int32) throws {
    try files.writeStatus(RunStatus(state: state, step: step, exitCode: exitCode, seconds: clock.seconds))
  }

  /// Checks the model's claims on the trained parameters and writes them; those that the config expects to fail are
  /// judged the other way round.
  package func checkClaims() throws -> [Claim] {
    let expected = experiment.configuration.expectedFailures
    let claims = try experiment.model.claims(trained).map { expected.contains($0.id) ? $0.expectedToFail() : $0 }
    try files.writeClaims(claims)
    return claims
  }

  /// Wall time of training so far, over all resumes.
  package var seconds: Double { clock.seconds }

  // MARK: - The loop

  private func loop() throws -> Ending {
    let configuration = experiment.configuration
    let metric = experiment.model.objective(Batch(count: 1, exampleShape: experiment.dataset.exampleShape)).name
    let live = LiveLine(
      name: configuration.name, metric: metric, firstStep: step, totalSteps: configuration.steps,
      isQuiet: options.isQuiet)
    var decays = configuration.optimizer.decays(after: step)
    let rates = configuration.optimizer.decayRates
    var last = StepEngine.Result(loss: .nan, gradientNorm: .nan)
    do {
      while step < configuration.steps {
        decays = (decays.first * rates.first, decays.second * rates.second)
        last = try takeStep(step + 1, decays: decays)
        step += 1
        try write(last, metric: metric)
        live.update(step: step) { last.loss }
        if let signal = Interruption.signal, step < configuration.steps {
          try saveCheckpoint(last, isEvaluated: true)
          live.finish(step: step, loss: last.loss)
          return .stopped(signal: signal)
        }
      }
    } catch let bad as NonFiniteStep {
      // The parameters before a step that was not taken are worth keeping; no checkpoint is ever non-finite.
      if engine.nonFiniteValue() == nil { try saveCheckpoint(last, isEvaluated: false) }
      live.finish(step: step, loss: last.loss)
      return .diverged(bad)
    }
    if last.loss.isFinite { live.finish(step: step, loss: last.loss) }
    return .done
  }

  private func takeStep(_ number: Int, decays: (first: Double, second: Double)) throws -> StepEngine.Result {
    let size = order.draw(step: number)
    let (indices, data) = (order.indices, experiment.dataset)
    return try engine.step(
      number, examples: size, rate: experiment.configuration.schedule.rate(step: number), decays: decays
    ) { range, input in input.write(indices[range], of: data) }
  }

  /// What the step's number asks for.
  private func write(_ result: StepEngine.Result, metric: String) throws {
    let intervals = experiment.configuration.intervals
    let isLast = step == experiment.configuration.steps
    if isLast || step % intervals.log == 0 {
      try files.append(step: step, progress: order.progress(step: step), metric: metric, result)
      let lap = clock.lap(step: step)
      try files.append(step: step, seconds: lap.seconds, secondsPerStep: lap.perStep)
    }
    if isLast || step % intervals.checkpoint == 0 { try saveCheckpoint(result, isEvaluated: true) }
    if isLast || step % intervals.samples == 0 {
      let sheet = try experiment.model.samples(experiment.configuration.samples, from: trained)
      try files.write(sheet, step: step, experiment: experiment, isFinal: isLast)
    }
  }

  /// Saves the last step, and counts its loss among those of the other checkpoints if it `isEvaluated`.
  ///
  /// - Throws: `NonFiniteStep` if there is something that is not finite to save.
  private func saveCheckpoint(_ result: StepEngine.Result, isEvaluated: Bool) throws {
    try engine.requireFinite(after: step, result)
    if isEvaluated, result.loss < best?.loss ?? .infinity { best = (step, result.loss) }
    let lengths = try files.syncedLengths()
    let intervals = experiment.configuration.intervals
    let checkpoint = Checkpoint(
      engine, stateNames: experiment.configuration.optimizer.stateNames, step: step, experiment: experiment,
      metricsLength: lengths.metrics, timingLength: lengths.timing, best: best, seconds: clock.seconds)
    try files.write(
      checkpoint,
      retention: CheckpointRetention(
        last: intervals.keepLast, every: intervals.keepEvery == 0 ? nil : intervals.keepEvery))
    try files.writeStatus(RunStatus(state: .running, step: step, seconds: clock.seconds))
  }

  private var manifest: JSON {
    let layout = experiment.model.parameters
    return [
      "version": .string(minimVersion), "config": .string(experiment.configHash), "data": .string(experiment.dataHash),
      "dataset": .string(experiment.dataset.name), "examples": .integer(experiment.dataset.count),
      "seed": .integer(Int(experiment.configuration.seed)), "parameters": .integer(layout.parameterCount),
      "layout": .array(
        layout.entries.map {
          [
            "path": .string($0.path), "shape": .array($0.shape.map { .integer($0) }),
          ]
        }),
      "machine": Machine.describe(options.level, workers: trained.pool.workers),
    ]
  }
}

/// Wall time of training, over all resumes.
struct Stopwatch {
  private let before: Double
  private let start: UInt64
  private var lastLap: (time: UInt64, step: Int)

  /// - Parameters:
  ///   - before: seconds of the training that is gone on with.
  ///   - step: its last step.
  init(before: Double, step: Int) {
    self.before = before
    start = Self.now()
    lastLap = (start, step)
  }

  var seconds: Double { seconds(at: Self.now()) }

  /// Seconds in all, and seconds a step since the last lap.
  mutating func lap(step: Int) -> (seconds: Double, perStep: Double) {
    let now = Self.now()
    defer { lastLap = (now, step) }
    return (seconds(at: now), Double(now - lastLap.time) * 1e-9 / Double(max(1, step - lastLap.step)))
  }

  private func seconds(at time: UInt64) -> Double { before + Double(time - start) * 1e-9 }

  private static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
