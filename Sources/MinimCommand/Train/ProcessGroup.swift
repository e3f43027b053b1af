import MinimDrawing
import MinimFiles
import MinimMPI
import MinimParallel
import MinimTraining
import Synchronization

/// The processes that a launcher of MPI has started with this one for one run. The first writes and prints; the others follow it.
///
/// What they do together must begin and end in all of them. So a process that fails alone ends all, and all take leave of each other
/// after their last step.
enum ProcessGroup {
  private struct State: Sendable {
    var group: (any LaunchedGroup)?
    /// Whether the first process has told the others that there is something to compute.
    var hasStarted = false
    /// What a process that follows would say, if it fails and the first does not.
    var message = ""
  }

  private static let state = Mutex(State())

  /// The processes, from `join` to `leave`; nil if this process is alone.
  static var current: (any LaunchedGroup)? { state.withLock(\.group) }

  /// Whether this process follows another.
  static var isFollower: Bool { current.map { !$0.isFirst } ?? false }

  /// Joins the processes that were started with this one, if any.
  ///
  /// - Throws: `CommandError` if there are some, and this program was built without MPI.
  static func join() throws {
    guard Launcher.knowsMPI || Launcher.processes == 1 else {
      throw CommandError(
        "this program was built without MPI, so \(Launcher.processes) processes would train \(Launcher.processes) runs. "
          + "Build it by: swift build -c release --traits MPI", exit: .usage)
    }
    let group = Launcher.join()
    state.withLock { $0.group = group }
  }

  /// Refuses what several processes would do several times.
  ///
  /// - Throws: `CommandError`
  static func requireAlone(instead advice: String) throws {
    guard Launcher.processes > 1 else { return }
    throw CommandError("\(Launcher.processes) processes of MPI train one run together. \(advice)", exit: .usage)
  }

  /// Notes that the other processes wait for this one no longer.
  static func start() { state.withLock { $0.hasStarted = true } }

  /// Begins what all processes compute with the same parameters.
  ///
  /// - Returns: whether there is something to compute.
  /// - Throws: `GroupDisagreement` in the first process.
  static func begin(_ experiment: Experiment, _ kept: KeptParameters) throws -> Bool {
    guard let group = current else { return true }
    let agreement = try GroupAgreement(experiment, ConfigFiles.level(), kept)
    do {
      if !group.isFirst {
        if try GroupStart.follow(agreement, group, start) != nil { return true }
        return leave()
      }
      start()
      try GroupStart.lead(agreement, group)
      return true
    } catch let error as GroupDisagreement {
      guard leave() else { return false }
      throw error
    }
  }

  /// Takes leave of the others.
  ///
  /// - Returns: whether this process is the one that writes and prints.
  @discardableResult static func leave() -> Bool {
    let group = state.withLock { state in
      defer { state.group = nil }
      return state.group
    }
    group?.leave()
    return group?.isFirst ?? true
  }

  /// Writes an error: that of a process that follows only if the first one has none.
  static func report(_ text: String) {
    let isNoted = state.withLock { state in
      guard let group = state.group, !group.isFirst, !state.hasStarted else { return false }
      state.message = text
      return true
    }
    if !isNoted { Terminal.write(current.map { $0.isFirst ? text : named(text, $0) } ?? text, to: 2) }
  }

  private static func named(_ text: String, _ group: any LaunchedGroup) -> String {
    "process \(group.ownership.owner): \(text)"
  }

  /// Takes leave of the others before this process ends, or ends all of them.
  static func end(_ status: Int32) {
    let now = state.withLock { $0 }
    guard let group = now.group else { return }
    if now.hasStarted { group.abort(status) }
    if group.isFirst {
      GroupStart.cancel(group)
    } else if GroupStart.isCalled(group) {
      Terminal.write(named(now.message, group), to: 2)
      group.abort(status)
    }
    leave()
  }
}
