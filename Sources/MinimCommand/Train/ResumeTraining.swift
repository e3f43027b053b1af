import ArgumentParser
import MinimDrawing
import MinimParallel
import MinimTraining

/// `train resume RUN`.
struct ResumeTraining: ParsableCommand {
  /// The first argument that means this command.
  static let word = "resume"

  static let configuration = CommandConfiguration(
    commandName: word, _superCommandName: "train",
    abstract: "Resume a run that was stopped or killed. The result is the same as without the interruption.",
    discussion: """
      Example:
        train resume latest training.steps=20000

      With a larger training.steps, a finished run is trained further. It ends as a run with that number of steps from the \
      start. That needs a learning rate that does not depend on the number of steps, such as a constant one.

      Data are known by their content. If their files lie elsewhere now, data.path=FILE and data.labels=FILE say where.
      """)

  @Argument(
    help: ArgumentHelp("A run's folder, a unique prefix of its name, or latest.", valueName: "run"), completion: .run)
  var name: String

  @Argument(
    help: ArgumentHelp(
      "training.steps, and overrides of keys that do not affect the result, such as intervals.", valueName: "key=value")
  )
  var overrides: [String] = []

  @Option(
    help: ArgumentHelp(
      "Continue from the checkpoint of this step and give up later ones; 0 begins again.", valueName: "n"))
  var fromStep: Int?

  @Flag(
    help:
      "Continue on a CPU without fused multiply-add what began on one with it, or back: the last digits will differ.")
  var changeKernels = false

  @OptionGroup var options: TrainingOptions

  func run() throws {
    try reporting {
      if let word = overrides.first(where: { !$0.contains("=") }) {
        throw CommandError("\"\(word)\" is not an override; overrides are key=value", exit: .usage)
      }
      try ProcessGroup.join()
      let directory = try RunDirectory.locate(name, in: options.runs)
      // Both read the same data.
      let loader = ConfigFiles.loader()
      let places = overrides.filter(ConfigFiles.isPlace)
      let old = try ConfigFiles.experiment(of: directory, overrides: places, loader)
      let new =
        try overrides == places ? old : ConfigFiles.experiment(of: directory, overrides: overrides, loader)
      if let group = ProcessGroup.current, !group.isFirst {
        return try FollowingSession(experiment: new, options: options, group: group).run()
      }
      guard let change = try change(of: directory, from: old, to: new) else {
        let rewind = try fromStep.map { try RunRewind(to: $0, of: directory, new) }
        return try session(new, directory, rewind).run()
      }
      guard fromStep == nil else {
        throw CommandError("--from-step and more training.steps exclude each other: resume twice", exit: .usage)
      }
      if !options.quiet { Terminal.write(Self.announcement(change, of: directory), to: 2) }
      let lengths = try RunExtension.formerLengths(of: directory) + [change.old]
      try session(new.extended(from: lengths), directory, change).run()
    }
  }

  private func session(
    _ experiment: Experiment, _ directory: RunDirectory, _ preparation: (any RunPreparation)?
  ) -> TrainingSession {
    TrainingSession(experiment, in: directory, options, allowsKernelChange: changeKernels, preparing: preparation)
  }

  /// The extension that the overrides ask for; nil if they do not affect the result.
  private func change(of directory: RunDirectory, from old: Experiment, to new: Experiment) throws -> RunExtension? {
    do {
      return try RunExtension(of: directory, from: old, to: new)
    } catch let error as RunChangeError {
      let hints = Self.hints(error, directory, overrides.map(Self.quoted).joined(separator: " "))
      let asked = "\(directory.name) cannot continue with \(overrides.joined(separator: " ")): \(error)"
      throw CommandError(([asked] + hints).joined(separator: "\n"), exit: error.exit)
    }
  }

  /// What to do instead.
  private static func hints(_ error: RunChangeError, _ directory: RunDirectory, _ overrides: String) -> [String] {
    let command = "\(Program.current.train) --config \(quoted(directory.config))"
    let again = "For a new run: \(command) \(overrides)"
    guard case .schedule(_, let old, let new) = error else { return [again] }
    let start = "\(command) --from \(quoted(directory.path)) training.steps=\(max(1, new - old))"
    return [again, "For a new run from the parameters of this one: \(start)"]
  }

  private static func announcement(_ change: RunExtension, of directory: RunDirectory) -> String {
    let reason = change.isRewound ? ", because the old last step was evaluated or logged as the last" : ""
    return "\(directory.name): training.steps: \(change.old) -> \(change.new), from step \(change.start)\(reason)\n"
  }

  /// A word as a shell reads it back.
  static func quoted(_ word: String) -> String {
    let plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-=/:,+"
    if word.allSatisfy(plain.contains) { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
