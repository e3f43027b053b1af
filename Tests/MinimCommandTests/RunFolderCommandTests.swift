import Foundation
import Glibc
import MinimFiles
import MinimKernels
import MinimTraining
import TestSupport
import Testing

/// Runs whose folder, data or outputs are not as usual, with the programs as a user calls them.
@Suite struct RunFolderCommandTests {
  private static let short = ["training.steps=20", "intervals.checkpoint=10", "intervals.log=5"]

  private static func trained(_ more: [String] = []) throws -> (small: SmallRun, run: RunDirectory) {
    let small = try SmallRun()
    let result = try small.train(short + more)
    #expect(result.exitCode == 0, "\(result.errors)")
    return (small, RunDirectory(path: small.scratch.path + "/runs/" + (FileStore().linkTarget(small.latest) ?? "")))
  }

  private static func minim(_ words: [String], _ small: SmallRun) throws -> Program.Result {
    try Program("minim").run(words, in: small.scratch.path)
  }

  private static func resume(
    _ words: [String], _ small: SmallRun, _ environment: [String: String] = [:]
  ) throws -> Program.Result {
    try Program("train", environment: environment).run(["resume", "latest", "--quiet"] + words, in: small.scratch.path)
  }

  @Test("an output may be a link, which stays one, or standard output") func outputs() throws {
    let (small, _) = try Self.trained()
    let plain = try Self.minim(["export", "latest", "--csv"], small)
    #expect(symlink("target.csv", small.scratch.path + "/link.csv") == 0)
    for place in ["file.csv", "link.csv"] {
      #expect(try Self.minim(["export", "latest", "--csv", "--output", place], small).exitCode == 0)
    }
    let stream = try Self.minim(["export", "latest", "--csv", "--output", "/dev/stdout"], small)
    #expect(FileStore().linkTarget(small.scratch.path + "/link.csv") == "target.csv")
    let written = try ["file.csv", "target.csv"].map {
      String(decoding: try FileStore().read(small.scratch.path + "/" + $0), as: UTF8.self)
    }
    #expect(written + [stream.output] == [String](repeating: plain.output, count: 3) && !plain.output.isEmpty)
  }

  @Test("samples of a chosen step have a name of their own") func chosenStep() throws {
    let (small, run) = try Self.trained()
    for words in [[], ["--step", "10"]] {
      #expect(try Self.minim(["sample", "latest", "--count", "4"] + words, small).exitCode == 0)
    }
    #expect(["samples-4.png", "samples-4-step-10.png"].allSatisfy { FileStore().exists(run.samples + "/" + $0) })
  }

  @Test("pipes and damaged files in a run's folder stop no command, and are told") func pipes() throws {
    let (small, run) = try Self.trained()
    for path in [run.metrics, run.lock, run.evaluation] {
      try FileStore().remove(path)
      #expect(mkfifo(path, 0o600) == 0)
    }
    let list = try Self.minim(["list"], small)
    #expect(list.exitCode == 0 && list.output.contains("done"))
    let show = try Self.minim(["show", "latest"], small)
    #expect(show.exitCode == 0 && show.errors.contains("\(run.name)/evaluation.json: cannot open: expected a file"))
    for words in [["plot", "latest"], ["export", "latest"], ["tail", "latest"]] {
      let result = try Self.minim(words, small)
      #expect(result.exitCode == 65 && result.errors.contains("metrics.jsonl"), "\(words)")
    }
    #expect(try Self.resume([], small).exitCode == 65)
  }

  @Test("lines that are left out are told once, by each command that reads them") func leftOut() throws {
    let (small, run) = try Self.trained()
    let text = String(decoding: try FileStore().read(run.metrics), as: UTF8.self)
    try FileStore().writeAtomically(
      text.replacingOccurrences(of: "\"step\":10,", with: "\"step\":ten,"), to: run.metrics)
    for words in [["show"], ["export"], ["plot"], ["compare", "latest"]] {
      let result = try Self.minim(words + ["latest"], small)
      let told = result.errors.split(separator: "\n").filter { $0.contains("line 2 cannot be read") }
      #expect(result.exitCode == 0 && told.count == 1, "\(words): \(result.errors)")
      #expect(!result.output.contains("cannot be read"))
    }
    let refused = try Self.resume([], small)
    #expect(refused.exitCode == 65 && refused.errors.contains("--from-step 0"))
  }

  @Test("a damaged checkpoint: the step that is offered leads to the files of the run") func fromStep() throws {
    let (small, run) = try Self.trained()
    let metrics = try FileStore().read(run.metrics), claims = try FileStore().read(run.evaluation)
    try FileStore().writeAtomically("damaged", to: run.checkpoint(step: 20))
    let refused = try Self.resume([], small)
    #expect(refused.exitCode == 65 && refused.errors.contains("--from-step 10"))
    #expect(try Self.resume(["--from-step", "10"], small).exitCode == 0)
    #expect(try FileStore().read(run.metrics) == metrics && FileStore().read(run.evaluation) == claims)
    #expect(try Self.resume(["--from-step", "15"], small).exitCode == 66)
  }

  @Test("data that were moved are named after the run, and others are refused") func movedData() throws {
    let small = try SmallRun()
    let rows = (0..<40).map { row in (0..<12).map { "\((row >> ($0 % 5) ^ $0) & 1)" }.joined(separator: ",") + "\n" }
    _ = try small.scratch.write(rows.joined(), to: "images.csv")
    let data = [#"data={"name":"images","path":"images.csv","shape":[4,3]}"#]
    #expect(try small.train(Self.short + data).exitCode == 0)
    let folder = small.scratch.path
    try FileManager.default.moveItem(atPath: folder + "/images.csv", toPath: folder + "/moved.csv")
    // Samples need no data, but a place that is given must be right.
    for words in [["eval", "latest"], ["sample", "latest", "data.path=nowhere.csv"]] {
      let missing = try Self.minim(words, small)
      #expect(
        missing.exitCode == 66 && missing.errors.contains("data.path=FILE") && missing.errors.contains("looked for"))
    }
    for words in [["sample", "latest"], ["eval", "latest"]] {
      #expect(try Self.minim(words + ["data.path=moved.csv"], small).exitCode == 0, "\(words)")
    }
    #expect(try Self.minim(["eval", "latest", "seed=2"], small).exitCode == 64)
    _ = try small.scratch.write(rows.dropLast().joined(), to: "other.csv")
    let other = try Self.minim(["eval", "latest", "data.path=other.csv"], small)
    #expect(other.exitCode == 65 && other.errors.contains("other data") && other.errors.contains("SHA-256"))
    #expect(try Self.resume(["data.path=other.csv"], small).exitCode == 65)
    #expect(try Self.resume(["data.path=moved.csv"], small).exitCode == 0)
    // From now on the run knows.
    #expect(try Self.minim(["eval", "latest"], small).exitCode == 0)
  }

  @Test("kernels of other bits need a word, and show tells them", .enabled(if: KernelLevel.preferred.isFused))
  func kernels() throws {
    let (small, run) = try Self.trained()
    try FileStore().remove(run.checkpoint(step: 20))
    let baseline = ["MINIM_KERNELS": "baseline"]
    let refused = try Self.resume([], small, baseline)
    #expect(
      refused.exitCode == 78 && refused.errors.contains("baseline") && refused.errors.contains("--change-kernels"))
    #expect(try Self.resume(["--change-kernels"], small, baseline).exitCode == 0)
    #expect(try Self.minim(["show", "latest"], small).output.contains("from step 10 baseline"))
    // A new run says it, once.
    let new = try Program("train", environment: baseline).run(
      ["--config", "small.json"] + Self.short, in: small.scratch.path)
    #expect(new.errors.split(separator: "\n").filter { $0.contains("without fused multiply-add") }.count == 1)
  }

  @Test("a run that was killed before its first file, and a folder that is not a run, say so") func notBegun() throws {
    let small = try SmallRun()
    let run = RunDirectory(path: small.scratch.path + "/runs/20260101-000000-x-s0-0000")
    try FileStore().makeFolders(run.checkpoints)
    let killed = try Self.resume([], small)
    #expect(killed.exitCode == 66 && killed.errors.contains("killed before it began"))
    try FileStore().makeFolders(small.scratch.path + "/empty")
    for command in ["eval", "show"] {
      let none = try Self.minim([command, "./empty"], small)
      #expect(none.exitCode == 66 && none.errors.contains("not the folder of a run"), "\(command)")
    }
  }

  @Test("a page that cannot be written fails the run, whose claims are printed and whose status says so") func page()
    throws
  {
    let (small, run) = try Self.trained()
    try FileStore().remove(run.report)
    try FileStore().makeFolders(run.report)
    let result = try Self.resume([], small)
    #expect(result.exitCode == 73 && result.errors.contains("report.html") && result.output.contains("P1"))
    let status = try RunStatus(of: run)
    #expect(status.state == .failed && status.exit?.rawValue == result.exitCode)
    try FileManager.default.removeItem(atPath: run.report)
    #expect(try Self.resume([], small).exitCode == 0)
    #expect(try RunStatus(of: run).state == .done)
  }

  @Test("no two rows of a sweep's table have one name", arguments: ["gan.json", "simsiam-linear.json"])
  func names(_ config: String) throws {
    let scratch = try Scratch()
    let result = try Program("train", environment: ShortRun.home).run(
      ["sweep", "--config", config, "seed=0..1", "training.steps=20", "--quiet"], in: scratch.path)
    #expect(result.exitCode == 0, "\(result.errors)")
    let sweep = scratch.path + "/runs/latest"
    let rows = String(decoding: try FileStore().read(sweep + "/sweep.csv"), as: UTF8.self).split(separator: "\n")
      .dropFirst()
    let names = rows.map { row in
      let fields = row.split(separator: ",", omittingEmptySubsequences: false)
      return "\(fields[0]) \(fields[fields.count - 2])"
    }
    #expect(Set(names).count == names.count && names.contains { $0.contains(" training ") })
    let compare = try Program("minim", environment: ShortRun.home).run(["compare", "latest"], in: scratch.path)
    let loss = config == "gan.json" ? "value" : "loss"
    #expect(["training \(loss) ", "\n\(loss) "].allSatisfy(compare.output.contains), "\(compare.output)")
  }
}
