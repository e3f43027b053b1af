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
  /// Opened if the model has diagnostics.
  private var diagnostics: DiagnosticsLog?
  /// Opened if event files are asked for, when the run's first files are written.
  private var events: EventFile?
  private let keepsEvents: Bool
  /// What is made of other files, until a checkpoint or the end counts on it.
  private var unsynced = UnsyncedFiles()

  /// Opens the growing files of a run and cuts them back to what a checkpoint counts on.
  ///
  /// - Parameters:
  ///   - prefixes: what the checkpoint says; nil for none.
  ///   - step: the checkpoint's step; 0 for none.
  ///   - keepsEvents: whether event files for TensorBoard are written too.
  /// - Throws: `FileError` (65) if a file does not begin with what the checkpoint counts on.
  init(
    _ directory: RunDirectory, keeping prefixes: RunPrefixes?, step: Int, keepsEvents: Bool, store: FileStore
  ) throws {
    self.keepsEvents = keepsEvents
    self.directory = directory
    self.store = store
    let prefixes = prefixes ?? RunPrefixes()
    // Before anything is cut off.
    try prefixes.check(directory, store: store)
    metrics = try AppendFile(directory.metrics, keeping: prefixes.metrics, store: store)
    timing = try AppendFile(directory.timing, keeping: prefixes.timing, store: store)
    // Cut back with the others, so that a reader of the folder always sees one run.
    if store.exists(directory.diagnostics) {
      diagnostics = try DiagnosticsLog(directory, keeping: prefixes.diagnostics, upTo: step, store: store)
    }
  }

  /// What a checkpoint records, after everything written is on the device.
  func syncedPrefixes() throws -> RunPrefixes {
    try metrics.sync()
    try timing.sync()
    try diagnostics?.sync()
    try sync()
    var prefixes = RunPrefixes()
    (prefixes.metrics, prefixes.timing) = (metrics.prefix, timing.prefix)
    prefixes.diagnostics = diagnostics?.prefix ?? .empty
    return prefixes
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
    let log = try diagnostics ?? DiagnosticsLog(directory, keeping: .empty, upTo: 0, store: store)
    diagnostics = log
    return try log.append(seen, step: step)
  }

  /// The diagnostics of the run as a picture; nil if there are none.
  ///
  /// - Parameter known: the same metrics with their meanings.
  func diagnosticsPicture(_ known: [Evaluation.Metric]) throws -> Picture? {
    guard store.exists(directory.diagnostics) else { return nil }
    return try DiagnosticsCurves(directory, store: store)?.picture(known)
  }

  /// Writes the source of each value, what samples need to know of the data, and the config as it was read. A run that was killed before its first checkpoint has
  /// both and keeps them: read again, the values come from its own folder, and their sources would be lost.
  func writeConfiguration(_ experiment: Experiment) throws {
    let config = experiment.resolved.pretty + "\n"
    if try store.readIfPresent(directory.config) == Array(config.utf8), store.exists(directory.sources) { return }
    if let description = experiment.description { try directory.write(description, store: store) }
    // The config last: with it the run has begun.
    try store.writeAtomically(experiment.sources.pretty + "\n", to: directory.sources)
    try store.writeAtomically(config, to: directory.config)
  }

  /// Keeps where the data are now in the config, for the next one who reads the run.
  func updatePlaces(_ experiment: Experiment) throws {
    // A damaged config has led to no experiment.
    let config = try store.readIfPresent(directory.config).flatMap { try? JSONParser.parse($0).json }
    guard let placed = config.flatMap(experiment.placed) else { return }
    try store.writeAtomically(placed.pretty + "\n", to: directory.config)
  }

  /// The manifest, nil if it is missing or damaged, and the machines that it names.
  func manifest() throws -> (json: JSON?, machines: RunMachines) {
    let json = try store.readIfPresent(directory.manifest).flatMap { try? JSONParser.parse($0, limit: 1 << 26).json }
    return (json, RunMachines(manifest: json ?? .null))
  }

  func writeManifest(_ manifest: JSON) throws {
    try store.writeAtomically(manifest.pretty + "\n", to: directory.manifest)
  }

  func writeStatus(_ status: RunStatus) throws { try status.write(to: directory, store: store) }

  /// Waits until all that was written is on the device.
  func sync() throws { try unsynced.sync(store: store) }

  /// Writes what can be made again.
  private func write(_ bytes: [UInt8], to path: String) throws { try unsynced.write(bytes, to: path, store: store) }

  private func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

  /// Writes the page of the run.
  func write(_ report: RunReport) throws { try write(report.text, to: directory.report) }

  /// Brings the event file, if there is one, up to a step whose files are all written.
  func updateEvents(upTo step: Int) throws {
    guard keepsEvents else { return }
    if let events { return try events.update(upTo: step) }
    events = try EventFile(of: directory, in: directory.tensorboard, upTo: step, store: store)
  }

  func writeClaims(_ claims: [Claim]) throws {
    try write(Claim.file(claims).pretty + "\n", to: directory.claims)
  }

  func write(_ checkpoint: Checkpoint) throws {
    try checkpoint.write(to: directory.checkpoint(step: checkpoint.step), store: store)
  }

  func prune(_ retention: CheckpointRetention, best: Int?) throws {
    try directory.pruneCheckpoints(retention, best: best, store: store)
  }

  /// Writes the metrics, and which parameters they belong to.
  func writeEvaluation(_ evaluation: Evaluation, _ kept: KeptParameters) throws {
    try write(kept.json(with: evaluation).pretty + "\n", to: directory.evaluation)
  }

  /// Writes a picture of samples as PNG.
  func write(_ samples: Samples, to path: String, step: Int, experiment: Experiment) throws {
    let png = try samples.png(step: step, seed: experiment.configuration.seed, configHash: experiment.configHash)
    try write(png, to: path)
  }

  /// Writes the last samples as an array.
  func writeFinal(_ samples: Samples) throws {
    let array = NPY.encode(samples.values, shape: samples.shape)
    try write(array, to: directory.finalSamples)
  }

  /// Writes a picture to the folder of samples, plots also as SVG.
  func write(_ picture: Picture, step: Int, _ experiment: Experiment) throws {
    let texts = PNG.texts(step: step, seed: experiment.configuration.seed, configHash: experiment.configHash)
    let drawing = picture.content.drawing
    let image = drawing?.image() ?? picture.draw()
    try write(PNG.encode(image, texts: texts), to: directory.picture(picture.name))
    if let drawing {
      let svg = drawing.svg(title: picture.name, isAlone: true).text + "\n"
      try write(svg, to: directory.figure(picture.name))
    }
    guard let film = picture.film else { return }
    try write(NPY.encode(film.values, shape: film.shape), to: directory.film(picture.name))
  }

  /// The losses on whole splits during the run, and their parts; nil if there are none.
  func curves(metric: String, unit: String?, parts: [String], mark: Int?) throws -> Picture? {
    let metrics = try RunMetrics(directory, store: store)
    let plots = ([metric] + parts).compactMap { LossCurves(metrics, metric: $0, unit: unit)?.plot(mark: mark) }
    return plots.isEmpty ? nil : Picture("curves", plots: plots, columns: min(3, plots.count))
  }

  /// Rounded to nanoseconds, which is enough for a wall time.
  private static func rounded(_ seconds: Double) -> Double { (seconds * 1e9).rounded() / 1e9 }
}
