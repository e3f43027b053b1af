import MinimConfiguration
import MinimFiles
import MinimNN

/// The status of a run: the content of `status.json`, replaced whole at every change.
package struct RunStatus: Equatable, Sendable {
  /// The state of a run.
  package enum State: String, Sendable, CaseIterable {
    /// It trains, or it was killed: the run's lock tells which.
    case running
    /// All steps are taken.
    case done
    /// A number was not finite.
    case diverged
    /// A signal stopped it; it can be resumed.
    case stopped
    /// An error ended it.
    case failed
  }

  package var state: State
  /// The last step taken.
  package var step: Int
  /// The step of the last checkpoint that was written; nil before the first.
  package var saved: Int?
  /// The exit status of the program; nil while it runs.
  package var exit: ExitStatus?
  /// Wall time of training so far, over all resumes.
  package var seconds: Double
  /// The number of claims with each verdict; none before the claims are checked.
  package var verdicts: VerdictCounts
  /// The name of the quantity that training minimizes, and its last value; nil while the run trains.
  package var loss: (name: String, value: Double)?

  package init(
    state: State, step: Int, saved: Int? = nil, exit: ExitStatus? = nil, seconds: Double,
    verdicts: VerdictCounts = VerdictCounts([]), loss: (name: String, value: Double)? = nil
  ) {
    self.state = state
    self.step = step
    self.saved = saved
    self.exit = exit
    self.seconds = seconds
    self.verdicts = verdicts
    self.loss = loss
  }

  package static func == (a: RunStatus, b: RunStatus) -> Bool { a.json == b.json }

  /// `{"state":"done","step":5000,"exitCode":0,"seconds":4.1,"checkpoint":5000,"loss":{"nll":6.2},"claims":{"holds":6}}`
  package var json: JSON {
    var json: JSON = [
      "state": .string(state.rawValue), "step": .integer(step),
      "exitCode": exit.map { .integer(Int($0.rawValue)) } ?? .null, "seconds": .number(seconds),
    ]
    if let saved { json["checkpoint"] = .integer(saved) }
    if let loss { json["loss"] = .object(JSONObject([.init(key: loss.name, value: .number(loss.value))])) }
    if !verdicts.isEmpty { json["claims"] = verdicts.json }
    return json
  }

  /// Replaces the status file of a run.
  package func write(to run: RunDirectory, store: FileStore = FileStore()) throws(FileError) {
    try store.writeAtomically(json.compact + "\n", to: run.status)
  }

  /// Reads the status file of a run; a file of another kind is an error (65).
  package init(of run: RunDirectory, store: FileStore = FileStore()) throws(FileError) {
    let bytes = try store.read(run.status, limit: 1 << 16)
    guard
      let json = try? JSONParser.parse(bytes).json,
      let state = json["state"]?.string.flatMap(State.init(rawValue:)),
      let step = json["step"]?.integer, step >= 0, let seconds = json["seconds"]?.number
    else { throw FileError(.read, run.status, reason: "it is not the status of a run", exit: .badData) }
    let exit = json["exitCode"]?.integer.map { ExitStatus(rawValue: Int32(clamping: $0)) }
    let loss = json["loss"]?.object?.members.first.flatMap { member in member.value.number.map { (member.key, $0) } }
    self.init(
      state: state, step: step, saved: json["checkpoint"]?.integer, exit: exit, seconds: seconds,
      verdicts: VerdictCounts(json["claims"] ?? .null),
      loss: loss)
  }
}
