import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimNN

/// Writes the files of a training run. Metrics that the config and the seed determine go to metrics.jsonl, times to
/// timing.jsonl: with another interval or on another machine the metrics of common steps are equal to the byte.
final class RunFiles {
  let directory: RunDirectory
  private let store: FileStore
  private let metrics: AppendFile
  private let timing: AppendFile
  /// The last step of the run when the files were opened.
  private let firstStep: Int
  /// Opened if the model has diagnostics.
  private var diagnostics: DiagnosticsLog?
  /// Opened if event files are asked for, when the run's first files are written.
  private var events: EventFile?
  private let keepsEvents: Bool

  /// Opens the growing files of a run and cuts them back to the lengths in a checkpoint.
  ///
  /// - Parameters:
  ///   - step: the checkpoint's step; 0 for none.
  ///   - keepsEvents: whether event files for TensorBoard are written too.
  init(
    _ directory: RunDirectory, keeping lengths: (metrics: Int, timing: Int), step: Int, keepsEvents: Bool,
    store: FileStore
  ) throws {
    firstStep = step
    self.keepsEvents = keepsEvents
    self.directory = directory
    self.store = store
    metrics = try AppendFile(directory.metrics, keeping: lengths.metrics, store: store)
    timing = try AppendFile(directory.timing, keeping: lengths.timing, store: store)
    // Cut back with the others, so that a reader of the folder always sees one run.
    if store.exists(directory.diagnostics) { diagnostics = try openDiagnostics() }
  }

  private func openDiagnostics() throws -> DiagnosticsLog {
    // A run that starts over evaluates step 0 again.
    try DiagnosticsLog(directory, upTo: firstStep > 0 ? firstStep : -1, store: store)
  }

  /// The lengths that a checkpoint records, after everything written is on the device.
  func syncedLengths() throws -> (metrics: Int, timing: Int) {
    try metrics.sync()
    try timing.sync()
    try diagnostics?.sync()
    return (metrics.length, timing.length)
  }

  /// Appends a line of metrics: the values at the step, before its update; and, if the step has an evaluation, the
  /// losses on whole splits after it.
  func append(_ report: TrainingLoop.StepReport, metric: String) throws {
    var object: JSON = [
      "step": .integer(report.step), "epoch": .integer(report.progress.epoch),
      "examples": .integer(report.progress.examples),
    ]
    object[metric] = .number(report.result.loss)
    object["gradientNorm"] = .number(report.result.gradientNorm)
    if let losses = report.losses {
      object[HeldOutLoss.key("training", metric)] = .number(losses.training)
      object[HeldOutLoss.key("validation", metric)] = .number(losses.validation)
      for part in losses.parts {
        object[HeldOutLoss.key("training", part.name)] = .number(part.training)
        object[HeldOutLoss.key("validation", part.name)] = .number(part.validation)
      }
    }
    metrics.append(object.compact)
    try metrics.flush()
  }

  /// Appends a line of wall times: since the start of training, and per step since the previous line.
  func append(step: Int, seconds: Double, secondsPerStep: Double) throws {
    let line: JSON = [
      "step": .integer(step), "seconds": .number(Self.rounded(seconds)),
      "secondsPerStep": .number(Self.rounded(secondsPerStep)),
    ]
    timing.append(line.compact)
    try timing.flush()
  }

  /// Appends the diagnostics of a step.
  ///
  /// - Returns: a message to show at once; nil for none.
  func append(step: Int, _ seen: Diagnostics) throws -> String? {
    let log = try diagnostics ?? openDiagnostics()
    diagnostics = log
    return try log.append(seen, step: step)
  }

  /// The diagnostics of the run as a picture; nil if there are none.
  func diagnosticsPicture() -> Picture? {
    (try? store.read(directory.diagnostics)).flatMap { DiagnosticsCurves($0)?.picture }
  }

  /// Writes the config as it was read, and the source of each value.
  func writeConfiguration(_ experiment: Experiment) throws {
    try store.writeAtomically(experiment.resolved.pretty + "\n", to: directory.config)
    try store.writeAtomically(experiment.sources.pretty + "\n", to: directory.sources)
  }

  func writeManifest(_ manifest: JSON) throws {
    try store.writeAtomically(manifest.pretty + "\n", to: directory.manifest)
  }

  func writeStatus(_ status: RunStatus) throws {
    try status.write(to: directory, store: store)
    try updateEvents(upTo: status.step)
  }

  /// Brings the event file, if there is one, up to a step whose files are all written.
  func updateEvents(upTo step: Int) throws {
    guard keepsEvents else { return }
    if let events { return try events.update(upTo: step) }
    events = try EventFile(of: directory, in: directory.tensorboard, upTo: step, store: store)
  }

  func writeClaims(_ claims: [Claim]) throws {
    try store.writeAtomically(Claim.file(claims).pretty + "\n", to: directory.claims)
  }

  func write(_ checkpoint: Checkpoint) throws {
    try checkpoint.write(to: directory.checkpoint(step: checkpoint.step), store: store)
  }

  func prune(_ retention: CheckpointRetention, best: Int?) throws {
    try directory.pruneCheckpoints(retention, best: best, store: store)
  }

  /// Writes the metrics, and which parameters they belong to.
  func writeEvaluation(_ evaluation: Evaluation, _ kept: KeptParameters) throws {
    try store.writeAtomically(kept.json(with: evaluation).pretty + "\n", to: directory.evaluation)
  }

  /// Writes a picture of samples as PNG.
  func write(_ samples: Samples, to path: String, step: Int, experiment: Experiment) throws {
    let png = try samples.png(step: step, seed: experiment.configuration.seed, configHash: experiment.configHash)
    try store.writeAtomically(png, to: path)
  }

  /// Writes the last samples as an array.
  func writeFinal(_ samples: Samples) throws {
    let array = NPY.encode(samples.values, shape: samples.shape)
    try store.writeAtomically(array, to: directory.finalSamples)
  }

  /// Writes a picture to the folder of samples.
  func write(_ picture: Picture, step: Int, _ experiment: Experiment) throws {
    let texts = PNG.texts(step: step, seed: experiment.configuration.seed, configHash: experiment.configHash)
    try store.writeAtomically(PNG.encode(picture.draw(), texts: texts), to: directory.picture(picture.name))
  }

  /// The losses on whole splits during the run, and their parts; nil if there are none.
  func curves(metric: String, parts: [String], mark: Int?) throws -> Picture? {
    let lines = try store.read(directory.metrics)
    let plots = ([metric] + parts).compactMap { LossCurves(metrics: lines, metric: $0)?.plot(mark: mark) }
    return plots.isEmpty ? nil : Picture("curves", plots: plots, columns: min(3, plots.count))
  }

  /// Rounded to nanoseconds, which is enough for a wall time.
  private static func rounded(_ seconds: Double) -> Double { (seconds * 1e9).rounded() / 1e9 }
}
