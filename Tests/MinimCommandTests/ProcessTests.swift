import Foundation
import MinimFiles
import TestSupport
import Testing

/// Programs whose streams, limits or signals are not as usual.
@Suite struct ProcessTests {
  /// Ends what hangs: far longer than any of these commands takes, and seen as 137.
  private static let patience = "exec timeout -s KILL 120 \"$@\""

  private static func status(_ small: SmallRun) throws -> JSON {
    try JSONParser.parse(small.file("status.json")).json
  }

  @Test("output that cannot be written is an error, in every way of writing") func fullDevice() throws {
    let small = try SmallRun()
    try small.train(["training.steps=5"])
    let commands = [
      ("minim", ["export", "latest", "--csv"]), ("minim", ["list", "--json"]), ("minim", ["show", "latest"]),
      ("minim", ["schema", "small.json"]), ("minim", ["--help"]), ("minim", ["--version"]),
      ("minim", ["eval", "latest"]), ("train", ["--config", "small.json", "--print-config"]), ("train", ["--help"]),
      ("train", ["--generate-completion-script", "bash"]),
    ]
    for (name, words) in commands {
      let full = try Program(name).through("exec \"$@\" >/dev/full").run(words, in: small.scratch.path)
      #expect(full.exitCode == 74, "\(words)")
      #expect(full.errors == "standard output: cannot write: No space left on device\n", "\(words)")
      let null = try Program(name).through("exec \"$@\" >/dev/null").run(words, in: small.scratch.path)
      #expect(null.exitCode == 0 && null.errors.isEmpty, "\(words)")
      Reliability.record(8, "commands without a place to write", 1)
    }
  }

  @Test("a run whose results cannot be printed has its files all the same; messages that cannot be are left out")
  func fullDeviceOfARun() throws {
    let small = try SmallRun()
    let words = ["--config", "small.json", "training.steps=5"]
    let out = try Program("train").through("exec \"$@\" >/dev/full").run(words, in: small.scratch.path)
    #expect(out.exitCode == 74 && out.errors.contains("standard output: cannot write"))
    #expect(try Self.status(small)["state"] == "done" && !small.file("report.html").isEmpty)
    let errors = try Program("train").through("exec \"$@\" 2>/dev/full").run(words, in: small.scratch.path)
    #expect(errors.exitCode == 0 && errors.output.contains("Look at:"))
    Reliability.record(8, "commands without a place to write", 2)
  }

  @Test("streams that are closed are empty ones: nothing gets into files") func closedStreams() throws {
    let usual = try SmallRun(), closed = try SmallRun()
    try usual.train()
    let words = ["--config", "small.json"]
    let result = try Program("train").through("exec \"$@\" <&- >&- 2>&-").run(words, in: closed.scratch.path)
    #expect(result.exitCode == 0)
    #expect(try closed.fingerprint() == usual.fingerprint())
    for name in ["lock", "timing.jsonl", "claims.json"] {
      func lines(_ small: SmallRun) throws -> Int { try small.file(name).count { $0 == UInt8(ascii: "\n") } }
      #expect(try lines(closed) == lines(usual), "\(name)")
    }
    Reliability.record(8, "commands with closed streams", 1)
  }

  @Test("a limit of file sizes is an error like a full disk, and the run says so") func fileSize() throws {
    let small = try SmallRun()
    let words = ["--config", "small.json", "--quiet"]
    let result = try Program("train").through("ulimit -f 4; exec \"$@\"").run(words, in: small.scratch.path)
    #expect(result.exitCode == 74 && result.errors.contains("File too large"), "\(result.errors)")
    #expect(try Self.status(small)["state"] == "failed" && Self.status(small)["exitCode"] == 74)
    Reliability.record(8, "commands without a place to write", 1)
  }

  @Test("with little address space commands end, and what needs more than there is says so") func addressSpace() throws
  {
    let small = try SmallRun()
    try small.train(["training.steps=5"])
    let list = try Program("minim").through("ulimit -v 100000; " + Self.patience).run(["list"], in: small.scratch.path)
    #expect(list.exitCode == 0 && list.output.contains("small"), "\(list.errors)")
    let game = """
      {
        "name": "game", "model": { "name": "bilinear", "matrix": [1], "critic": [1], "generator": [0.5] },
        "data": { "name": "none" }, "optimizer": { "name": "sgd", "learningRate": 0.1 }, "training": { "steps": 5 }
      }
      """
    _ = try small.scratch.write(game, to: "game.json")
    let words = ["--config", "game.json", "--quiet", "--workers", "1"]
    let tight = try Program("train").through("ulimit -v 150000; " + Self.patience).run(words, in: small.scratch.path)
    #expect(tight.exitCode == 71 && tight.errors.contains("ulimit -v"), "\(tight.exitCode) \(tight.errors)")
    let wide = try Program("train").through("ulimit -v 800000; " + Self.patience).run(words, in: small.scratch.path)
    #expect(wide.exitCode == 0, "\(wide.errors)")
  }

  @Test("where no threads can be made, one computes the same") func threads() throws {
    // Root may always make threads.
    let user = getuid() == 0 ? "setpriv --reuid 65534 --regid 65534 --clear-groups " : ""
    guard user.isEmpty || FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") else { return }
    let usual = try SmallRun(), limited = try SmallRun()
    try usual.train(["--workers", "3"])
    chmod(limited.scratch.path, 0o777)
    let words = ["--config", "small.json", "--quiet", "--workers", "3"]
    let line = "exec \(user)bash -c 'ulimit -u 1; exec \"$@\"' bash \"$@\""
    let result = try Program("train").through(line).run(words, in: limited.scratch.path)
    #expect(result.exitCode == 0, "\(result.exitCode) \(result.errors)")
    #expect(result.errors.contains("computing with 1 of 3"))
    #expect(try limited.fingerprint() == usual.fingerprint())
  }

  @Test(
    "signals that end a program end it at once, without looking at stacks first",
    arguments: [SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP])
  func endings(_ signal: Int32) throws {
    let small = try SmallRun()
    let words = ["--config", "small.json", "--quiet", "training.steps=100000000"]
    // Who runs the tests in the background may ignore SIGQUIT, and hand that on.
    let program = Program("train").through("exec env --default-signal \"$@\"")
    let process = try program.start(words, in: small.scratch.path)
    while process.isRunning, ((try? small.file("metrics.jsonl").count) ?? 0) == 0 { usleep(1000) }
    process.signal(signal)
    for _ in 0..<300 where process.isRunning { usleep(100_000) }
    #expect(!process.isRunning)
    if process.isRunning { process.signal(SIGKILL) }
    let result = process.wait()
    #expect(result.exitCode == 128 + signal && result.errors.isEmpty, "\(result.exitCode) \(result.errors)")
  }
}
