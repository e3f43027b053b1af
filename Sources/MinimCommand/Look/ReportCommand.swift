import ArgumentParser
import MinimDrawing
import MinimTraining

/// `minim report RUN`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Rebuild a run's report.html, a self-contained page.")

  @OptionGroup var argument: RunArgument

  func run() throws {
    try reporting {
      let directory = try argument.locate()
      try RunReport(directory).write()
      Terminal.write("Look at: \(directory.report)\n", to: 1)
    }
  }
}
