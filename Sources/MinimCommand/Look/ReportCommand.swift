import ArgumentParser
import MinimDrawing
import MinimTraining

/// `minim report RUN`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write a run's page again, report.html: one file that needs nothing beside it.")

  @OptionGroup var argument: RunArgument

  func run() throws {
    try reporting {
      let directory = try argument.locate()
      try RunReport(directory).write()
      Terminal.write("Look at: \(directory.report)\n", to: 1)
    }
  }
}
