import Foundation

/// Runs the programs of the package as a user does.
package enum CommandRunner {
  /// What a program left when it ended.
  package struct Result: Sendable {
    package let stdout: String
    package let stderr: String
    /// 128 and more: ended by that signal, as a shell says it.
    package let exitCode: Int32
  }

  /// What kept a program from being run to its end.
  package enum Failure: Error, CustomStringConvertible {
    case notFound(product: String, folders: [String])
    case tooSlow(product: String, seconds: Double)

    package var description: String {
      switch self {
      case .notFound(let product, let folders):
        "no program \"\(product)\" in \(folders.joined(separator: ", ")): does the test target depend on it?"
      case .tooSlow(let product, let seconds): "\(product) was ended after \(seconds) seconds"
      }
    }
  }

  /// Runs a product of the package and waits for its end.
  ///
  /// - Parameters:
  ///   - environment: on top of this process's own, from which everything that changes what programs print is taken.
  ///   - directory: the working directory; nil is this process's own.
  ///   - timeout: in seconds; after it the program is killed. A net for programs that hang: no test may depend on it.
  package static func run(
    _ product: String, _ arguments: [String] = [], environment: [String: String] = [:], directory: String? = nil,
    timeout: Double = 120
  ) throws -> Result {
    let process = Process()
    process.executableURL = try executable(product)
    process.arguments = arguments
    process.environment = inherited.merging(environment) { $1 }
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    process.standardInput = FileHandle.nullDevice
    // Files instead of pipes: nothing that a program writes, however much, waits for a reader.
    let (output, errors) = (try TemporaryFile(), try TemporaryFile())
    process.standardOutput = output.handle
    process.standardError = errors.handle
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    if ended.wait(timeout: .now() + timeout) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
      throw Failure.tooSlow(product: product, seconds: timeout)
    }
    let signalled = process.terminationReason == .uncaughtSignal
    return Result(
      stdout: output.text, stderr: errors.text, exitCode: process.terminationStatus + (signalled ? 128 : 0))
  }

  private static let inherited = ProcessInfo.processInfo.environment.filter { name, _ in
    !name.hasPrefix("MINIM_") && !["COLUMNS", "TERM", "COLORTERM", "NO_COLOR"].contains(name)
  }

  /// Programs are built into the folder of the test bundle.
  private static func executable(_ product: String) throws -> URL {
    // The bundle is the program that runs, or an argument of the one that has loaded it.
    let candidates = ["/proc/self/exe"] + CommandLine.arguments.filter { $0.contains(".xctest") }
    let folders = candidates.map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().deletingLastPathComponent() }
    for folder in folders {
      let program = folder.appendingPathComponent(product)
      if FileManager.default.isExecutableFile(atPath: program.path) { return program }
    }
    throw Failure.notFound(product: product, folders: folders.map(\.path))
  }
}

/// A file that a program writes into and that is gone afterwards.
private final class TemporaryFile {
  let handle: FileHandle
  private let path: String

  init() throws {
    path = NSTemporaryDirectory() + "minim-output-\(UUID().uuidString)"
    try Data().write(to: URL(fileURLWithPath: path))
    handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
  }

  deinit {
    try? handle.close()
    try? FileManager.default.removeItem(atPath: path)
  }

  var text: String {
    try? handle.seek(toOffset: 0)
    return String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
  }
}
