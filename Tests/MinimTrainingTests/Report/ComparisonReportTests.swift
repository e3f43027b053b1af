import Foundation
import MinimTraining
import TestSupport
import Testing

/// The page of a comparison, of runs that are files alone.
@Suite struct ComparisonReportTests {
  /// Runs of two rates, each with seeds from 0 on, whose losses are known.
  private static func runs(_ folder: TemporaryFolder, seeds: Int, lines: Int) throws -> [RunDirectory] {
    try ["0.1", "0.2"].flatMap { rate in
      try (0..<seeds).map { seed in
        let run = RunDirectory(path: folder.path + "/\(rate)-\(seed)")
        try FileManager.default.createDirectory(atPath: run.path, withIntermediateDirectories: true)
        let config = #"{"name": "x", "seed": \#(seed), "optimizer": {"learningRate": \#(rate)}}"#
        try config.write(toFile: run.config, atomically: true, encoding: .utf8)
        let metrics = (1...lines).map {
          #"{"step":\#($0),"nll":\#(rate == "0.1" ? 4 + seed : 7 + seed),"gradientNorm":1}"#
        }
        try (metrics.joined(separator: "\n") + "\n").write(toFile: run.metrics, atomically: true, encoding: .utf8)
        try #"{"state":"done","step":\#(lines),"exitCode":0,"seconds":1}"#.write(
          toFile: run.status, atomically: true, encoding: .utf8)
        return run
      }
    }
  }

  @Test("means, intervals and paired differences are those of the runs") func groups() throws {
    let folder = try TemporaryFolder()
    let comparison = RunComparison(try Self.runs(folder, seeds: 3, lines: 5))
    let groups = comparison.groups(by: "optimizer.learningRate")
    let table = comparison.groupTable(groups, by: "optimizer.learningRate")
    // 4, 5, 6: mean 5, deviation 1, Student's t of two degrees of freedom 4.3027 over the root of 3.
    #expect(table.rows[0] == ["nll", "0.1", "3", "5.000", "+- 2.5", "4.000 5.000 6.000"])
    #expect(comparison.pairedTable(groups).rows == [["nll", "0.2", "3", "3.000", "+- 0"]])
    let page = ComparisonReport(comparison, groupedBy: "optimizer.learningRate").text
    #expect(page.contains("Comparison of 6 runs by optimizer.learningRate") && page.contains("4.000 5.000 6.000"))
    // The loss and the norm of the gradient, a panel for each rate, and the values of the loss next to their means.
    #expect(page.components(separatedBy: "<svg ").count - 1 == 5)
    let plain = ComparisonReport(comparison).text
    #expect(
      plain.contains("1 and 4: nll first differs at step 1: 4 and 7.") && plain.contains("<th scope=\"col\">6</th>"))
  }

  @Test("a page of many long runs is at most 1 MB") func size() throws {
    let folder = try TemporaryFolder()
    let comparison = RunComparison(try Self.runs(folder, seeds: 400, lines: 300))
    for page in [
      ComparisonReport(comparison, groupedBy: "optimizer.learningRate").text, ComparisonReport(comparison).text,
    ] {
      #expect(page.utf8.count < 1_000_000 && page.contains("and 300 more"), "\(page.utf8.count)")
    }
  }
}
