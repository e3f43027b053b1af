import Foundation

/// One of the project's programs, run as a user would.
package struct Program: Sendable {
  /// What a finished process left.
  package struct Result: Sendable {
    package let output: String
    package let errors: String
    /// The exit code, or 128 + signal.
    package let exitCode: Int32
  }

  package let path: String
  let environment: [String: String]
  /// The line of bash that starts the program; nil if nothing is between.
  private var line: String?

  /// A product of the package. `environment` comes on top of this process's own, from which everything that changes what
  /// programs print is taken.
  package init(_ name: String, environment: [String: String] = [:]) {
    // Programs are built into the folder of the test bundle, which is the program that runs or an argument of it.
    let bundles = ["/proc/self/exe"] + CommandLine.arguments.filter { $0.contains(".xctest") }
    let programs = bundles.map {
      URL(fileURLWithPath: $0).resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent(name).path
    }
    path = programs.first(where: FileManager.default.isExecutableFile) ?? name
    self.environment = Self.inherited.merging(environment) { $1 }
  }

  /// The same program, started by a line of bash in which `"$@"` is the program with its arguments. The line should end with
  /// `exec`, so that signals reach the program.
  package func through(_ line: String) -> Program {
    var program = self
    program.line = line
    return program
  }

  private static let inherited = ProcessInfo.processInfo.environment.filter { name, _ in
    !name.hasPrefix("MINIM_") && !["COLUMNS", "TERM", "COLORTERM", "NO_COLOR"].contains(name)
  }

  /// Runs to the end.
  package func run(_ arguments: [String], in folder: String) throws -> Result {
    try start(arguments, in: folder).wait()
  }

  /// Runs to the end with its output on a terminal of so many columns, and with its progress and errors if asked for.
  package func run(
    _ arguments: [String], in folder: String, columns: Int, withErrors: Bool = false,
    terminal: [String: String] = ["TERM": "xterm-256color"]
  ) throws -> (output: String, exitCode: Int32) {
    try PseudoTerminal.run(process(arguments, in: folder, terminal), columns: columns, withErrors: withErrors)
  }

  /// Runs to the end while nobody reads what it writes.
  package func runUnread(_ arguments: [String], in folder: String) throws -> Int32 {
    let process = process(arguments, in: folder)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try pipe.fileHandleForReading.close()
    try process.run()
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
  }

  private func process(_ arguments: [String], in folder: String, _ more: [String: String] = [:]) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: line == nil ? path : "/bin/bash")
    process.arguments = line.map { ["-c", $0, "bash", path] + arguments } ?? arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = environment.merging(more) { $1 }
    process.standardInput = FileHandle.nullDevice
    return process
  }

  /// Starts and returns at once.
  package func start(_ arguments: [String], in folder: String) throws -> Running {
    let process = process(arguments, in: folder)
    // Files and no pipes: a full pipe would stop the program.
    let base = NSTemporaryDirectory() + "minim-" + UUID().uuidString
    let (output, errors) = (base + ".out", base + ".err")
    for file in [output, errors] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
    return Running(process: process, output: output, errors: errors)
  }

  /// A process that has been started.
  package struct Running {
    fileprivate let process: Process
    fileprivate let output: String, errors: String

    package func signal(_ number: Int32) { kill(process.processIdentifier, number) }
    package var isRunning: Bool { process.isRunning }
    /// The memory that it has in use, by the system's books; 0 once it has ended.
    package var residentKilobytes: Int {
      let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
      return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    }
    /// What it has written so far.
    package var outputSoFar: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }

    package func wait() -> Result {
      process.waitUntilExit()
      defer { for file in [output, errors] { try? FileManager.default.removeItem(atPath: file) } }
      func text(_ file: String) -> String { (try? String(contentsOfFile: file, encoding: .utf8)) ?? "" }
      let code =
        process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
      return Result(output: text(output), errors: text(errors), exitCode: code)
    }
  }
}

/// A folder that is gone after the test.
package final class Scratch: Sendable {
  package let path: String

  package init() throws {
    path = NSTemporaryDirectory() + "minim-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a text file and returns its name.
  package func write(_ text: String, to name: String) throws -> String {
    try text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
    return name
  }
}
