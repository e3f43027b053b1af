import MinimConfiguration
import MinimData
import MinimFiles
import MinimKernels
import MinimNN
import MinimParallel

/// The one training loop: draw, step, write; until the last step, a signal, or a number that is not finite.
package final class TrainingRun {
  package let experiment: Experiment
  package let directory: RunDirectory
  /// The parameters that samples, figures and claims are of, with what is needed to compute with them.
  package private(set) var trained: Trained
  /// Which parameters these are; nil while the run trains.
  package private(set) var kept: KeptParameters?
  private let engine: StepEngine
  private let files: RunFiles
  private let lock: RunLock
  private let order: BatchOrder
  private let options: Options
  private var step: Int
  private var best: (step: Int, loss: Double)?
  /// The loss on what is held out; nil where nothing is.
  private let validation: HeldOutLoss?
  private var clock: Stopwatch

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
    order = experiment.order()
    let table = try KernelTable(level: options.level, precision: configuration.precision)
    let kernels = configuration.gemm == .openblas ? table.usingOpenBLAS : table
    let (model, data) = (experiment.model, experiment.data)
    engine = try StepEngine(
      parameters: parameters, optimizer: configuration.optimizer, batchSizes: order.sizes,
      options: .init(
        shards: configuration.batch.shards, clipNorm: configuration.clipNorm, seed: configuration.seed,
        dynamics: configuration.dynamics),
      pool: pool, kernels: kernels, objective: experiment.objective)
    trained = Trained(
      parameters: engine.evaluatedParameters, data: data, pool: pool, level: options.level, seed: configuration.seed,
      rule: configuration.rule)
    validation = try experiment.validation == nil ? nil : HeldOutLoss(model, trained)

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
    files = try RunFiles(
      directory, keeping: lengths, step: step, keepsEvents: options.keepsEvents, store: options.store)
  }

  /// Trains to the end. Everything that can be written is, whatever the ending.
  package func train() throws -> Ending {
    if step == 0 {
      try files.writeConfiguration(experiment)
      try files.writeManifest(
        experiment.manifest(machine: Machine.describe(options.level, workers: trained.pool.workers)))
    } else {
      // A kill may have come between a checkpoint and the end of those that it replaces.
      try files.prune(experiment.configuration.intervals.retention, best: best?.step)
    }
    try files.writeStatus(RunStatus(state: .running, step: step, seconds: clock.seconds))
    do {
      let ending = try loop()
      switch ending {
      case .done: try keepParameters()
      case .stopped(let signal): try finish(.stopped, exit: .stopped(by: signal))
      case .diverged: try finish(.diverged, exit: .diverged)
      }
      return ending
    } catch {
      try? finish(.failed, exit: ExitStatus(error))
      throw error
    }
  }

  /// Writes the last status of the run, and the page that says so.
  package func finish(_ state: RunStatus.State, exit: ExitStatus) throws {
    try files.writeStatus(RunStatus(state: state, step: step, exit: exit, seconds: clock.seconds))
    if options.drawsPictures { try RunReport(directory, store: options.store).write() }
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
    let metric = experiment.metric
    let live =
      options.progress
      ?? LiveLine(
        name: configuration.name, metric: metric, firstStep: step, totalSteps: configuration.steps,
        isQuiet: options.isQuiet)
    var decays = configuration.optimizer.decays(after: step)
    let rates = configuration.optimizer.decayRates
    var last = StepEngine.Result(loss: .nan, gradientNorm: .nan)
    do {
      if step == 0, let message = try diagnose() { live.interrupt(message + "\n") }
      while step < configuration.steps, !hasStoppedImproving {
        decays.advance(by: rates)
        last = try takeStep(step + 1, decays: decays)
        step += 1
        // Before the checkpoint, as everything that a resumed run would not see again.
        if let message = try diagnose() { live.interrupt(message + "\n") }
        try write(last, metric: metric)
        live.update(step: step) { last.loss }
        if let signal = Interruption.signal, !isAtEnd {
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

  private func takeStep(_ number: Int, decays: Decays) throws -> StepEngine.Result {
    let size = order.draw(step: number)
    let (indices, data) = (order.indices, experiment.data.training)
    return try engine.step(
      number, examples: size, rate: experiment.configuration.schedule.rate(step: number), decays: decays
    ) { range, input in input.write(indices[range], of: data) }
  }

  /// What the step's number asks for.
  private func write(_ result: StepEngine.Result, metric: String) throws {
    let intervals = experiment.configuration.intervals
    let losses = isEvaluation ? validation?.losses() : nil
    let isNewBest = losses.map { $0.validation < best?.loss ?? .infinity } ?? false
    if isNewBest, let losses { best = (step, losses.validation) }
    let isLast = isAtEnd
    // Evaluations decide, so that what they saw is written whatever the interval of the log.
    let isLogged = isLast || losses != nil || step % intervals.log == 0
    if isLogged {
      try files.append(step: step, progress: order.progress(step: step), metric: metric, result, losses)
      let lap = clock.lap(step: step)
      try files.append(step: step, seconds: lap.seconds, secondsPerStep: lap.perStep)
    }
    // Before the checkpoint: what is missing after a kill is made again, what a checkpoint is past is not.
    let isDrawn = options.drawsPictures && (isLast || step % intervals.samples == 0)
    if isDrawn {
      try files.write(try samples(), to: directory.sample(step: step), step: step, experiment: experiment)
      // Before the end a browser may be open on it; the end itself has more to say.
      if !isLast { try RunReport(directory, store: options.store).write() }
    }
    if isLogged || isDrawn { try files.updateEvents(upTo: step) }
    if isLast || isNewBest || step % intervals.checkpoint == 0 { try saveCheckpoint(result, isEvaluated: true) }
  }

  /// Looks at the model now and then.
  ///
  /// - Returns: what to tell at once.
  private func diagnose() throws -> String? {
    guard isAtEnd || step % experiment.configuration.intervals.diagnostics == 0,
      let seen = try experiment.model.diagnostics(trained)
    else { return nil }
    return try files.append(step: step, seen)
  }

  private func samples() throws -> Samples {
    try experiment.model.samples(experiment.configuration.samples, from: trained)
  }

  /// Whether the held-out examples are looked at after the present step.
  private var isEvaluation: Bool {
    experiment.validation?.isEvaluation(step, of: experiment.configuration.steps) ?? false
  }

  /// Whether training shall stop before its last step.
  private var hasStoppedImproving: Bool {
    experiment.validation?.hasStopped(step, best: best?.step) ?? false
  }

  private var isAtEnd: Bool { step == experiment.configuration.steps || (isEvaluation && hasStoppedImproving) }

  /// Takes the parameters that the run ends with, and writes their samples and pictures.
  private func keepParameters() throws {
    let kept = try experiment.keptParameters(in: directory, store: options.store)
    self.kept = kept
    trained = trained.with(kept.parameters)
    let samples = try samples()
    try files.writeFinal(samples)
    guard options.drawsPictures else { return }
    if kept.step != step { try files.write(samples, to: directory.best, step: kept.step, experiment: experiment) }
    let parts = experiment.model.parts(Batch(count: 1, of: experiment.data)).map(\.name)
    let curves = try files.curves(
      metric: experiment.metric, parts: parts, mark: kept.choice == .best ? kept.step : nil)
    let others = [curves, files.diagnosticsPicture()].compactMap { $0 }
    for picture in try experiment.model.pictures(trained) + others {
      try files.write(picture, step: kept.step, experiment)
    }
  }

  /// Figures of the parameters that the run ended with, which are written too.
  package func evaluate() throws -> Evaluation {
    let evaluation = try experiment.model.evaluate(trained, exact: false)
    if let kept { try files.writeEvaluation(evaluation, kept) }
    return evaluation
  }

  /// The picture of samples to look at.
  package var finalSamples: String {
    kept.map { $0.step == step ? directory.sample(step: step) : directory.best } ?? directory.sample(step: step)
  }

  /// Saves the last step, and counts its loss among those of the other checkpoints if it `isEvaluated`.
  ///
  /// - Throws: `NonFiniteStep` if there is something that is not finite to save.
  private func saveCheckpoint(_ result: StepEngine.Result, isEvaluated: Bool) throws {
    try engine.requireFinite(after: step, result)
    if isEvaluated, validation == nil, result.loss < best?.loss ?? .infinity { best = (step, result.loss) }
    let lengths = try files.syncedLengths()
    let checkpoint = Checkpoint(
      engine, stateNames: experiment.configuration.optimizer.stateNames, step: step, experiment: experiment,
      metricsLength: lengths.metrics, timingLength: lengths.timing, best: best, seconds: clock.seconds)
    try files.write(checkpoint)
    try files.prune(experiment.configuration.intervals.retention, best: best?.step)
    try files.writeStatus(RunStatus(state: .running, step: step, seconds: clock.seconds))
  }
}
