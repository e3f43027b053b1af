import ArgumentParser
import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimKernels
import MinimNN
import MinimTraining

/// A mistake in a command line, or in what it names.
struct CommandError: ReportedError {
  let description: String
  let exit: ExitStatus

  init(_ description: String, exit: ExitStatus) {
    self.description = description
    self.exit = exit
  }

  /// A word where a sub-command was expected.
  static func unknownCommand(_ word: String, program: String, known: [String], otherwise: String) -> CommandError {
    let hint = Spelling.nearest(to: word, among: known).map { "Did you mean \"\(program) \($0)\"?" } ?? "\(otherwise)."
    return CommandError("\(program) has no command \"\(word)\". \(hint)", exit: .usage)
  }
}

extension ExitCode {
  init(_ status: ExitStatus) { self.init(status.rawValue) }
}

/// Runs a command. An error is written to standard error as one text, and the program exits with the status that it
/// states.
func reporting(_ body: () throws -> Void) throws {
  do {
    try checkKernels()
    try body()
  } catch let exit as ExitCode {
    throw exit
  } catch {
    // Messages quote what files, folders and configs say.
    let text = "\(error)".visibleLines
    ProcessGroup.report(text.hasSuffix("\n") ? text : "\(text)\n")
    throw ExitCode(ExitStatus(error))
  }
}

/// Checks, before anything is made, that this machine has the level of kernels that the environment asks for.
private func checkKernels() throws {
  do { _ = try KernelLevel.current } catch { throw CommandError("\(error)", exit: .usage) }
}
