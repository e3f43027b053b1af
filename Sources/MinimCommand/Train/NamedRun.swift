import ArgumentParser
import MinimDrawing
import MinimFiles
import MinimTraining

/// `train --into DIR`: one command that begins a run, continues it, or finds it done, so that a workflow can repeat it.
struct NamedRun {
  private let experiment: Experiment
  private let options: TrainingOptions
  private let directory: RunDirectory
  private let hasBegun: Bool

  /// - Throws: `FileError` if the folder cannot be made or holds something else.
  init(_ experiment: Experiment, in path: String, _ options: TrainingOptions) throws {
    (self.experiment, self.options) = (experiment, options)
    (directory, hasBegun) = try RunDirectory.named(path)
  }

  /// Trains what is missing.
  ///
  /// - Parameters:
  ///   - origin: the name of the run whose parameters this one starts from; nil for none.
  ///   - initial: reads these parameters.
  ///   - loader: has the experiment's data.
  /// - Throws: `CommandError` (78) if the folder has a run of another config, and `ExitCode` as the run says.
  func run(from origin: String?, _ initial: () throws -> InitialParameters?, _ loader: DataLoader) throws {
    guard hasBegun else { return try TrainingSession(experiment, in: directory, options, preparing: initial()).run() }
    try checkSame(origin, loader)
    if let status = try? RunStatus(of: directory), options.steal || !RunLock.isHeld(directory) {
      switch status.state {
      case .done, .diverged: return try finish(status)
      case .running, .stopped, .failed: break
      }
    }
    let whole = try experiment.extended(from: RunExtension.formerLengths(of: directory))
    try TrainingSession(whole, in: directory, options).run()
  }

  /// Says that nothing is left to do. A theorem that failed, and numbers that were not finite, fail again.
  private func finish(_ status: RunStatus) throws {
    let isDone = status.state == .done
    if !options.quiet {
      let end = isDone ? "is done: \(Readable.count(status.step, "step"))" : "has diverged after \(status.step) steps"
      Terminal.write("\(directory.path) \(end). Look at: \(directory.report)\n", to: 2)
    }
    if !isDone { throw ExitCode(.diverged) }
    if status.exit == .bug { throw ExitCode(.bug) }
  }

  /// Checks that the run in the folder is the one that the config asks for.
  private func checkSame(_ origin: String?, _ loader: DataLoader) throws {
    let old = try ConfigFiles.experiment(of: directory, loader)
    let another = "Name another folder, or remove this one"
    do {
      if let change = try RunExtension(of: directory, from: old, to: experiment) {
        throw CommandError(
          "\(directory.path) has a run of \(change.old) steps, and this config asks for \(change.new). To train it further: "
            + "\(Program.current.train) resume \(ResumeTraining.quoted(directory.path)) training.steps=\(change.new)",
          exit: .badConfiguration)
      }
    } catch let error as RunChangeError {
      throw CommandError("\(directory.path) has a run of another config: \(error)\n\(another)", exit: error.exit)
    }
    let former = try RunOrigin(of: directory)?.run
    guard former == origin else {
      let (has, asked) = (
        former.map { "from \($0)" } ?? "from no other run", origin.map { "from \($0)" } ?? "without --from"
      )
      throw CommandError(
        "\(directory.path) has a run that started \(has), and this command starts one \(asked). \(another)",
        exit: .badConfiguration)
    }
  }
}
