import MinimFiles
import MinimNN

/// Writes the events of training to a run's folder, and shows them: the writer's lock, metrics, checkpoints, samples
/// and pictures. It decides nothing that could change a result.
final class RunRecorder {
  private let loop: TrainingLoop
  private let options: TrainingRun.Options
  private let files: RunFiles
  private let lock: RunLock
  private let live: any TrainingProgress
  private var clock: Stopwatch
  private var lastLoss = Double.nan

  private var experiment: Experiment { loop.experiment }
  private var directory: RunDirectory { files.directory }

  /// Locks the folder of a run, prepares it, and continues the loop from its last checkpoint, if any.
  ///
  /// - Throws: `RunLockedError` if another process writes the run, `CheckpointError` if its checkpoint belongs to another
  ///   config, `FileError`.
  init(
    _ loop: TrainingLoop, in directory: RunDirectory, _ options: TrainingRun.Options,
    preparing preparation: (any RunPreparation)? = nil
  ) throws {
    (self.loop, self.options) = (loop, options)
    lock = try RunLock(directory, store: options.store)
    try preparation?.prepare(directory, store: options.store)
    let checkpoint = try Self.restore(loop, directory, options.store)
    files = try RunFiles(
      directory, keeping: (checkpoint?.metricsLength ?? 0, checkpoint?.timingLength ?? 0), step: loop.step,
      keepsEvents: options.keepsEvents, store: options.store)
    clock = Stopwatch(before: checkpoint?.seconds ?? 0, step: loop.step)
    let configuration = loop.experiment.configuration
    live =
      options.progress
      ?? LiveLine(
        name: configuration.name, metric: loop.experiment.metric, firstStep: loop.step,
        totalSteps: configuration.steps, isQuiet: options.isQuiet)
    live.follow(loop.trained.activity)
  }

  private static func restore(
    _ loop: TrainingLoop, _ directory: RunDirectory, _ store: FileStore
  ) throws -> Checkpoint? {
    guard let last = try directory.checkpointSteps(store: store).last else {
      try InitialParameters.restore(loop.engine.parameters, from: directory, store: store)
      return nil
    }
    let path = directory.checkpoint(step: last)
    let checkpoint = try Checkpoint(path, experiment: loop.experiment, store: store)
    guard checkpoint.step == last else {
      throw CheckpointError(file: path, reason: "it was made at step \(checkpoint.step), but its name says \(last)")
    }
    try loop.restore(checkpoint, file: path)
    return checkpoint
  }

  /// Wall time of training so far, over all resumes.
  var seconds: Double { clock.seconds }

  // MARK: - During training

  /// Writes what is known before the first step.
  func begin() throws {
    if loop.step == 0 {
      try files.writeConfiguration(experiment)
      let machine = Machine.describe(options.level, workers: loop.trained.pool.workers)
      let origin = RunOrigin(of: directory, store: options.store)
      try files.writeManifest(experiment.manifest(machine: machine, origin: origin))
    } else {
      // A kill may have come between a new checkpoint and the removal of those that it replaces.
      try files.prune(experiment.configuration.intervals.retention, best: loop.best?.step)
    }
    try files.writeStatus(RunStatus(state: .running, step: loop.step, seconds: clock.seconds))
  }

  /// Writes the files for an event.
  func record(_ event: TrainingLoop.Event) throws {
    switch event {
    case .diagnostics(let diagnostics):
      if let message = try files.append(step: loop.step, diagnostics) { live.interrupt(message + "\n") }
    case .step(let report):
      try write(report)
      lastLoss = report.result.loss
      live.update(step: report.step) { report.result.loss }
    case .checkpoint: try saveCheckpoint()
    }
  }

  /// Finishes the progress line: no step follows.
  func endTraining() {
    if loop.step > 0, lastLoss.isFinite { live.finish(step: loop.step, loss: lastLoss) }
  }

  private func write(_ report: TrainingLoop.StepReport) throws {
    let intervals = experiment.configuration.intervals
    // Evaluations decide, so their losses are written whatever the interval of the log is.
    let isLogged = report.isLast || report.losses != nil || report.step % intervals.log == 0
    if isLogged {
      try files.append(report, metric: experiment.metric)
      let lap = clock.lap(step: report.step)
      try files.append(step: report.step, seconds: lap.seconds, secondsPerStep: lap.perStep)
    }
    // Before the checkpoint: what is missing after a kill is made again, but not what a checkpoint has passed.
    let isDrawn = options.drawsPictures && (report.isLast || report.step % intervals.samples == 0)
    if isDrawn {
      let samples = try samples(loop.trained)
      try files.write(samples, to: directory.sample(step: report.step), step: report.step, experiment: experiment)
      // During training a browser may show the page; the last page is written at the end.
      if !report.isLast { try RunReport(directory, store: options.store).write() }
    }
    if isLogged || isDrawn { try files.updateEvents(upTo: report.step) }
  }

  private func saveCheckpoint() throws {
    let lengths = try files.syncedLengths()
    try files.write(
      Checkpoint(
        loop.engine, stateNames: experiment.configuration.optimizer.stateNames, step: loop.step,
        experiment: experiment, metricsLength: lengths.metrics, timingLength: lengths.timing, best: loop.best,
        seconds: clock.seconds))
    try files.prune(experiment.configuration.intervals.retention, best: loop.best?.step)
    try files.writeStatus(RunStatus(state: .running, step: loop.step, seconds: clock.seconds))
  }

  // MARK: - At the end

  /// Writes samples and pictures of the kept parameters.
  func write(_ trained: Trained, _ kept: KeptParameters) throws {
    let samples = try samples(trained)
    try files.writeFinal(samples)
    guard options.drawsPictures else { return }
    if kept.step != loop.step { try files.write(samples, to: directory.best, step: kept.step, experiment: experiment) }
    let parts = experiment.model.parts(Batch(count: 1, of: experiment.data)).map(\.name)
    let curves = try files.curves(
      metric: experiment.metric, parts: parts, mark: kept.choice == .best ? kept.step : nil)
    let others = [curves, files.diagnosticsPicture()].compactMap { $0 }
    let model = experiment.model
    let pictures = try options.interruptible { try trained.activity.during("pictures") { try model.pictures(trained) } }
    try trained.activity.during("pictures") {
      for picture in pictures + others { try files.write(picture, step: kept.step, experiment) }
    }
  }

  private func samples(_ trained: Trained) throws -> Samples {
    let (model, count) = (experiment.model, experiment.configuration.samples)
    return try options.interruptible {
      try trained.activity.during("samples") { try model.samples(count, from: trained) }
    }
  }

  /// Writes the claims of the kept parameters.
  func write(_ claims: [Claim]) throws { try files.writeClaims(claims) }

  /// Writes metrics of the kept parameters.
  func write(_ evaluation: Evaluation, _ kept: KeptParameters) throws {
    try files.writeEvaluation(evaluation, kept)
  }

  /// Writes the last status of the run, and the page that shows it.
  func finish(_ state: RunStatus.State, exit: ExitStatus, claims: [Claim] = []) throws {
    let verdicts = VerdictCounts(claims)
    let loss = lastLoss.isFinite ? (experiment.metric, lastLoss) : nil
    try files.writeStatus(
      RunStatus(state: state, step: loop.step, exit: exit, seconds: clock.seconds, verdicts: verdicts, loss: loss))
    defer { live.close() }
    if options.drawsPictures {
      try loop.trained.activity.during("report") { try RunReport(directory, store: options.store).write() }
    }
  }
}
