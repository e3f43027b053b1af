import Foundation
import TestSupport
import Testing

/// Wrong input is answered with what was expected and found, with its own exit code, and leaves nothing behind.
@Suite struct BadInputTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let exitCode: Int32
    let words: [String]
    var program = "train"
    var testDescription: String { ([program] + arguments).joined(separator: " ") }
  }

  private static let small = ["--config", "small.json"]

  @Test(arguments: [
    Case(arguments: [], exitCode: 64, words: ["no config", "train --config pixelcnn.json"]),
    Case(arguments: ["--confg", "small.json"], exitCode: 64, words: ["--config"]),
    Case(arguments: ["resme", "latest"], exitCode: 64, words: ["Did you mean \"train resume\"?"]),
    Case(arguments: ["small.json"], exitCode: 64, words: ["--config small.json"]),
    Case(arguments: small + ["--workers", "0"], exitCode: 64, words: ["1 to 64"]),
    Case(arguments: ["--config", "smal.json"], exitCode: 66, words: ["smal.json", "configs"]),
    Case(arguments: ["resume", "nothing"], exitCode: 66, words: ["nothing"]),
    Case(
      arguments: small + ["optimizer.learningrate=0.1"], exitCode: 78, words: ["optimizer.learningRate", "override"]),
    Case(
      arguments: small + ["batch.examples=\"64\""], exitCode: 78, words: ["an integer 1...65536", "\"64\" (string)"]),
    Case(arguments: small + ["training.steps=0"], exitCode: 78, words: ["1...1000000000", "got 0"]),
    Case(arguments: small + ["model.masks=[\"A4\"]"], exitCode: 78, words: ["odd", "3, 5, 7"]),
    Case(arguments: small + ["model.masks=[\"B3\",\"B3\"]"], exitCode: 78, words: ["see itself", "allowLeak"]),
    Case(
      arguments: small + ["batch={\"examples\":65536,\"drawing\":\"independent\"}", "model.channels=4096"],
      exitCode: 78,
      words: ["GiB", "65,536 examples"]),
    Case(
      arguments: small + ["sed=1", "model.channels=0", "data.height=99"], exitCode: 78,
      words: ["sed=1", "unknown key", "model.channels", "data.height", "3 errors. Nothing was started."]),
    Case(arguments: small + ["--runs", "small.json/runs"], exitCode: 73, words: ["small.json"]),
    Case(arguments: ["sampel"], exitCode: 64, words: ["minim sample"], program: "minim"),
    Case(arguments: ["sample", "nothing"], exitCode: 66, words: ["nothing"], program: "minim"),
    Case(arguments: ["check", "nothing.json"], exitCode: 66, words: ["nothing.json"], program: "minim"),
  ])
  func refused(_ wrong: Case) throws {
    let small = try SmallRun()
    let result = try Program(wrong.program).run(wrong.arguments, in: small.scratch.path)
    #expect(result.exitCode == wrong.exitCode, "\(result.errors)")
    for word in wrong.words { #expect(result.errors.contains(word), "\(word) in: \(result.errors)") }
    #expect(!result.errors.contains("Fatal") && !result.errors.contains("rash"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: small.scratch.path) == ["small.json"])
  }

  @Test("an unknown level of kernels is refused with those that there are")
  func kernelLevel() throws {
    let small = try SmallRun()
    let result = try small.train(environment: ["MINIM_KERNELS": "mmx"])
    #expect(result.exitCode != 0)
    #expect(result.errors.contains("MINIM_KERNELS=mmx") && result.errors.contains("baseline"))
    #expect(!FileManager.default.fileExists(atPath: small.scratch.path + "/runs"))
  }

  @Test("a second writer of a run is refused with 75")
  func locked() throws {
    let small = try SmallRun()
    let first = try Program("train").start(
      ["--config", "small.json", "--quiet", "training.steps=1000000"], in: small.scratch.path)
    while first.isRunning, ((try? small.file("metrics.jsonl").count) ?? 0) == 0 { usleep(1000) }
    let second = try Program("train").run(["resume", "latest", "--quiet"], in: small.scratch.path)
    first.signal(SIGKILL)
    _ = first.wait()
    #expect(second.exitCode == 75, "\(second.errors)")
  }
}
