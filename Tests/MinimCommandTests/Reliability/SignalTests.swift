import Foundation
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// Signals, whatever a program is doing: it saves what it has and leaves, and nothing is half written.
@Suite struct SignalTests {
  /// Those of people.
  private static let signals: [(signal: Int32, exitCode: Int32)] = [(SIGTERM, 143), (SIGINT, 130)]
  /// Also those by which schedulers and terminals say that the time is over.
  static let all = signals + [(SIGHUP, 129), (SIGUSR1, 138), (SIGUSR2, 140), (SIGXCPU, 152)]

  /// Sends a signal and waits for the end, which must come.
  private static func end(_ process: Program.Running, by signal: Int32) -> (Program.Result, seconds: Double) {
    let start = ContinuousClock.now
    process.signal(signal)
    // Far longer than it may take, so that a test on a busy machine fails for no other reason.
    for _ in 0..<6000 where process.isRunning { usleep(10_000) }
    if process.isRunning { process.signal(SIGKILL) }
    let result = process.wait()
    let passed = (ContinuousClock.now - start).components
    return (result, Double(passed.seconds) + Double(passed.attoseconds) * 1e-18)
  }

  private static func record(_ what: String, _ seconds: Double) {
    Reliability.record(7, "signals \(what)", 1)
    if seconds > 2 { Reliability.record(7, "answers after more than 2 s", 1) }
  }

  @Test("while it trains", arguments: all) func training(_ signal: Int32, _ exitCode: Int32) throws {
    let folder = try TinyFolder(TinyRun.named("pixelcnn"), steps: 1_000_000)
    let rare = ["intervals.samples=1000000", "intervals.diagnostics=1000000", "intervals.checkpoint=1000000"]
    let process = try Program("train").start(folder.words(in: "runs", rare + ["--quiet"]), in: folder.scratch.path)
    let run = folder.run(in: "runs")
    while process.isRunning, (try? FileStore().read(run.metrics))?.isEmpty ?? true { usleep(1000) }
    let (result, seconds) = Self.end(process, by: signal)
    #expect(result.exitCode == exitCode && result.errors.contains("train resume"), "\(result.errors)")
    let status = try RunStatus(of: run)
    #expect(status.state == .stopped && status.saved == status.step)
    Self.record("in training", seconds)
  }

  /// A run whose last step is saved: what follows are claims, which take seconds.
  static func runAtItsClaims(_ scratch: Scratch) throws -> (process: Program.Running, run: RunDirectory) {
    let words = ["--config", "vae", "--quiet", "--runs", "runs", "training.steps=3", "intervals.log=1"]
    let process = try Program("train", environment: ShortRun.home).start(words, in: scratch.path)
    let run = RunDirectory(path: scratch.path + "/runs/latest/")
    while process.isRunning, !FileManager.default.fileExists(atPath: run.checkpoint(step: 3)) { usleep(1000) }
    usleep(300_000)
    return (process, run)
  }

  @Test("while it checks its claims", arguments: all) func claims(_ signal: Int32, _ exitCode: Int32) throws {
    let scratch = try Scratch()
    let (process, run) = try Self.runAtItsClaims(scratch)
    let (result, seconds) = Self.end(process, by: signal)
    #expect(result.exitCode == exitCode && result.errors.contains("train resume"), "\(result.errors)")
    let status = try RunStatus(of: run)
    #expect(status.state == .stopped && status.saved == 3)
    #expect(!FileManager.default.fileExists(atPath: run.claims))
    Self.record("in evaluation", seconds)
  }

  @Test("while another command draws or evaluates", arguments: signals)
  func commands(_ signal: Int32, _ exitCode: Int32) throws {
    let scratch = try Scratch()
    let train = Program("train", environment: ShortRun.home), minim = Program("minim", environment: ShortRun.home)
    let words = ["--config", "pixelcnn-digits8", "--quiet", "--runs", "runs", "training.steps=1", "samples=1"]
    let process = try train.start(words, in: scratch.path)
    let run = RunDirectory(path: scratch.path + "/runs/latest/")
    while process.isRunning, !FileManager.default.fileExists(atPath: run.checkpoint(step: 1)) { usleep(1000) }
    process.signal(SIGKILL)
    _ = process.wait()
    let commands = [
      ["sample", "latest", "--count", "200000", "--output", "drawn.png", "--npy", "drawn.npy"], ["eval", "latest"],
    ]
    for command in commands {
      let process = try minim.start(command + ["--runs", "runs"], in: scratch.path)
      usleep(400_000)
      let isRunning = process.isRunning
      let (result, seconds) = Self.end(process, by: signal)
      // Whoever was done before the signal has no signal to answer.
      guard isRunning else { continue }
      #expect([exitCode, 0].contains(result.exitCode), "\(command): \(result.exitCode) \(result.errors)")
      Self.record("to other commands", seconds)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["runs"])
  }
}
