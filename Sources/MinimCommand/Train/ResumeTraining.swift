import ArgumentParser
import MinimDrawing
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
      """)

  @Argument(
    help: ArgumentHelp("A run's folder, a unique prefix of its name, or latest.", valueName: "run"), completion: .run)
  var name: String

  @Argument(
    help: ArgumentHelp(
      "training.steps, and overrides of keys that do not affect the result, such as intervals.", valueName: "key=value")
  )
  var overrides: [String] = []

  @OptionGroup var options: TrainingOptions

  func run() throws {
    try reporting {
      if let word = overrides.first(where: { !$0.contains("=") }) {
        throw CommandError("\"\(word)\" is not an override; overrides are key=value", exit: .usage)
      }
      let directory = try RunDirectory.locate(name, in: options.runs)
      // Both read the same data.
      let loader = ConfigFiles.loader()
      let old = try ConfigFiles.experiment(of: directory, loader)
      let new = try overrides.isEmpty ? old : ConfigFiles.experiment(of: directory, overrides: overrides, loader)
      guard let change = try change(of: directory, from: old, to: new) else {
        return try TrainingSession(new, in: directory, options).run()
      }
      if !options.quiet { Terminal.write(Self.announcement(change, of: directory), to: 2) }
      let lengths = RunExtension.formerLengths(of: directory) + [change.old]
      try TrainingSession(new.extended(from: lengths), in: directory, options, preparing: change).run()
    }
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
  private static func quoted(_ word: String) -> String {
    let plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-=/:,+"
    if word.allSatisfy(plain.contains) { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
