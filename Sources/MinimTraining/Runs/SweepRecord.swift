import MinimConfiguration
import MinimFiles

/// A summary of a sweep from its files: one line of a list. Of its members only the states are read.
package struct SweepRecord: Sendable {
  package let sweep: SweepDirectory
  /// The folder's name.
  package var name: String { sweep.name }
  /// The state of each member, in the order of their numbers.
  package let states: [RunRecord.State]
  /// The wall time of training of all members together.
  package let seconds: Double
  /// The number of claims of all members with each verdict.
  package let verdicts: VerdictCounts
  /// Every key of the config with its value, except for those that the sweep varies.
  package let settings: [(key: String, value: JSON)]
  /// The files that are damaged or cannot be read, one sentence each.
  package let remarks: [String]

  /// Reads the files that exist; nothing that is missing or damaged is an error.
  package init(path: String, store: FileStore = FileStore()) {
    let sweep = SweepDirectory(recovering: path, store: store)
    self.sweep = sweep
    let runs = sweep.members.map(sweep.folder)
    var files = RunFileReader(store: store)
    let statuses = runs.map { files.status(of: $0) }
    remarks = (sweep.remark.map { [$0] } ?? []) + files.remarks
    states = zip(statuses, runs).map { RunRecord.state($0, $1, store) }
    seconds = statuses.reduce(0) { $0 + ($1?.seconds ?? 0) }
    verdicts = VerdictCounts(sumOf: statuses.compactMap { $0?.verdicts })
    let config = runs.lazy.map { RunRecord($0, store: store).settings }.first { !$0.isEmpty }
    let varied = sweep.grid.axes.filter { $0.values.count != 1 }.map(\.key)
    settings = (config ?? Self.settings(of: sweep)).filter { setting in
      !varied.contains { setting.key == $0 || setting.key.hasPrefix($0 + ".") }
    }
  }

  /// The keys that the sweep's own configs give, if no member has one yet.
  private static func settings(of sweep: SweepDirectory) -> [(key: String, value: JSON)] {
    let texts = sweep.configs.reversed().compactMap { try? JSONParser.parse(Array($0.text.utf8)).json }
    return texts.flatMap { RunRecord.flattened($0) }
  }

  /// The number of members that took all their steps.
  package var done: Int { count(.done) }

  private func count(_ state: RunRecord.State) -> Int { states.count { $0 == state } }

  /// The state in one word, that of the members that need attention first.
  package var state: RunRecord.State {
    if states.contains(.running) { return .running }
    let isComplete = states.allSatisfy { [.done, .diverged, .failed].contains($0) }
    guard isComplete else { return states.allSatisfy { $0 == .pending } ? .pending : .stopped }
    return states.contains(.failed) ? .failed : states.contains(.diverged) ? .diverged : .done
  }

  /// "7 of 9 done, 1 running, 1 diverged"
  package var progress: String {
    let others = RunRecord.State.allCases.filter { $0 != .done && $0 != .pending && count($0) > 0 }
    return (["\(done) of \(states.count) done"] + others.map { "\(count($0)) \($0.rawValue)" }).joined(separator: ", ")
  }

  /// The values of a key of the config, or of a column of the list, as a user writes them: several for a key that the
  /// sweep varies.
  package func values(_ key: String) -> [String] {
    switch key {
    case "run": return [name]
    case "state": return [state.rawValue]
    case "seconds": return ["\(seconds)"]
    case "claims": return [verdicts.text]
    case "step", "loss": return []
    default:
      let key = key == "model" ? "model.name" : key
      if let axis = sweep.grid.axes.first(where: { $0.key == key }) { return axis.choices.words }
      return settings.first { $0.key == key }.map { [RunRecord.text($0.value)] } ?? []
    }
  }
}
