import Foundation
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// `train --into DIR`, as a workflow repeats it.
@Suite struct NamedRunTests {
  private static let rare = ["intervals.samples=1000000", "intervals.diagnostics=1000000"]

  private static func words(_ folder: String = "out", _ more: [String] = []) -> [String] {
    ["--config", "tiny.json", "--into", folder, "--quiet"] + more
  }

  private static func folder(steps: Int = 6) throws -> TinyFolder { try TinyFolder(TinyRun.named("vae"), steps: steps) }

  private static func train(_ folder: TinyFolder, _ words: [String]) throws -> Program.Result {
    try Program("train").run(words, in: folder.scratch.path)
  }

  /// What a run's config determines.
  private static func files(_ folder: TinyFolder) throws -> TinyFolder.Bits {
    try folder.bits(of: RunDirectory(path: folder.scratch.path + "/out"))
  }

  @Test("a new folder, with those above it, gets the run that a folder of runs would have") func new() throws {
    let folder = try Self.folder()
    #expect(try Self.train(folder, Self.words("a/b/out/")).exitCode == 0)
    #expect(try folder.train(in: "runs").exitCode == 0)
    let run = folder.run(in: "runs"), named = RunDirectory(path: folder.scratch.path + "/a/b/out")
    for (a, b) in [(run.metrics, named.metrics), (run.finalSamples, named.finalSamples), (run.config, named.config)] {
      #expect(try FileStore().read(a) == FileStore().read(b), "\(a)")
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.scratch.path).sorted() == ["a", "runs", "tiny.json"])
  }

  @Test("a run that is done is left alone, and the command says so and succeeds") func done() throws {
    let folder = try Self.folder()
    #expect(try Self.train(folder, Self.words()).exitCode == 0)
    let page = folder.scratch.path + "/out/report.html"
    let before = try Self.files(folder), time = FileStore().modificationTime(page)
    let loud = try Program("train").run(["--config", "tiny.json", "--into", "out"], in: folder.scratch.path)
    #expect(loud.exitCode == 0 && loud.errors == "out is done: 6 steps. Look at: out/report.html\n", "\(loud)")
    #expect(try Self.train(folder, Self.words()).errors.isEmpty)
    // Keys that affect no result may differ.
    #expect(try Self.train(folder, Self.words("out", ["intervals.log=3"])).exitCode == 0)
    #expect(try Self.files(folder) == before && FileStore().modificationTime(page) == time)
  }

  @Test("killed at any moment and repeated, it becomes the run that was not killed") func killed() throws {
    let (folder, whole) = (try Self.folder(steps: 3000), try Self.folder(steps: 3000))
    #expect(try Self.train(whole, Self.words("out", Self.rare)).exitCode == 0)
    for index in 0..<12 {
      let process = try Program("train").start(Self.words("out", Self.rare), in: folder.scratch.path)
      usleep(UInt32.random(in: 500...(index < 6 ? 15_000 : 150_000)))
      process.signal(SIGKILL)
      _ = process.wait()
    }
    let last = try Self.train(folder, Self.words("out", Self.rare))
    #expect(last.exitCode == 0, "\(last.errors)")
    #expect(try Self.files(folder) == Self.files(whole))
  }

  @Test("a run of another config, or from another start, is refused with the difference and left alone")
  func another() throws {
    let folder = try Self.folder()
    #expect(try Self.train(folder, Self.words()).exitCode == 0)
    let before = try Self.files(folder)
    for (more, text) in [
      (["seed=1"], "seed: 0 -> 1"), (["optimizer.learningRate=0.5"], "optimizer.learningRate: 0.001 -> 0.5"),
      (["training.steps=12"], "train resume out training.steps=12"), (["training.steps=3"], "training.steps: 6 -> 3"),
      (["--from", "out"], "started from no other run, and this command starts one from out"),
    ] {
      let result = try Self.train(folder, Self.words("out", more))
      #expect(result.exitCode == 78 && result.errors.contains(text), "\(more): \(result)")
    }
    #expect(try Self.files(folder) == before)
    // The other way around: a run from other parameters, and then a command without them.
    let from = Self.words("next", ["--from", "out"])
    for _ in 0..<2 {
      let result = try Self.train(folder, from)
      #expect(result.exitCode == 0, "\(result)")
    }
    let without = try Self.train(folder, Self.words("next"))
    #expect(
      without.exitCode == 78 && without.errors.contains("started from out, and this command starts one without --from"))
  }

  @Test("what is not the folder of a run is left alone", arguments: ["notes.txt", "config.json", "metrics.jsonl"])
  func foreign(_ name: String) throws {
    let folder = try Self.folder()
    try FileManager.default.createDirectory(atPath: folder.scratch.path + "/out", withIntermediateDirectories: true)
    _ = try folder.scratch.write("{}", to: "out/\(name)")
    let result = try Self.train(folder, Self.words())
    #expect(result.exitCode == 73 && result.errors.contains("it holds \(name)"), "\(result)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.scratch.path + "/out") == [name])
    let file = try Self.train(folder, Self.words("tiny.json"))
    #expect(file.exitCode == 73 && !file.errors.contains("Fatal"), "\(file)")
  }

  @Test("two at once: one trains, the other says who does (75), and then finds it done") func twice() throws {
    let folder = try Self.folder(steps: 100_000)
    let words = Self.words("out", Self.rare + ["intervals.checkpoint=50000"])
    let first = try Program("train").start(words, in: folder.scratch.path)
    let run = RunDirectory(path: folder.scratch.path + "/out")
    while first.isRunning, (try? FileStore().read(run.metrics))?.isEmpty ?? true { usleep(500) }
    let second = try Self.train(folder, words)
    #expect(
      !first.isRunning || (second.exitCode == 75 && second.errors.contains("is being written by process")), "\(second)")
    #expect(first.wait().exitCode == 0)
    #expect(try Self.train(folder, words).exitCode == 0)
  }

  @Test("a run that diverged says so again") func diverged() throws {
    let folder = try Self.folder(steps: 200)
    let words = Self.words("out", ["optimizer.learningRate=1000000", "optimizer.weightDecay=1"])
    #expect(try [0, 1].map { _ in try Self.train(folder, words).exitCode } == [3, 3])
  }
}
