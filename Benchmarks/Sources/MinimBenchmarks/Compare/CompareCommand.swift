import ArgumentParser
import Foundation
import MinimKernels
import MinimParallel

/// `benchmarks compare`.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Time Minim beside PyTorch and JAX, in turns.")

  @Option(
    help: "The workloads to run: \((Workload.Name.allCases.map(\.rawValue) + ["process"]).joined(separator: ", ")).")
  var only: [String] = []

  @Flag(help: "Minim alone.")
  var noPeers = false

  @Option(help: "Turns of each.")
  var rounds = 11

  @Option(help: "Seconds a turn.")
  var seconds = 0.15

  @Option(help: "Numbers of threads. Default: 1, and all that this process may use.")
  var threads: [Int] = []

  @Option(help: "The Python of the peers.")
  var python = "python3"

  @Option(help: "The folder of the peers.")
  var peers: String

  @Option(help: "The trainer, to be timed with claims and pictures.")
  var trainer: String?

  @Option(help: "Where the results are written.")
  var output: String?

  func validate() throws {
    let names = Workload.Name.allCases.map(\.rawValue) + ["process"]
    for name in only where !names.contains(name) {
      throw ValidationError("--only \(name): expected one of \(names.joined(separator: ", "))")
    }
    guard rounds >= 1, seconds > 0 else { throw ValidationError("--rounds and --seconds: expected more than 0") }
    for count in threads where !WorkerCount.allowed.contains(count) {
      throw ValidationError("--threads: expected numbers in \(WorkerCount.allowed), got \(count)")
    }
  }

  func run() throws {
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent(
      "minim-benchmarks-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let twins = noPeers ? nil : Comparison.Peers(python: python, folder: URL(fileURLWithPath: peers))
    let counts = threads.isEmpty ? Array(Set([1, WorkerCount.available])).sorted() : threads
    var rows: [Results.Row] = []
    var peaks: [Int: [Double]] = [:]
    if only.isEmpty || only.contains("process") {
      let commands = WholeProcess.commands(
        threads: WorkerCount.available, peers: twins, train: trainer.map { URL(fileURLWithPath: $0) })
      // First, while this process is small: what it starts is charged with its memory until it has replaced it.
      let whole = try WholeProcess.measure(commands, rounds: max(1, rounds / 2), say: Self.say)
      rows += whole
      print(ResultsText.lines(whole).joined(separator: "\n"))
    }
    for name in Workload.Name.allCases where only.isEmpty || only.contains(name.rawValue) {
      var comparison = try Comparison(
        name, threads: name == .gan ? [1] : counts, peers: twins, scratch: scratch, say: Self.say)
      try comparison.run(rounds: rounds, seconds: seconds)
      peaks.merge(comparison.peaks) { $0 + $1 }
      rows += comparison.rows
      print(ResultsText.lines(comparison.rows).joined(separator: "\n"))
    }
    let machine = Results.Machine.describe(
      kernels: "\(try KernelLevel.current)",
      peak: Dictionary(uniqueKeysWithValues: peaks.map { ("\($0)", Samples($1.map { $0 * 1e-9 })) }))
    if let output { try Results(machine: machine, rows: rows).write(to: URL(fileURLWithPath: output)) }
  }

  private static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}

/// `benchmarks whole-process`.
struct WholeProcessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "whole-process", abstract: "Train the net of pixelcnn.json on pixels of 0 and 1 for 1,000 steps.")

  func run() throws { print("{\"nll\": \(try WholeProcess.train())}") }
}
