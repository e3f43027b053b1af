import ArgumentParser
import MinimDrawing
import MinimTraining

/// `minim report RUN`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Rebuild the report.html of a run or a sweep, a self-contained page.")

  @OptionGroup var argument: RunOrSweepArgument

  func run() throws {
    try reporting {
      switch try argument.locate() {
      case .run(let directory):
        let report = try RunReport(directory)
        try report.write()
        say(report.remarks)
        try Terminal.print("Look at: \(directory.report)".visible + "\n")
      case .sweep(let path):
        let sweep = SweepDirectory(recovering: path)
        let entries = sweep.entries()
        try SweepReport(sweep, entries).write()
        say((sweep.remark.map { [$0] } ?? []) + entries.flatMap(\.entry.remarks))
        try Terminal.print("Look at: \(sweep.report)".visible + "\n")
      }
    }
  }
}
