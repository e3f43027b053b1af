import ArgumentParser
import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimKernels
import MinimNN
import MinimTraining

/// What is wrong with a command line or with what it names.
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

/// Runs a command; errors go to standard error as one text each, with the exit status that they state.
func reporting(_ body: () throws -> Void) throws {
  OpenBLAS.start()
  do {
    try checkKernels()
    try body()
  } catch let exit as ExitCode {
    throw exit
  } catch {
    Terminal.write("\(error)".hasSuffix("\n") ? "\(error)" : "\(error)\n", to: 2)
    throw ExitCode(ExitStatus(error))
  }
}

/// A level of kernels that the environment asks for and this machine lacks is said before anything is made.
private func checkKernels() throws {
  do { _ = try KernelLevel.current } catch { throw CommandError("\(error)", exit: .usage) }
}
