import MinimFiles
import MinimNN

/// Another number of steps for a run that has begun, such that it becomes the run that it would have been with that number
/// from the start.
///
/// That is so if the rate of a step does not depend on the number of all steps. The last step of a run is special: it is
/// logged, evaluated and diagnosed whatever the intervals are. If the longer run does not do the same there, it continues
/// from the checkpoint before.
package struct RunExtension: RunPreparation {
  /// The number of steps before and after the change.
  package let old: Int, new: Int
  /// The checkpoint to continue from: the last that a run of either length has; 0 for the start.
  package let start: Int
  /// Whether the end of the shorter run is to be forgotten.
  package let isRewound: Bool
  private let experiment: Experiment

  /// Compares two configs of a run.
  ///
  /// - Parameters:
  ///   - directory: the run's folder.
  ///   - old: the run's experiment.
  ///   - new: the same with overrides.
  /// - Returns: nil if the result is the same under both.
  /// - Throws: `RunChangeError` if the run cannot become that of the new config, and the errors of reading its
  ///   checkpoints.
  package init?(
    of directory: RunDirectory, from old: Experiment, to new: Experiment, store: FileStore = FileStore()
  ) throws {
    let keys = Self.differences(old.resultKeys, new.resultKeys)
    guard !keys.isEmpty else { return nil }
    guard keys.map(\.path) == [Experiment.stepsPath] else { throw RunChangeError.keys(keys) }
    (self.old, self.new) = (old.configuration.steps, new.configuration.steps)
    let schedule = old.configuration.schedule
    guard !schedule.dependsOnSteps else {
      throw RunChangeError.schedule(name: schedule.shape.rawValue, old: self.old, new: self.new)
    }
    let steps = try directory.checkpointSteps(store: store)
    let last = steps.last ?? 0
    guard last < self.new else { throw RunChangeError.tooFew(taken: last, old: self.old, new: self.new) }
    func best(_ step: Int) throws -> Int? {
      try Checkpoint(directory.checkpoint(step: step), experiment: old, store: store).best?.step
    }
    if last > 0, let validation = old.validation, validation.hasStopped(last, best: try best(last)) {
      throw RunChangeError.stoppedImproving(step: last)
    }
    let isShared = last < self.old || Self.isOrdinary(last, old, hasDiagnostics: store.exists(directory.diagnostics))
    // Without validation the best step decides nothing.
    func hasBest(_ step: Int) throws -> Bool {
      guard old.validation != nil, let best = try best(step) else { return true }
      return steps.contains(best)
    }
    guard let earlier = try isShared ? last : steps.dropLast().last(where: hasBest) else {
      throw RunChangeError.noCheckpoint(before: last)
    }
    (start, isRewound, experiment) = (earlier, !isShared, new)
  }

  /// Whether a longer run writes the same at a step as one that ends with it.
  private static func isOrdinary(_ step: Int, _ experiment: Experiment, hasDiagnostics: Bool) -> Bool {
    let intervals = experiment.configuration.intervals
    let isEvaluated = experiment.validation.map { step % $0.interval == 0 }
    let isLogged = isEvaluated == true || step % intervals.log == 0
    return isEvaluated != false && isLogged && (!hasDiagnostics || step % intervals.diagnostics == 0)
  }

  /// The keys whose values differ, in the order of the old config.
  private static func differences(_ old: JSON, _ new: JSON) -> [RunChangeError.Key] {
    let (old, new) = (RunRecord.flattened(old), RunRecord.flattened(new))
    let values = Dictionary(new.map { ($0.key, $0.value) }) { first, _ in first }  // never iterated
    let known = Set(old.map(\.key))
    return old.filter { values[$0.key] != $0.value }.map { .init(path: $0.key, old: $0.value, new: values[$0.key]) }
      + new.filter { !known.contains($0.key) }.map { .init(path: $0.key, old: nil, new: $0.value) }
  }

  // MARK: - The folder

  /// Turns the folder into that of the longer run at its present step. In this order a kill leaves either run: the
  /// manifest, which the checkpoints of the old length are recognized by, first, and the config last.
  package func prepare(_ directory: RunDirectory, store: FileStore) throws {
    try store.writeAtomically(try manifest(directory, store).pretty + "\n", to: directory.manifest)
    for step in try directory.checkpointSteps(store: store) where step > start {
      try store.remove(directory.checkpoint(step: step))
    }
    for path in endings(of: directory) where store.exists(path) { try store.remove(path) }
    try store.writeAtomically(try sources(directory, store).pretty + "\n", to: directory.sources)
    try store.writeAtomically(experiment.resolved.pretty + "\n", to: directory.config)
  }

  /// The files of the old end, which the longer run does not have, or not yet.
  private func endings(of directory: RunDirectory) -> [String] {
    let isDrawnAnyway = old % experiment.configuration.intervals.samples == 0
    return directory.endings + (isDrawnAnyway && !isRewound ? [] : [directory.sample(step: old)])
  }

  private func manifest(_ directory: RunDirectory, _ store: FileStore) throws -> JSON {
    guard var manifest = try Self.manifest(directory, store) else {
      throw FileError(.read, directory.manifest, reason: "it is not the manifest of a run", exit: .badData)
    }
    let lengths = manifest[Self.key]?.array ?? []
    // A kill may have come after an earlier try.
    if lengths.last != .integer(old) { manifest[Self.key] = .array(lengths + [.integer(old)]) }
    manifest["config"] = .string(experiment.configHash)
    return manifest
  }

  /// The source of each value: what the overrides changed, and for the rest what it was.
  private func sources(_ directory: RunDirectory, _ store: FileStore) throws(FileError) -> JSON {
    // Sources that are missing or damaged are those of the present config.
    let known = try store.readIfPresent(directory.sources).flatMap { try? JSONParser.parse($0).json }
    var sources = known ?? experiment.sources
    for member in experiment.sources.object?.members ?? [] where member.value == "override" {
      sources[member.key] = member.value
    }
    return sources
  }

  private static func manifest(_ directory: RunDirectory, _ store: FileStore) throws(FileError) -> JSON? {
    try store.readIfPresent(directory.manifest, limit: 1 << 26).flatMap {
      // A damaged manifest says nothing.
      try? JSONParser.parse($0, limit: 1 << 26).json
    }
  }

  private static let key = "extendedFrom"

  /// The numbers of steps that a run had before it was extended, from its manifest; none if that is missing.
  ///
  /// - Throws: `FileError` if the manifest cannot be read: checkpoints of these lengths would not be recognized.
  package static func formerLengths(of directory: RunDirectory, store: FileStore = FileStore()) throws(FileError)
    -> [Int]
  { formerLengths(try manifest(directory, store)) }

  /// The same from the manifest itself.
  static func formerLengths(_ manifest: JSON?) -> [Int] { manifest?[key]?.array?.compactMap(\.integer) ?? [] }
}
