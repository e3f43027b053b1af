import Foundation
import TestSupport
import Testing

/// A run that is stopped or killed and resumed ends as if it had not been.
@Suite struct ResumeTests {
  /// Kills in the whole suite: each CI run makes this many, the long suite twenty times as many.
  private static let kills = ProcessInfo.processInfo.environment["MINIM_ALL_TESTS"] == nil ? 50 : 1000

  @Test("kill -9 at random moments, then resume: the same parameters, metrics and samples")
  func kill() throws {
    let reference = try SmallRun()
    let long = ["training.steps=1500", "intervals.checkpoint=3", "intervals.samples=100"]
    #expect(try reference.train(long).exitCode == 0)
    let expected = try reference.fingerprint(step: 1500)
    var kills = 0
    while kills < Self.kills {
      let small = try SmallRun()
      var process = try Program("train").start(["--config", "small.json", "--quiet"] + long, in: small.scratch.path)
      while true {
        // Long enough for a few checkpoints, short enough to hit them being written.
        usleep(UInt32.random(in: 8_000...60_000))
        guard process.isRunning, kills < Self.kills else { break }
        process.signal(SIGKILL)
        let result = process.wait()
        guard result.exitCode == 128 + SIGKILL else { break }
        kills += 1
        // Killed before its folder was made: nothing to resume.
        guard FileManager.default.fileExists(atPath: small.latest + "/config.json") else {
          process = try Program("train").start(["--config", "small.json", "--quiet"] + long, in: small.scratch.path)
          continue
        }
        process = try Program("train").start(["resume", "latest", "--quiet"], in: small.scratch.path)
      }
      let result = process.wait()
      #expect(result.exitCode == 0, "\(result.errors)")
      #expect(try small.fingerprint(step: 1500) == expected)
    }
  }

  @Test(
    "SIGTERM and SIGINT save and leave with 143 and 130; the resumed run is the uninterrupted one",
    arguments: [
      (SIGTERM, Int32(143)), (SIGINT, Int32(130)),
    ])
  func signals(_ signal: Int32, _ exitCode: Int32) throws {
    let long = ["training.steps=6000"]
    let reference = try SmallRun()
    #expect(try reference.train(long).exitCode == 0)
    let small = try SmallRun()
    let process = try Program("train").start(["--config", "small.json", "--quiet"] + long, in: small.scratch.path)
    // The first line of metrics says that it listens and trains.
    while process.isRunning, ((try? small.file("metrics.jsonl").count) ?? 0) == 0 { usleep(1000) }
    process.signal(signal)
    let stopped = process.wait()
    #expect(stopped.exitCode == exitCode)
    #expect(stopped.errors.contains("train resume"))
    #expect(String(decoding: try small.file("status.json"), as: UTF8.self).contains(#""state":"stopped""#))
    let resumed = try Program("train").run(["resume", "latest", "--quiet"], in: small.scratch.path)
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(try small.fingerprint(step: 6000) == reference.fingerprint(step: 6000))
  }

  @Test("a finished run is resumed to its own end; another config is refused with 78, a cut checkpoint with 65")
  func refusals() throws {
    let small = try SmallRun()
    try small.train()
    let before = try small.fingerprint()
    #expect(try Program("train").run(["resume", "latest", "--quiet"], in: small.scratch.path).exitCode == 0)
    #expect(try small.fingerprint() == before)
    let changed = try Program("train").run(["resume", "latest", "--quiet", "seed=5"], in: small.scratch.path)
    #expect(changed.exitCode == 78)
    #expect(changed.errors.contains("seed: 0 -> 5") && changed.errors.contains("For a new run: train --config "))
    let checkpoint = small.latest + "/checkpoints/step-00000300.safetensors"
    let bytes = try Data(contentsOf: URL(fileURLWithPath: checkpoint))
    try bytes.prefix(bytes.count - 100).write(to: URL(fileURLWithPath: checkpoint))
    let cut = try Program("train").run(["resume", "latest", "--quiet"], in: small.scratch.path)
    #expect(cut.exitCode == 65)
    #expect(cut.errors.contains("step-00000300.safetensors"))
  }
}
