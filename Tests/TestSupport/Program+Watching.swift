import CTestSupport
import Glibc

extension Program {
  /// The end of a program that was watched.
  package struct Watched: Sendable {
    /// How often it called the system to change a file.
    package let calls: Int
    /// The most memory that it had in RAM, in bytes; 0 if it was killed.
    package let peak: Int
    /// The exit code, or 128 + signal.
    package let exitCode: Int32
    package var isKilled: Bool { exitCode == 128 + SIGKILL }
  }

  /// The reason why no program can be watched here: some containers do not permit it. Nil if one can be.
  package static let cannotWatch: String? = {
    do { _ = try Program("minim").runKilled(at: nil, ["--version"], in: "/") } catch { return "\(error)" }
    return nil
  }()

  /// Runs to the end, or kills the program (SIGKILL) where it is about to make a certain call that changes a file: all that
  /// came before has happened, the call has not. Its streams are /dev/null.
  ///
  /// Between two such calls nothing on the disk changes, so that these are all moments at which a kill can matter.
  ///
  /// - Parameter call: the number of this call, from 0; nil for none.
  /// - Throws: an error with the reason if it cannot be run and traced.
  package func runKilled(at call: Int?, _ arguments: [String], in folder: String) throws -> Watched {
    let words = CStrings([path] + arguments), variables = CStrings(environment.map { "\($0)=\($1)" })
    let end = withExtendedLifetime((words, variables)) {
      folder.withCString { folder in
        var program = traced_program(arguments: words.pointers, environment: variables.pointers, folder: folder)
        return run_until_call(&program, call.map(Int64.init) ?? -1)
      }
    }
    guard end.error == 0 else { throw CannotWatch(code: end.error) }
    // As WIFEXITED, WEXITSTATUS and WTERMSIG tell: macros are not imported.
    let signal = end.status & 0x7f
    let exitCode = signal == 0 ? end.status >> 8 & 0xff : 128 + signal
    return Watched(calls: Int(end.calls), peak: Int(end.peak) << 10, exitCode: exitCode)
  }

  /// Why a program could not be run and traced.
  private struct CannotWatch: Error, CustomStringConvertible {
    let code: Int32
    var description: String { String(cString: strerror(code)) }
  }
}

/// Strings for C, with a null pointer at their end.
private final class CStrings {
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ strings: [String]) {
    count = strings.count
    pointers = .allocate(capacity: count + 1)
    for (index, string) in strings.enumerated() { pointers[index] = strdup(string) }
    pointers[count] = nil
  }

  deinit {
    for index in 0..<count { free(pointers[index]) }
    pointers.deallocate()
  }
}
