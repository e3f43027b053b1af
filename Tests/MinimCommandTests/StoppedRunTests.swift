import Foundation
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// Runs that a scheduler ends: by a signal more than once, by a limit of their time, with an exit code of its own.
@Suite struct StoppedRunTests {
  private static let rare = [
    "intervals.samples=1000000", "intervals.diagnostics=1000000", "intervals.checkpoint=1000000",
  ]

  /// A run that has taken a step, of a model whose steps take microseconds.
  private static func started(
    _ folder: TinyFolder, _ program: Program = Program("train"), _ more: [String] = []
  ) throws -> Program.Running {
    let process = try program.start(folder.words(in: "runs", rare + ["--quiet"] + more), in: folder.scratch.path)
    let run = folder.run(in: "runs")
    while process.isRunning, (try? FileStore().read(run.metrics))?.isEmpty ?? true { usleep(1000) }
    return process
  }

  private static func folder() throws -> TinyFolder { try TinyFolder(TinyRun.named("pixelcnn"), steps: 1_000_000) }

  @Test("nohup lets a run go on when its terminal is closed; without it the run is saved") func hangup() throws {
    let folder = try Self.folder()
    let process = try Self.started(folder, Program("train").through("trap '' HUP; exec \"$@\""))
    process.signal(SIGHUP)
    usleep(300_000)
    #expect(process.isRunning)
    process.signal(SIGTERM)
    #expect(process.wait().exitCode == 143)
    #expect(try RunStatus(of: folder.run(in: "runs")).state == .stopped)
  }

  @Test("a second signal of any kind ends a run at once, unless the system repeats the first") func second() throws {
    // Long enough at its claims that the second signal meets it.
    for (first, second, code) in [(SIGUSR1, SIGTERM, 143), (SIGTERM, SIGTERM, 143), (SIGXCPU, SIGXCPU, 152)] {
      let scratch = try Scratch()
      let (process, run) = try SignalTests.runAtItsClaims(scratch)
      process.signal(first)
      usleep(50_000)
      process.signal(second)
      let result = process.wait()
      #expect(result.exitCode == code, "\(first), \(second): \(result.errors)")
      #expect(try RunStatus(of: run).state == (first == SIGXCPU ? .stopped : .running))
    }
  }

  @Test("a time limit saves and stops in training, and the run goes on to the same bits") func limit() throws {
    // Far more than a second on any machine, since each step has a row of metrics.
    let (folder, whole) = (
      try TinyFolder(TinyRun.named("vae"), steps: 300_000), try TinyFolder(TinyRun.named("vae"), steps: 300_000)
    )
    let result = try folder.train(in: "runs", Self.rare + ["--time-limit", "1s"])
    let status = try RunStatus(of: folder.run(in: "runs"))
    #expect(result.exitCode == 124 && status.state == .stopped && status.exit == .outOfTime, "\(result)")
    #expect(status.step > 0 && status.saved == status.step && result.errors.contains("train resume"))
    let resumed = try Program("train").run(["resume", "latest", "--runs", "runs", "--quiet"], in: folder.scratch.path)
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(try whole.train(in: "runs", Self.rare).exitCode == 0)
    #expect(try folder.bits(in: "runs") == whole.bits(in: "runs"))
  }

  @Test("a time limit also ends claims, with the code that was asked for, and a repetition concludes the run")
  func limitOfClaims() throws {
    let scratch = try Scratch()
    let words = ["--config", "vae", "--quiet", "--into", "out", "training.steps=3", "intervals.log=1"]
    let limit = ["--time-limit", "2s", "--stop-code", "85"]
    let train = Program("train", environment: ShortRun.home)
    let first = try train.run(words + limit, in: scratch.path)
    #expect(first.exitCode == 85 && first.errors.contains("train resume out"), "\(first)")
    let run = RunDirectory(path: scratch.path + "/out")
    let status = try RunStatus(of: run)
    #expect(status.state == .stopped && status.saved == 3 && status.exit == ExitStatus(rawValue: 85))
    #expect(!FileManager.default.fileExists(atPath: run.claims))
    let last = try train.run(words, in: scratch.path)
    #expect(last.exitCode == 0 && last.output.contains("Look at: out/report.html"), "\(last)")
    #expect(try RunStatus(of: run).state == .done)
  }

  @Test("a limit that is long enough changes nothing") func longLimit() throws {
    let (folder, other) = (try TinyFolder(TinyRun.named("vae")), try TinyFolder(TinyRun.named("vae")))
    #expect(try folder.train(in: "runs", ["--time-limit", "1-00:00:00", "--stop-code", "85"]).exitCode == 0)
    #expect(try other.train(in: "runs").exitCode == 0)
    #expect(try folder.bits(in: "runs") == other.bits(in: "runs"))
  }

  @Test("a sweep stops at its limit, with the code that was asked for, and nothing is left that looks killed")
  func sweep() throws {
    let scratch = try Scratch()
    _ = try scratch.write(TinyRun.named("vae").config(steps: 50_000), to: "tiny.json")
    let words = ["sweep", "--config", "tiny.json", "--runs", "runs", "--quiet", "seed=0..59"] + Self.rare
    let train = Program("train")
    let first = try train.run(words + ["--time-limit", "1s", "--stop-code", "99"], in: scratch.path)
    #expect(first.exitCode == 99 && first.errors.contains("train sweep --resume"), "\(first)")
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/runs").first { $0 != "latest" })
    let sweep = try SweepDirectory(path: scratch.path + "/runs/" + name)
    let states = sweep.members.map { RunRecord(sweep.folder($0)).state }
    #expect(states.contains(.pending) && !states.contains(.killed) && !states.contains(.running), "\(states)")
  }

  @Test(
    "durations that say nothing, or nothing that can be, are refused",
    arguments: ["5", "", "m", "1m1h", "-5m", "0s", "1.2.3s", "1:60:00", "1:2", "5 m", "nan", "1e3s", "9999999d"])
  func durations(_ text: String) throws {
    let folder = try TinyFolder(TinyRun.named("vae"))
    let result = try folder.train(in: "runs", ["--time-limit=\(text)"])
    #expect(result.exitCode == 64 && result.errors.contains("--time-limit"), "\(result)")
    for code in ["-1", "256", "x"] {
      let result = try folder.train(in: "runs", ["--stop-code=\(code)"])
      #expect(result.exitCode == 64 && result.errors.contains("--stop-code"), "\(result)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.scratch.path + "/runs"))
  }
}
