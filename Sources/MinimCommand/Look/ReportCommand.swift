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
        try RunReport(directory).write()
        try Terminal.print("Look at: \(directory.report)\n")
      case .sweep(let path):
        let sweep = SweepDirectory(recovering: path)
        try SweepReport(sweep, sweep.entries()).write()
        try Terminal.print("Look at: \(sweep.report)\n")
      }
    }
  }
}
