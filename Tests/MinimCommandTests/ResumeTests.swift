import Foundation
import TestSupport
import Testing

/// A run that is stopped and resumed ends as if it had not been.
@Suite struct ResumeTests {
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
