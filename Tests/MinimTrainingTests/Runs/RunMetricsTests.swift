import Foundation
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// Metrics are read with little memory, and what is left out is said.
@Suite struct RunMetricsTests {
  private static func folder(_ metrics: String) throws -> (TemporaryFolder, RunDirectory) {
    let folder = try TemporaryFolder()
    try folder.put(Array(metrics.utf8), "metrics.jsonl")
    return (folder, RunDirectory(path: folder.path))
  }

  @Test("lines that are not rows are counted, and nothing else") func remarks() throws {
    let good = (1...5).map { "{\"step\":\($0),\"nll\":\($0).5}\n" }
    let (_, whole) = try Self.folder(good.joined() + "{\"step\":6,")
    #expect(try RunMetrics(whole).remarks.isEmpty)
    for (text, lines, first) in [("\n", 1, 3), ("garbage\n", 1, 3), ("{\"nll\":1}\n\n\u{0}\n", 3, 3)] {
      let (_, run) = try Self.folder(good[0] + good[1] + text + good[2...].joined())
      let metrics = try RunMetrics(run)
      #expect(metrics.series("nll").map(\.y) == [1.5, 2.5, 3.5, 4.5, 5.5] && metrics.lossName == "nll")
      let remark = try #require(metrics.remarks.first)
      #expect(metrics.remarks.count == 1 && remark.hasPrefix(run.metrics) && remark.contains("line \(first)"))
      #expect(lines == 1 || remark.contains("\(lines) lines"))
    }
    // Line breaks of another system are part of no number.
    let (_, other) = try Self.folder(good.map { $0.replacingOccurrences(of: "\n", with: "\r\n") }.joined())
    #expect(try RunMetrics(other).series("nll").count == 5)
  }

  @Test("many rows become few points with the extremes") func thinning() throws {
    let lines = (1...20_000).map { "{\"step\":\($0),\"nll\":\(($0 * 7919) % 10_007)}\n" }
    let (_, run) = try Self.folder(lines.joined())
    let series = try RunMetrics(run).series("nll")
    #expect(series.count <= 2000 && series.map(\.y).max() == 10_006 && series.map(\.y).min() == 0)
  }

  @Test("the first difference of two runs is found at any step that both have") func difference() throws {
    func text(_ steps: [Int], changedAt: Int) -> String {
      steps.map { "{\"step\":\($0),\"nll\":\($0 >= changedAt ? 2 : 1)}\n" }.joined()
    }
    func found(_ a: String, _ b: String) throws -> Int? {
      let (first, x) = try Self.folder(a), (second, y) = try Self.folder(b)
      return try withExtendedLifetime((first, second)) {
        try RunComparison.firstDifference(RunComparison.Entry(x), RunComparison.Entry(y))?.step
      }
    }
    let all = Array(1...5000), third = all.filter { $0 % 3 == 0 }
    #expect(try found(text(all, changedAt: 9999), text(all, changedAt: 9999)) == nil)
    #expect(try found(text(all, changedAt: 4711), text(all, changedAt: 9999)) == 4711)
    #expect(try found(text(all, changedAt: 4711), text(third, changedAt: 9999)) == 4713)
    #expect(try found(text(third, changedAt: 9999), text(all, changedAt: 1)) == 3)
  }
}
