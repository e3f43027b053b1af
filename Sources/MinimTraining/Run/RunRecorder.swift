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
  /// The last diagnostics, whose meanings the picture of all of them has; nil if this process has taken none.
  private var seen: [Evaluation.Metric]?
  /// The step of the last checkpoint; nil before the first.
  private var saved: Int?
  private let machine: JSON

  private var experiment: Experiment { loop.experiment }
  private var directory: RunDirectory { files.directory }

  /// Locks the folder of a run, prepares it, and continues the loop from its last checkpoint, if any.
  ///
  /// - Throws: `RunLockedError` if another process writes the run, `ResumeError` if its last checkpoint, or what that counts
  ///   on, is damaged, `CheckpointError` if it belongs to another config, `KernelChangeError`, `FileError`.
  init(
    _ loop: TrainingLoop, in directory: RunDirectory, _ options: TrainingRun.Options,
    preparing preparation: (any RunPreparation)? = nil
  ) throws {
    (self.loop, self.options) = (loop, options)
    lock = try RunLock(directory, steals: options.steals, store: options.store)
    try preparation?.prepare(directory, store: options.store)
    let steps = try directory.checkpointSteps(store: options.store)
    let checkpoint: Checkpoint?
    do {
      checkpoint = try loop.restore(from: directory, step: steps.last, store: options.store)
      files = try RunFiles(
        directory, keeping: checkpoint?.prefixes, step: loop.step, keepsEvents: options.keepsEvents,
        store: options.store)
    } catch  where !steps.isEmpty {
      throw ResumeError.advised(error, loop.experiment, directory, steps.dropLast(), options.store)
    }
    if loop.step > 0, !options.allowsKernelChange {
      try files.manifest().machines.check(options.level, after: loop.step, directory)
    }
    saved = checkpoint?.step
    machine = Machine.describe(options.level, workers: loop.trained.pool.workers)
    clock = Stopwatch(before: checkpoint?.seconds ?? 0, step: loop.step)
    let configuration = loop.experiment.configuration
    live =
      options.progress
      ?? LiveLine(
        name: configuration.name, metric: loop.experiment.metric, firstStep: loop.step,
        totalSteps: configuration.steps, isQuiet: options.isQuiet)
    live.follow(loop.trained.activity)
  }

  /// Wall time of training so far, over all resumes.
  var seconds: Double { clock.seconds }

  // MARK: - During training

  /// Writes what is known before the first step.
  func begin() throws {
    if loop.step == 0 {
      try files.writeConfiguration(experiment)
      let origin = try RunOrigin(of: directory, store: options.store)
      try files.writeManifest(experiment.manifest(machine: machine, origin: origin))
    } else {
      try files.updatePlaces(experiment)
      try files.writeManifest(resumedManifest())
      // A kill may have come between a new checkpoint and the removal of those that it replaces.
      try files.prune(experiment.configuration.intervals.retention, best: loop.best?.step)
    }
    try files.updateEvents(upTo: loop.step)
    try files.writeStatus(status(.running))
  }

  /// The manifest with the machine that continues the run; one that is lost is made again.
  private func resumedManifest() throws -> JSON {
    let known = try files.manifest()
    var (manifest, machines) = (known.json ?? experiment.manifest(machine: .null), known.machines)
    machines.resume(after: loop.step, on: machine)
    machines.write(to: &manifest)
    return manifest
  }

  private func status(
    _ state: RunStatus.State, exit: ExitStatus? = nil, claims: [Claim] = [], loss: (String, Double)? = nil
  ) -> RunStatus {
    RunStatus(
      state: state, step: loop.step, saved: saved, exit: exit, seconds: clock.seconds, verdicts: VerdictCounts(claims),
      loss: loss)
  }

  /// Writes the files for an event.
  func record(_ event: TrainingLoop.Event) throws {
    try lock.confirm()
    switch event {
    case .diagnostics(let diagnostics):
      seen = diagnostics.metrics
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
      if !report.isLast { try files.write(RunReport(directory, store: options.store)) }
    }
    if isLogged || isDrawn { try files.updateEvents(upTo: report.step) }
  }

  private func saveCheckpoint() throws {
    let prefixes = try files.syncedPrefixes()
    try files.write(
      Checkpoint(
        loop.engine, stateNames: experiment.configuration.optimizer.stateNames, step: loop.step,
        experiment: experiment, prefixes: prefixes, best: loop.best, seconds: clock.seconds))
    saved = loop.step
    try files.prune(experiment.configuration.intervals.retention, best: loop.best?.step)
    try files.updateEvents(upTo: loop.step)
    try files.writeStatus(status(.running))
  }

  // MARK: - At the end

  /// Writes samples and pictures of the kept parameters.
  func write(_ trained: Trained, _ kept: KeptParameters) throws {
    try lock.confirm()
    let samples = try samples(trained)
    try files.writeFinal(samples)
    guard options.drawsPictures else { return }
    if kept.step != loop.step { try files.write(samples, to: directory.best, step: kept.step, experiment: experiment) }
    let parts = experiment.model.parts(Batch(count: 1, of: experiment.data)).map(\.name)
    let curves = try files.curves(
      metric: experiment.metric, unit: experiment.model.lossUnit, parts: parts,
      mark: kept.choice == .best ? kept.step : nil
    )
    let model = experiment.model
    var seen = seen
    if seen == nil, options.store.exists(directory.diagnostics) {
      // The run was resumed after its last step.
      seen = try options.interruptible {
        try trained.activity.during("diagnostics") { try model.diagnostics(trained)?.metrics }
      }
    }
    let others = [curves, try files.diagnosticsPicture(seen ?? [])].compactMap { $0 }
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
  func write(_ claims: [Claim]) throws {
    try lock.confirm()
    try files.writeClaims(claims)
  }

  /// Writes metrics of the kept parameters.
  func write(_ evaluation: Evaluation, _ kept: KeptParameters) throws {
    try files.writeEvaluation(evaluation, kept)
  }

  /// Writes the page of the run and then its last status: a run whose status says that it ended well has all its files.
  func finish(_ state: RunStatus.State, exit: ExitStatus, claims: [Claim] = []) throws {
    try lock.confirm()
    let status = lastStatus(state, exit, claims)
    try files.updateEvents(upTo: loop.step)
    try writeReport(status)
    try files.sync()
    try files.writeStatus(status)
    live.close()
  }

  /// Writes the same for a run that an error has ended. What goes wrong now comes of that error, which is the one to
  /// report; so each file is tried.
  func fail(_ exit: ExitStatus) {
    // What another program writes now is none of this one's business.
    guard (try? lock.confirm()) != nil else { return }
    let status = lastStatus(.failed, exit, [])
    try? writeReport(status)
    try? files.writeStatus(status)
    live.close()
  }

  private func lastStatus(_ state: RunStatus.State, _ exit: ExitStatus, _ claims: [Claim]) -> RunStatus {
    status(state, exit: exit, claims: claims, loss: lastLoss.isFinite ? (experiment.metric, lastLoss) : nil)
  }

  private func writeReport(_ status: RunStatus) throws {
    guard options.drawsPictures else { return }
    try loop.trained.activity.during("report") {
      try files.write(RunReport(directory, status: status, store: options.store))
    }
  }
}
