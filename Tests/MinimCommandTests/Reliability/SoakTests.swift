import Foundation
import MinimTraining
import TestSupport
import Testing

/// Long runs need no more memory than short ones.
@Suite struct SoakTests {
  private static let steps = LongTests.areWanted ? 1_000_000 : 200_000

  @Test("after its first tenth, a run takes no more memory for its other steps") func memory() throws {
    let game = TinyRun.named("dirac-gan")
    let folder = try TinyFolder(game, steps: Self.steps)
    let rare = ["log=10", "checkpoint=10000", "samples=100000000", "diagnostics=100000000"].map { "intervals." + $0 }
    let process = try Program("train").start(folder.words(in: "runs", rare + ["--quiet"]), in: folder.scratch.path)
    let run = folder.run(in: "runs")
    // The most that each half of the training takes, in kB.
    var (early, late) = (0, 0)
    while process.isRunning {
      let (resident, share) = (process.residentKilobytes, Self.share(of: run))
      if (0.1..<0.5).contains(share) { early = max(early, resident) }
      if (0.5..<1).contains(share) { late = max(late, resident) }
      usleep(1000)
    }
    #expect(process.wait().exitCode == 0)
    #expect(early > 1000 && late > 1000, "\(early) kB, \(late) kB")
    // Each step's line would be 40 bytes: kept, the second half's would be more than this.
    #expect(late - early < 256 * Self.steps / 200_000, "\(early) kB, then \(late) kB")
    Reliability.record(16, "steps", Self.steps)
    Reliability.record(16, "kB more in the second half", max(0, late - early))
  }

  /// How much of the training is done, by the last whole row of the metrics.
  private static func share(of run: RunDirectory) -> Double {
    guard let file = FileHandle(forReadingAtPath: run.metrics) else { return 0 }
    defer { try? file.close() }
    let end = (try? file.seekToEnd()) ?? 0
    try? file.seek(toOffset: end > 512 ? end - 512 : 0)
    let text = String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let step = lines.dropLast().last?.firstMatch(of: /"step":([0-9]+)/).flatMap { Int($0.1) } ?? 0
    return Double(step) / Double(steps)
  }
}
