import Foundation
import MinimFiles
import MinimTraining
import TestSupport
import Testing

@Suite struct TrainTests {
  @Test("a run exits 0, says what to look at, and leaves its files")
  func run() throws {
    let small = try SmallRun()
    let result = try small.train()
    #expect(result.exitCode == 0, "\(result.errors)")
    let last = result.output.split(separator: "\n").suffix(2).map(String.init)
    #expect(last[0].hasPrefix("Samples: runs/") && last[0].hasSuffix("/samples/step-00000300.png"))
    #expect(last[1].hasPrefix("Look at: runs/") && last[1].hasSuffix("/report.html"))
    for claim in ["P1", "P2", "P3", "P4", "P5"] { #expect(result.output.contains("\(claim) ")) }
    let names = Set(try FileManager.default.contentsOfDirectory(atPath: small.latest + "/"))
    #expect(
      names.isSuperset(of: [
        "config.json", "sources.json", "manifest.json", "status.json", "metrics.jsonl", "timing.jsonl", "claims.json",
        "checkpoints", "samples", "report.html",
      ]))
    let (image, texts) = try PNG.decode(small.file("samples/step-00000300.png"))
    #expect(image.width > 100 && image.height > 100)
    #expect(texts.contains { $0.key == "step" && $0.value == "300" })
    let status = String(decoding: try small.file("status.json"), as: UTF8.self)
    #expect(status.hasPrefix(#"{"state":"done","step":300,"exitCode":0,"seconds":"#))
    // 22 patterns in batches of 7, 7, 7 and 1.
    let first = String(decoding: try small.file("metrics.jsonl"), as: UTF8.self).split(separator: "\n")[0]
    #expect(first.hasPrefix(#"{"step":10,"epoch":3,"examples":58,"nll":"#))
    // The last two checkpoints and the best one.
    #expect(try FileManager.default.contentsOfDirectory(atPath: small.latest + "/checkpoints").count <= 3)
  }

  @Test("--print-config shows every default and starts nothing")
  func printConfig() throws {
    let small = try SmallRun()
    let result = try small.train(["--print-config", "seed=9"])
    #expect(result.exitCode == 0)
    #expect(result.output.contains("\"beta1\": 0.9") && result.output.contains("\"seed\": 9"))
    #expect(!FileManager.default.fileExists(atPath: small.scratch.path + "/runs"))
  }

  @Test("the run's own config starts the same run again")
  func resolvedConfig() throws {
    let small = try SmallRun()
    try small.train()
    let first = try small.fingerprint()
    let config = small.latest + "/config.json"
    let result = try Program("train").run(["--config", config, "--quiet", "--runs", "again"], in: small.scratch.path)
    #expect(result.exitCode == 0)
    let again = try String(contentsOfFile: small.scratch.path + "/again/latest/metrics.jsonl", encoding: .utf8)
    #expect(again == first.metrics)
  }

  @Test("a diverging run exits 3, names the step and the operation, and keeps its last finite parameters")
  func divergence() throws {
    let small = try SmallRun()
    let result = try small.train([
      // Decay by more than everything: each parameter grows a million times a step.
      "optimizer.name=sgd", "optimizer.learningRate=1000000", "optimizer.weightDecay=1", "training.clipNorm=0",
    ])
    #expect(result.exitCode == 3, "\(result.errors)")
    #expect(result.errors.contains("Diverged at step"))
    let status = String(decoding: try small.file("status.json"), as: UTF8.self)
    #expect(status.contains(#""state":"diverged""#) && status.contains(#""exitCode":3"#))
    #expect(try !FileManager.default.contentsOfDirectory(atPath: small.latest + "/checkpoints").isEmpty)
  }

  @Test("a control that must fail exits 0 when its config says so, and 70 when not")
  func expectedFailure() throws {
    let small = try SmallRun()
    let leak = ["model.masks=[\"B3\",\"B3\"]", "model.allowLeak=true"]
    let silent = try small.train(leak)
    #expect(silent.exitCode == 70)
    #expect(silent.errors.contains(#""expect": {"P2": "fails""#))
    let declared = try small.train(leak + [#"expect={"P2":"fails","P3":"fails"}"#])
    #expect(declared.exitCode == 0, "\(declared.errors)")
    #expect(declared.output.contains("fails as expected"))
    let wrong = try small.train([#"expect={"P2":"fails"}"#])
    #expect(wrong.exitCode == 70)
  }

  @Test("float64 and OpenBLAS train too, with their own bits")
  func otherArithmetic() throws {
    let small = try SmallRun()
    try small.train()
    let reference = try small.fingerprint()
    #expect(try small.train(["precision=float64"]).exitCode == 0)
    #expect(try small.fingerprint().parameters != reference.parameters)
    #expect(try small.train(["gemm=openblas"]).exitCode == 0)
  }
}
