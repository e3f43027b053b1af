import Foundation
import MinimFiles
import MinimKernels
import MinimTraining
import TestSupport
import Testing

/// `minim verify`: the same bits in every way of taking the steps again, nothing left behind, and no change unseen.
@Suite struct VerifyTests {
  private static func json(_ result: Program.Result) throws -> JSON { try JSONParser.parse(result.output).json }

  /// The names of the repetitions that there must be.
  private static func names(killed: Int) -> [String] {
    let levels = KernelLevel.bitExact.filter { $0 != .preferred }.map { "kernels \($0)" }
    return [
      "as the run was made: 2 workers, \(KernelLevel.preferred)", "1 worker", "2 workers", "3 workers", "7 workers",
    ]
      + levels + ["killed after step \(killed), resumed", "other intervals"]
  }

  @Test(
    "every way of taking the steps again comes to the bits of the run", arguments: VerifiedRun.configs.keys.sorted())
  func agrees(_ name: String) throws {
    let verified = try VerifiedRun(name)
    let before = try verified.files()
    let result = try verified.minim(["verify", "latest", "--json"])
    #expect(result.exitCode == 0, "\(result.errors) \(result.output)")
    let json = try Self.json(result)
    // The flow keeps its best checkpoint besides: from there to the last there are too few steps.
    let (from, to) = name == "realnvp" ? (0, 50) : (40, 60)
    #expect(json["agrees"] == true && json["from"]?.integer == from && json["to"]?.integer == to)
    let repetitions = try #require(json["repetitions"]?.array)
    #expect(repetitions.compactMap { $0["name"]?.string } == Self.names(killed: (from + to) / 2))
    // The hash by another path: the names and the numbers of the checkpoint, read here.
    var hash = SHA256()
    for tensor in try verified.checkpoint(to).tensors {
      hash.update(Array(tensor.name.utf8))
      hash.update(tensor.bytes)
    }
    #expect(json["own"]?["parameters"]?.string == hash.hexDigest)
    for entry in repetitions {
      #expect(entry["parameters"]?.string == hash.hexDigest && entry["agrees"] == true, "\(entry)")
      #expect(entry["metrics"] == json["own"]?["metrics"])
    }
    // The run logs every tenth step.
    #expect(json["rows"]?.integer == (to - from) / 10 && json["commonRows"] == json["rows"])
    #expect(try verified.files() == before)
    #expect(try verified.temporaries().isEmpty)
  }

  @Test("the table, the choice of steps, and a run without a checkpoint to compare with") func choices() throws {
    let verified = try VerifiedRun("gan")
    let table = try verified.minim(["verify", "latest", "--steps", "4", "--from-step", "0"])
    #expect(table.exitCode == 0, "\(table.errors)")
    #expect(table.output.contains("4 steps from the start to step 4, taken again \(Self.names(killed: 2).count) times"))
    #expect(table.output.contains("killed after step 2, resumed"))
    #expect(table.output.contains("The run has kept no checkpoint of step 4"))
    let one = try verified.minim(["verify", "latest", "--steps", "1", "--json"])
    #expect(one.exitCode == 0 && one.output.contains("killed after step 40, resumed"), "\(one.output) \(one.errors)")
    let whole = try Self.json(try verified.minim(["verify", "latest", "--steps", "60", "--json"]))
    #expect(whole["agrees"] == true && whole["from"] == 0 && whole["own"]?["parameters"]?.string != nil)
  }

  @Test("wrong words: the exit code says which kind, and nothing is left") func wrongWords() throws {
    let verified = try VerifiedRun("gan")
    for (words, code, part) in [
      (["latest", "--from-step", "7"], 66, "there is no checkpoint at step 7; there are 0, 40, 60"),
      (["latest", "--from-step", "60"], 66, "the run has not come beyond step 60"),
      (["latest", "--steps", "0"], 64, "--steps"),
      (["nowhere"], 66, "nowhere"), (["latest", "training.steps=9"], 64, "data.path=FILE"),
    ] as [([String], Int32, String)] {
      let result = try verified.minim(["verify"] + words)
      #expect(result.exitCode == code && result.errors.contains(part), "\(words): \(result.exitCode) \(result.errors)")
    }
    #expect(try verified.temporaries().isEmpty)
  }

  // MARK: - Controls

  @Test("a bit of a checkpoint that was changed is seen, and the number is named") func changedCheckpoint() throws {
    let verified = try VerifiedRun("simsiam")
    let file = try verified.checkpoint(60)
    let tensor = try #require(file.tensors.first { $0.name.hasPrefix("parameters/") && $0.shape.count == 2 })
    let columns = tensor.shape[1]
    // The lowest bit of the mantissa of the element [1, 2].
    try verified.change(60, tensor.name) { $0[4 * (columns + 2)] ^= 1 }
    let result = try verified.minim(["verify", "latest"])
    #expect(result.exitCode == 65, "\(result.output) \(result.errors)")
    #expect(result.output.contains("\(tensor.name)[1, 2]: "))
    #expect(result.output.contains("(1 of \(tensor.bytes.count / 4) numbers there, in 1 of "))
    #expect(result.output.contains("All repetitions agree with each other, but not with the run's own files."))
    #expect(try verified.temporaries().isEmpty)
  }

  @Test("a checkpoint to begin from that was changed leads elsewhere; a damaged one is refused") func changedStart()
    throws
  {
    let verified = try VerifiedRun("gan")
    let file = try verified.checkpoint(40)
    let name = try #require(file.tensors.first?.name)
    try verified.change(40, name) { $0[2] ^= 1 }
    let result = try verified.minim(["verify", "latest", "--from-step", "40"])
    #expect(result.exitCode == 65 && result.output.contains("First differences:"), "\(result.output) \(result.errors)")
    var bytes = try FileStore().read(verified.run.checkpoint(step: 60))
    bytes[bytes.count - 1] ^= 1
    try FileStore().writeAtomically(bytes, to: verified.run.checkpoint(step: 60))
    let damaged = try verified.minim(["verify", "latest", "--from-step", "40"])
    #expect(damaged.exitCode == 65 && damaged.errors.contains("step-00000060.safetensors"), "\(damaged.errors)")
    #expect(try verified.temporaries().isEmpty)
  }

  @Test("a row of metrics that was changed is seen, and the step and the line are named") func changedMetrics() throws {
    let verified = try VerifiedRun("pixelcnn")
    let text = try String(contentsOfFile: verified.run.metrics, encoding: .utf8)
    var lines = text.split(separator: "\n").map(String.init)
    let index = try #require(lines.firstIndex { $0.contains("\"step\":50,") })
    let line = lines[index]
    var json = try JSONParser.parse(line).json
    let loss = try #require(json["nll"]?.number)
    json["nll"] = .number(loss.nextUp)
    lines[index] = json.compact
    try (lines.joined(separator: "\n") + "\n").write(toFile: verified.run.metrics, atomically: true, encoding: .utf8)
    let result = try verified.minim(["verify", "latest"])
    #expect(result.exitCode == 65, "\(result.output) \(result.errors)")
    let words = "step 50, nll: \(loss) and \(loss.nextUp) (line \(index + 1) of metrics.jsonl)"
    #expect(result.output.contains(words), "\(result.output)")
    // A line that is lost altogether is no number, and is seen too.
    lines[index] = "{"
    try (lines.joined(separator: "\n") + "\n").write(toFile: verified.run.metrics, atomically: true, encoding: .utf8)
    let lost = try verified.minim(["verify", "latest"])
    #expect(lost.exitCode == 65 && lost.output.contains("line \(index + 1) of metrics.jsonl"), "\(lost.output)")
  }

  @Test("kernels outside of the promise: the run agrees with itself, and it is said") func baseline() throws {
    let verified = try VerifiedRun("gan", environment: ["MINIM_KERNELS": "baseline"])
    let result = try verified.minim(["verify", "latest", "--json"])
    let json = try Self.json(result)
    #expect(result.exitCode == 0 && json["agrees"] == true, "\(result.output) \(result.errors)")
    #expect(json["remarks"]?.array?.contains { $0.string?.contains("outside of the promise") == true } == true)
    #expect(json["repetitions"]?.array?.count == 7)
  }

  // MARK: - Signals

  @Test("a signal in the midst stops it at once, and nothing is left", arguments: [SIGINT, SIGTERM])
  func signals(_ signal: Int32) throws {
    let verified = try VerifiedRun("pixelcnn", ["training.steps=3000", "intervals.checkpoint=3000"])
    let before = try verified.files()
    let process = try verified.start(["verify", "latest", "--steps", "3000"])
    // The third repetition has begun: its folder is there.
    func hasBegun() throws -> Bool {
      let folder = verified.scratch.path + "/temporary"
      return try verified.temporaries().contains {
        FileManager.default.fileExists(atPath: "\(folder)/\($0)/2/metrics.jsonl")
      }
    }
    while process.isRunning, try !hasBegun() { usleep(1000) }
    process.signal(signal)
    let result = process.wait()
    #expect(result.exitCode == 128 + signal, "\(result.exitCode) \(result.errors)")
    #expect(try verified.temporaries().isEmpty)
    #expect(try verified.files() == before)
    // No process is left that works in the folder.
    let processes = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }
    let left = processes.filter {
      (try? String(contentsOfFile: "/proc/\($0)/cmdline", encoding: .utf8))?.contains(verified.scratch.path) == true
    }
    #expect(left.isEmpty)
  }
}
