import Foundation
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// Programs that run at the same time in the same folder.
@Suite struct SameSecondTests {
  private static let tiny = TinyRun.named("bilinear")

  @Test("64 runs that start at once have a folder each") func starts() throws {
    let folder = try TinyFolder(Self.tiny)
    let running = try (0..<64).map { number in
      try Program("train").start(
        folder.words(in: "runs", ["--quiet", "seed=7", "samples=\(1 + number)"]), in: folder.scratch.path)
    }
    for process in running {
      let result = process.wait()
      #expect(result.exitCode == 0, "\(result.errors)")
    }
    let runs = try RunDirectory.all(in: folder.scratch.path + "/runs")
    #expect(runs.count == 64)
    // Each folder has what one of them was to write, and nothing of another.
    let counts = try runs.map { run in
      try NumericArray.read(run.samples + "/final.npy").shape.first ?? 0
    }
    #expect(counts.sorted() == Array(1...64))
    for run in runs { #expect(try RunStatus(of: run).state == .done) }
    Reliability.record(14, "runs at once", runs.count)
  }

  @Test("a second writer is refused, readers are not, and neither changes what is written") func others() throws {
    let folder = try TinyFolder(Self.tiny, steps: 20_000)
    let often = ["intervals.log=5", "intervals.checkpoint=500", "intervals.samples=20000", "intervals.diagnostics=500"]
    #expect(try folder.train(in: "alone", often).exitCode == 0)
    let expected = try folder.bits(in: "alone")
    let process = try Program("train").start(folder.words(in: "runs", often + ["--quiet"]), in: folder.scratch.path)
    let metrics = folder.run(in: "runs").metrics
    while process.isRunning, !FileManager.default.fileExists(atPath: metrics) { usleep(500) }
    var (refused, read) = (0, 0)
    while process.isRunning {
      let second = try Program("train").run(["resume", "latest", "--runs", "runs", "--quiet"], in: folder.scratch.path)
      if second.exitCode == 75 {
        #expect(second.errors.contains("is being written by process"), "\(second.errors)")
        refused += 1
      }
      for words in [["list"], ["show", "latest"], ["export", "latest", "--csv"]] {
        let reader = try Program("minim").run(words + ["--runs", "runs"], in: folder.scratch.path)
        #expect(reader.exitCode == 0, "\(words): \(reader.errors)")
        read += 1
      }
    }
    #expect(process.wait().exitCode == 0)
    #expect(refused > 0 && read > 0)
    #expect(try folder.bits(in: "runs") == expected)
    Reliability.record(14, "second writers refused", refused)
    Reliability.record(14, "readers during a run", read)
  }
}
