import Foundation
import MinimTraining
import TestSupport
import Testing

/// Exports of long runs, which need no more memory than those of short ones.
@Suite(.enabled("programs can be traced") { Program.cannotWatch == nil })
struct ExportMemoryTests {
  /// A run's folder with so many rows of metrics.
  private static func run(_ scratch: Scratch, _ name: String, rows: Int) throws -> RunDirectory {
    let run = RunDirectory(path: scratch.path + "/" + name)
    try FileManager.default.createDirectory(atPath: run.path, withIntermediateDirectories: true)
    try Data("{}\n".utf8).write(to: URL(fileURLWithPath: run.config))
    var text = ""
    for row in 1...rows { text += "{\"step\":\(row),\"nll\":\(1 / Double(row)),\"gradientNorm\":\(Double(row) / 7)}\n" }
    try Data(text.utf8).write(to: URL(fileURLWithPath: run.metrics))
    return run
  }

  @Test("the text of a table is never in memory as a whole, whether it goes to a file or to standard output")
  func stream() throws {
    let scratch = try Scratch()
    let rows = LongTests.areWanted ? 1_000_000 : 150_000
    let short = try Self.run(scratch, "short", rows: 2000), long = try Self.run(scratch, "long", rows: rows)
    for output in [["--output", "table.csv"], []] {
      let peaks = try [short, long].map { run in
        let end = try Program("minim").runKilled(at: nil, ["export", run.path, "--csv"] + output, in: scratch.path)
        #expect(end.exitCode == 0 && end.peak > 1 << 20, "\(end)")
        return end.peak
      }
      // The table of the long run has 40 bytes per row.
      #expect(peaks[1] - peaks[0] < 3 << 20, "\(peaks)")
    }
    let table = try String(contentsOfFile: scratch.path + "/table.csv", encoding: .utf8)
    let lines = table.split(separator: "\n")
    #expect(lines.count == rows + 1 && lines[0] == "step,nll,gradientNorm" && lines[2] == "2,0.5,\(2.0 / 7)")
    #expect(lines.last == "\(rows),\(1 / Double(rows)),\(Double(rows) / 7)" && table.hasSuffix("\n"))
  }
}
