import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimNN

/// What a training run writes to its folder. Figures that the config and the seed determine go to metrics.jsonl, times to
/// timing.jsonl: with another interval or on another machine the metrics of common steps are equal to the byte.
final class RunFiles {
  let directory: RunDirectory
  private let store: FileStore
  private let metrics: AppendFile
  private let timing: AppendFile
  /// The last step that the run knew of when it was opened.
  private let firstStep: Int
  /// Opened where a model has diagnostics.
  private var diagnostics: DiagnosticsLog?
  /// Opened where event files are asked for, when the run's first files are written.
  private var events: EventFile?
  private let keepsEvents: Bool

  /// Opens the growing files of a run and cuts them back to what a checkpoint knows.
  ///
  /// - Parameters:
  ///   - step: of the checkpoint; 0 for none.
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
    // Cut back with the others: whoever reads the folder meanwhile sees one run.
    if store.exists(directory.diagnostics) { diagnostics = try openDiagnostics() }
  }

  private func openDiagnostics() throws -> DiagnosticsLog {
    // A run that begins again looks at step 0 again.
    try DiagnosticsLog(directory, upTo: firstStep > 0 ? firstStep : -1, store: store)
  }

  /// The lengths that a checkpoint records, after what was written is on the device.
  func syncedLengths() throws -> (metrics: Int, timing: Int) {
    try metrics.sync()
    try timing.sync()
    try diagnostics?.sync()
    return (metrics.length, timing.length)
  }

  /// One line of metrics: the values at the step, before its update; and after it on whole parts of the data, where the
  /// step is one of evaluation.
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

  /// One line of wall times: since the start of training, and a step since the line before.
  func append(step: Int, seconds: Double, secondsPerStep: Double) throws {
    let line: JSON = [
      "step": .integer(step), "seconds": .number(Self.rounded(seconds)),
      "secondsPerStep": .number(Self.rounded(secondsPerStep)),
    ]
    timing.append(line.compact)
    try timing.flush()
  }

  /// What was seen of the model at a step.
  ///
  /// - Returns: what to tell at once; nil for nothing.
  func append(step: Int, _ seen: Diagnostics) throws -> String? {
    let log = try diagnostics ?? openDiagnostics()
    diagnostics = log
    return try log.append(seen, step: step)
  }

  /// Diagnostics along the run; nil where there are none.
  func diagnosticsPicture() -> Picture? {
    (try? store.read(directory.diagnostics)).flatMap { DiagnosticsCurves($0)?.picture }
  }

  /// The config as it was read, and where each value came from.
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

  /// Brings the event file up to a step of which everything is written, where there shall be one.
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

  /// Figures, and which parameters they are of.
  func writeEvaluation(_ evaluation: Evaluation, _ kept: KeptParameters) throws {
    try store.writeAtomically(kept.json(with: evaluation).pretty + "\n", to: directory.evaluation)
  }

  /// What shows samples as PNG.
  func write(_ samples: Samples, to path: String, step: Int, experiment: Experiment) throws {
    let png = try samples.png(step: step, seed: experiment.configuration.seed, configHash: experiment.configHash)
    try store.writeAtomically(png, to: path)
  }

  /// The last samples as an array.
  func writeFinal(_ samples: Samples) throws {
    let array = NPY.encode(samples.values, shape: samples.shape)
    try store.writeAtomically(array, to: directory.finalSamples)
  }

  /// A picture beside the samples.
  func write(_ picture: Picture, step: Int, _ experiment: Experiment) throws {
    let texts = PNG.texts(step: step, seed: experiment.configuration.seed, configHash: experiment.configHash)
    try store.writeAtomically(PNG.encode(picture.draw(), texts: texts), to: directory.picture(picture.name))
  }

  /// The losses on whole parts of the data along the run, and what they are made of; nil where there are none.
  func curves(metric: String, parts: [String], mark: Int?) throws -> Picture? {
    let lines = try store.read(directory.metrics)
    let plots = ([metric] + parts).compactMap { LossCurves(metrics: lines, metric: $0)?.plot(mark: mark) }
    return plots.isEmpty ? nil : Picture("curves", plots: plots, columns: min(3, plots.count))
  }

  /// Microseconds are enough for a wall time.
  private static func rounded(_ seconds: Double) -> Double { (seconds * 1e9).rounded() / 1e9 }
}
