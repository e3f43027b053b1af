import MinimFiles

/// A run that cannot continue from its last checkpoint, with the checkpoint that it can continue from.
package struct ResumeError: ReportedError {
  /// What is wrong.
  package let cause: any ReportedError
  /// The step of the last checkpoint from which the run can continue; 0 for its start.
  package let sound: Int
  private let run: String
  package var exit: ExitStatus { cause.exit }

  package var description: String {
    let place = sound > 0 ? "The checkpoint of step \(sound) is sound. To continue from it" : "To begin again"
    return "\(cause)\n\(place): train resume \(run) --from-step \(sound)"
  }

  /// Says what can be done about an error; an error that is none of damage stays as it is.
  ///
  /// - Parameter steps: the steps of the checkpoints before the one with the error, ascending.
  static func advised(
    _ error: any Error, _ experiment: Experiment, _ directory: RunDirectory, _ steps: [Int], _ store: FileStore
  ) -> any Error {
    guard let error = error as? any ReportedError, isDamage(error) else { return error }
    let sound = steps.last { step in
      // Whatever is wrong with it, it is not the one to continue from.
      (try? Checkpoint(directory.checkpoint(step: step), experiment: experiment, store: store).prefixes
        .check(directory, store: store)) != nil
    }
    return ResumeError(cause: error, sound: sound ?? 0, run: directory.path)
  }

  private static func isDamage(_ error: any ReportedError) -> Bool {
    if let error = error as? CheckpointError { return !error.isOfAnotherRun }
    return error is SafetensorsError || (error as? FileError)?.exit == .badData
  }

  /// An error if a run without checkpoints once had one.
  static func checkStart(_ directory: RunDirectory, _ store: FileStore) throws {
    guard let step = try status(directory, store)?.saved else { return }
    let reason = "the run has saved its step \(step), and no checkpoint is left. A copy of the folder would help"
    let cause = FileError(.open, directory.checkpoints, reason: reason, exit: .badData)
    throw ResumeError(cause: cause, sound: 0, run: directory.path)
  }

  /// The status of a run; one that is missing or damaged counts on nothing.
  private static func status(_ directory: RunDirectory, _ store: FileStore) throws(FileError) -> RunStatus? {
    do throws(FileError) { return try RunStatus(of: directory, store: store) } catch {
      if error.exit == .inputOutput { throw error }
      return nil
    }
  }
}
