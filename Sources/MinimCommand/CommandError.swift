import ArgumentParser
import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimKernels
import MinimNN
import MinimTraining

/// What went wrong, for people, and the program's exit code.
struct CommandError: Error, CustomStringConvertible {
  let description: String
  let exitCode: Int32

  init(_ description: String, exitCode: Int32) {
    self.description = description
    self.exitCode = exitCode
  }

  /// A word where a sub-command was expected.
  static func unknownCommand(_ word: String, program: String, known: [String], otherwise: String) -> CommandError {
    let hint = Spelling.nearest(to: word, among: known).map { "Did you mean \"\(program) \($0)\"?" } ?? "\(otherwise)."
    return CommandError("\"\(word)\" is no sub-command of \(program). \(hint)", exitCode: 64)
  }
}

/// Runs a command; errors go to standard error as one text each, with the exit code that belongs to them.
func reporting(_ body: () throws -> Void) throws {
  OpenBLAS.start()
  do {
    try checkKernels()
    try body()
  } catch let exit as ExitCode {
    throw exit
  } catch {
    Terminal.write("\(error)".hasSuffix("\n") ? "\(error)" : "\(error)\n", to: 2)
    throw ExitCode(exitCode(of: error))
  }
}

/// A level of kernels that the environment asks for and this machine lacks is said before anything is made.
private func checkKernels() throws {
  do { _ = try KernelLevel.current } catch { throw CommandError("\(error)", exitCode: 64) }
}

func exitCode(of error: any Error) -> Int32 {
  switch error {
  case let error as CommandError: error.exitCode
  case let error as ConfigurationErrors: error.exitCode
  case let error as FileError: error.exitCode
  case let error as DataFileError: error.exitCode
  case let error as SafetensorsError: error.exitCode
  case let error as CheckpointError: error.exitCode
  case let error as RunLookupError: error.exitCode
  case let error as RunLockedError: error.exitCode
  case let error as SweepError: error.exitCode
  case is KernelError: 71
  default: 70
  }
}
