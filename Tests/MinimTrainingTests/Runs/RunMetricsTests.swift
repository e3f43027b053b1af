import Foundation
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// Metrics are read with little memory, and what is left out is said.
@Suite struct RunMetricsTests {
  /// Reads a run whose folder has these metrics alone.
  private static func reading<Result>(_ metrics: String, _ read: (RunDirectory) throws -> Result) throws -> Result {
    let folder = try TemporaryFolder()
    try folder.put(Array(metrics.utf8), "metrics.jsonl")
    return try withExtendedLifetime(folder) { try read(RunDirectory(path: folder.path)) }
  }

  private static let good = (1...5).map { "{\"step\":\($0),\"nll\":\($0).5}\n" }

  @Test("whole lines are read without a remark, also with line breaks of another system") func whole() throws {
    for text in [Self.good.joined() + "{\"step\":6,", Self.good.joined().replacingOccurrences(of: "\n", with: "\r\n")] {
      let metrics = try Self.reading(text) { try RunMetrics($0) }
      #expect(metrics.remarks.isEmpty && metrics.series("nll").map(\.y) == [1.5, 2.5, 3.5, 4.5, 5.5])
    }
  }

  @Test(
    "lines that are not rows are counted, and the rest is read",
    arguments: [("\n", 1), ("garbage\n", 1), ("{\"nll\":1}\n\n\u{0}\n", 3)])
  func remarks(_ text: String, lines: Int) throws {
    let all = Self.good[0] + Self.good[1] + text + Self.good[2...].joined()
    try Self.reading(all) { run in
      let metrics = try RunMetrics(run)
      #expect(metrics.series("nll").map(\.y) == [1.5, 2.5, 3.5, 4.5, 5.5] && metrics.lossName == "nll")
      let remark = try #require(metrics.remarks.first)
      #expect(metrics.remarks.count == 1 && remark.hasPrefix(run.metrics) && remark.contains("line 3"))
      #expect(lines == 1 || remark.contains("\(lines) lines"))
    }
  }

  @Test("many rows become few points with the extremes") func thinning() throws {
    let lines = (1...20_000).map { "{\"step\":\($0),\"nll\":\(($0 * 7919) % 10_007)}\n" }
    let series = try Self.reading(lines.joined()) { try RunMetrics($0).series("nll") }
    #expect(series.count <= 2000 && series.map(\.y).max() == 10_006 && series.map(\.y).min() == 0)
  }

  @Test("the first difference of two runs is found at any step that both have") func difference() throws {
    func text(_ steps: [Int], changedAt: Int) -> String {
      steps.map { "{\"step\":\($0),\"nll\":\($0 >= changedAt ? 2 : 1)}\n" }.joined()
    }
    func found(_ a: String, _ b: String) throws -> Int? {
      try Self.reading(a) { x in
        try Self.reading(b) { y in
          try RunComparison.firstDifference(RunComparison.Entry(x), RunComparison.Entry(y))?.step
        }
      }
    }
    let all = Array(1...5000), third = all.filter { $0 % 3 == 0 }
    #expect(try found(text(all, changedAt: 9999), text(all, changedAt: 9999)) == nil)
    #expect(try found(text(all, changedAt: 4711), text(all, changedAt: 9999)) == 4711)
    #expect(try found(text(all, changedAt: 4711), text(third, changedAt: 9999)) == 4713)
    #expect(try found(text(third, changedAt: 9999), text(all, changedAt: 1)) == 3)
  }
}
