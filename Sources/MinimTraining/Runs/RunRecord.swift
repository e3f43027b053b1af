import MinimConfiguration
import MinimFiles
import MinimNN

/// A summary of a run from its files: one line of a list.
package struct RunRecord: Sendable {
  /// The state of a run, for a reader.
  package enum State: String, Sendable, CaseIterable {
    case running, done, diverged, stopped, failed
    /// The status is "running", but no process trains the run.
    case killed
    /// A member of a sweep that has not begun.
    case pending
    /// The files do not say.
    case unknown
  }

  /// The folder's name.
  package let name: String
  package let directory: RunDirectory
  /// Every key of the config with its value, such as "optimizer.learningRate", in the order of the file.
  package let settings: [(key: String, value: JSON)]
  package let state: State
  /// Who trains the run on another machine, and when it was last seen; nil for nobody.
  package let remoteHolder: String?
  /// The last step taken.
  package let step: Int
  /// The wall time of training; nil if unknown.
  package let seconds: Double?
  /// The name of the quantity that training minimizes, and its last recorded value.
  package let loss: (name: String, value: Double)?
  /// The number of claims with each verdict; empty before the run has checked them.
  package let verdicts: VerdictCounts
  /// The files that are damaged or cannot be read, one sentence each.
  package let remarks: [String]
  /// The first file that the system did not let read; nil if there was none.
  package let failure: FileError?

  /// Reads the files that exist; nothing that is missing or damaged is an error.
  ///
  /// - Parameter given: the status that the run is about to have; nil for that of its folder.
  package init(_ directory: RunDirectory, status given: RunStatus? = nil, store: FileStore = FileStore()) {
    var files = RunFileReader(store: store)
    name = directory.name
    self.directory = directory
    settings = files.json(directory.config, limit: 1 << 22).map { Self.flattened($0) } ?? []
    let status = given ?? files.status(of: directory)
    state = Self.state(status, directory, store)
    remoteHolder = state == .running ? RunLock.remoteHolder(directory, store: store) : nil
    // The status of a run that ended has its last loss.
    let last = status?.loss == nil ? Self.lastLine(directory, &files) : nil
    // The status is written with checkpoints, metrics more often.
    step = max(status?.step ?? 0, last?["step"]?.integer ?? 0)
    seconds = status?.seconds
    loss = last.flatMap(RunMetrics.loss) ?? status?.loss
    // A run of an older version has no counts in its status.
    let known = status.flatMap { $0.verdicts.isEmpty ? nil : $0.verdicts }
    verdicts = known ?? VerdictCounts(files.claims(of: directory))
    (remarks, failure) = (files.remarks, files.failure)
  }

  /// The value of a key of the config, as a user writes it, or of a column of the list.
  package func value(_ key: String) -> String? {
    switch key {
    case "run": return name
    case "state": return state.rawValue
    case "step": return "\(step)"
    case "seconds": return seconds.map { "\($0)" }
    case "loss": return loss.map { "\($0.value)" }
    case "claims": return claims
    case "model": return setting("model.name")
    default: return setting(key)
    }
  }

  /// The state for people: "done", "running by process 4711 on node7, seen 12 s ago".
  package var stateText: String { remoteHolder.map { "running by \($0)" } ?? state.rawValue }

  /// "6 hold", "5 hold, 1 fails"; empty before they are checked.
  package var claims: String { verdicts.text }

  private func setting(_ key: String) -> String? {
    settings.first { $0.key == key }.map { Self.text($0.value) }
  }

  /// A value as in an override: words without quotes.
  package static func text(_ value: JSON) -> String { value.string ?? value.compact }

  /// The keys of nested objects joined by dots.
  package static func flattened(_ json: JSON, prefix: String = "") -> [(key: String, value: JSON)] {
    (json.object?.members ?? []).flatMap { member -> [(key: String, value: JSON)] in
      let key = prefix + member.key
      return member.value.object == nil ? [(key, member.value)] : flattened(member.value, prefix: key + ".")
    }
  }

  /// The state by a run's status, which is nil if there is none that can be read.
  static func state(_ status: RunStatus?, _ directory: RunDirectory, _ store: FileStore) -> State {
    guard let status else { return store.exists(directory.path) ? .unknown : .pending }
    if status.state == .running { return RunLock.isHeld(directory, store: store) ? .running : .killed }
    return State(rawValue: status.state.rawValue) ?? .unknown
  }

  /// The last whole line of the metrics; the rest is not read.
  private static func lastLine(_ directory: RunDirectory, _ files: inout RunFileReader) -> JSON? {
    let end = files.reading { store throws(FileError) in
      store.exists(directory.metrics) ? try store.readEnd(of: directory.metrics, most: 1 << 11) : nil
    }
    // What follows the last line feed may be a line in the making, and what comes before the first the end of one.
    let lines = (end ?? []).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
    for (index, line) in lines.enumerated().reversed() {
      if let json = try? JSONParser.parse(Array(line)).json { return json }
      if index == lines.count - 1 { files.note("\(directory.metrics): its last line cannot be read and is left out") }
    }
    return nil
  }
}
