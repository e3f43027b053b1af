import Foundation
import TestSupport
import Testing

/// Processes that train a tiny run, or a sweep of it, in a folder of their own, and go on with it after their death.
struct TinyProcess {
  let scratch: Scratch
  let run: TinyRun

  init(_ run: TinyRun, steps: Int) throws {
    self.run = run
    scratch = try Scratch()
    _ = try scratch.write(run.config(steps: steps), to: "tiny.json")
  }

  /// The words that begin a run in a folder of runs, or resume the one that is there. One thread makes the order of calls
  /// the same each time.
  func words(in runs: String) -> [String] {
    let start = begun("config.json", in: runs).map { ["resume", $0] } ?? ["--config", "tiny.json"]
    return start + ["--quiet", "--workers", "1", "--runs", runs]
  }

  /// The words that begin a sweep of three seeds in a folder of runs, or resume the one that is there.
  func sweepWords(in runs: String) -> [String] {
    let start = begun("sweep.json", in: runs).map { ["--resume", $0] } ?? ["--config", "tiny.json", "seed=0,1,2"]
    return ["sweep"] + start + ["--quiet", "--workers", "1", "--runs", runs]
  }

  /// The folder that has the first file of a run, or of a sweep; nil if there is none. A process that dies before it has
  /// written this file leaves an empty folder, and the next one makes its own.
  func begun(_ file: String, in runs: String) -> String? {
    let folder = scratch.path + "/" + runs
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0 != "latest" }
    return names.map { folder + "/" + $0 }.first { FileManager.default.fileExists(atPath: $0 + "/" + file) }
  }

  /// What the run has come to.
  func contents(in runs: String) throws -> RunContents {
    try RunContents(#require(begun("config.json", in: runs), "\(runs) has no run"))
  }

  /// Begins the run, or goes on with it, to its end.
  func finish(in runs: String) throws -> Program.Result {
    try Program("train").run(words(in: runs), in: scratch.path)
  }
}
