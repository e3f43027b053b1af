import Foundation
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// A sweep that several processes train at once, as the tasks of a job array do.
@Suite struct SlicedSweepTests {
  private static func sweep(
    _ scratch: Scratch, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Program.Running {
    try Program("train", environment: environment).start(["sweep"] + arguments, in: scratch.path)
  }

  private static func scratch() throws -> Scratch {
    let scratch = try Scratch()
    _ = try scratch.write(TinyRun.named("bilinear").config(steps: 40), to: "tiny.json")
    return scratch
  }

  /// Makes a sweep of `count` seeds and trains nothing.
  private static func planned(_ scratch: Scratch, _ count: Int, runs: String = "runs") throws -> String {
    let words = ["--config", "tiny.json", "seed=0..\(count - 1)", "--plan", "--runs", runs]
    let result = try sweep(scratch, words).wait()
    #expect(result.exitCode == 0, "\(result)")
    return String(result.output.dropLast())
  }

  private static func table(_ scratch: Scratch, _ sweep: String) throws -> String {
    let text = try String(contentsOfFile: scratch.path + "/" + sweep + "/sweep.csv", encoding: .utf8)
    return text.replacing(Path.name(of: sweep), with: "SWEEP")
  }

  @Test("the tasks of an array train each run once, and the last one, or --collect, makes the table of one process")
  func array() throws {
    let scratch = try Self.scratch(), count = 30
    let whole = try Self.planned(scratch, count, runs: "whole")
    #expect(try Self.sweep(scratch, ["--resume", whole, "--quiet"]).wait().exitCode == 0)
    let sweep = try Self.planned(scratch, count)
    let folders = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/" + sweep)
    #expect(folders == ["sweep.json"])
    let words = ["--resume", sweep, "--slice", "auto", "--quiet"]
    let tasks = try (0..<4).map { task in
      try Self.sweep(
        scratch, words,
        environment: [
          "SLURM_ARRAY_TASK_ID": "\(task + 1)", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_COUNT": "4",
          "SLURM_ARRAY_TASK_STEP": "1",
        ])
    }
    let results = tasks.map { $0.wait() }
    #expect(results.allSatisfy { $0.exitCode == 0 && !$0.errors.contains("being written") }, "\(results)")
    let collected = try Self.sweep(scratch, ["--resume", sweep, "--collect"]).wait()
    #expect(collected.exitCode == 0 && collected.output.contains("\(count) runs in \(sweep)"), "\(collected)")
    #expect(try Self.table(scratch, sweep) == Self.table(scratch, whole))
  }

  @Test("a slice trains its own runs alone, says what is missing, and is done the second time") func alone() throws {
    let scratch = try Self.scratch()
    let sweep = try Self.planned(scratch, 7), directory = try SweepDirectory(path: scratch.path + "/" + sweep)
    func done() -> [Int] {
      directory.members.filter { RunRecord(directory.folder($0)).state == .done }.map(\.number)
    }
    let first = try Self.sweep(scratch, ["--resume", sweep, "--slice", "1/3", "--quiet"]).wait()
    #expect(first.exitCode == 0 && first.output.contains("Slice 1/3 of \(sweep) is trained"), "\(first)")
    #expect(first.output.contains("sweep --resume \(sweep) --collect") && done() == [1, 4, 7])
    #expect(!FileManager.default.fileExists(atPath: directory.table))
    let page = FileStore().modificationTime(directory.folder(directory.members[0]).report)
    #expect(try Self.sweep(scratch, ["--resume", sweep, "--slice", "1/3", "--quiet"]).wait().exitCode == 0)
    #expect(FileStore().modificationTime(directory.folder(directory.members[0]).report) == page)
    let early = try Self.sweep(scratch, ["--resume", sweep, "--collect"]).wait()
    #expect(early.exitCode == 0 && early.errors.contains("4 runs not done yet"), "\(early)")
    // One line for each run that is missing; the lines are commands.
    let printed = try Self.sweep(scratch, ["--resume", sweep, "--print"]).wait()
    let lines = printed.output.split(separator: "\n")
    #expect(lines.count == 4 && lines[0] == "train sweep --resume \(sweep) --slice 2/7 --workers 1 --quiet")
    for line in lines {
      let words = line.split(separator: " ").dropFirst(2).map(String.init)
      #expect(try Self.sweep(scratch, words).wait().exitCode == 0, "\(line)")
    }
    #expect(done() == Array(1...7))
    // The last of them has found all done.
    #expect(FileManager.default.fileExists(atPath: directory.table))
    #expect(try Self.sweep(scratch, ["--resume", sweep, "--print"]).wait().output.isEmpty)
  }

  @Test("processes without slices share what is there: nothing twice, no failure, the same table") func together()
    throws
  {
    let scratch = try Self.scratch(), count = 24
    let whole = try Self.planned(scratch, count, runs: "whole")
    #expect(try Self.sweep(scratch, ["--resume", whole, "--quiet"]).wait().exitCode == 0)
    let sweep = try Self.planned(scratch, count)
    let results = try (0..<4).map { _ in try Self.sweep(scratch, ["--resume", sweep, "--quiet"]) }.map { $0.wait() }
    #expect(results.allSatisfy { $0.exitCode == 0 }, "\(results)")
    #expect(try Self.sweep(scratch, ["--resume", sweep, "--collect"]).wait().exitCode == 0)
    #expect(try Self.table(scratch, sweep) == Self.table(scratch, whole))
  }

  @Test("a run that another host has is left to it, and --steal takes it; one that diverged needs no command")
  func elsewhere() throws {
    let scratch = try Self.scratch()
    let sweep = try Self.planned(scratch, 3), directory = try SweepDirectory(path: scratch.path + "/" + sweep)
    let held = try directory.directory(directory.members[1])
    let owner = #"{"host":"node7","boot":"other","namespace":"pid:[1]","process":4711,"start":"12"}"# + "\n"
    try owner.write(toFile: held.file("owner-000001"), atomically: false, encoding: .utf8)
    let words = ["--resume", sweep, "--quiet"]
    let first = try Self.sweep(scratch, words).wait()
    #expect(first.exitCode == 0 && first.errors.contains("1 run left to other processes"), "\(first)")
    let printed = try Self.sweep(scratch, ["--resume", sweep, "--print"]).wait()
    #expect(printed.output.split(separator: "\n").count == 1, "\(printed)")
    let stolen = try Self.sweep(scratch, words + ["--steal"]).wait()
    #expect(stolen.exitCode == 0 && !stolen.errors.contains("left to"), "\(stolen)")
    #expect(directory.members.allSatisfy { RunRecord(directory.folder($0)).state == .done })
    try RunStatus(state: .diverged, step: 3, exit: .diverged, seconds: 1).write(to: held)
    #expect(try Self.sweep(scratch, ["--resume", sweep, "--print"]).wait().output.isEmpty)
  }

  @Test("words that make no sense are refused before a folder is made") func mistakes() throws {
    let scratch = try Self.scratch()
    for (words, text) in [
      (["--slice", "3/3"], "I from 0 to N-1"), (["--slice", "auto"], "SLURM_ARRAY_TASK_ID"),
      (["--collect"], "--resume SWEEP --collect"),
    ] {
      let result = try Self.sweep(scratch, ["--config", "tiny.json", "seed=0..3"] + words).wait()
      #expect(result.exitCode == 64 && result.errors.contains(text), "\(words): \(result)")
    }
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/runs"))
  }
}
