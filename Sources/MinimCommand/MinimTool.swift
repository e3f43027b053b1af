import ArgumentParser
import MinimTraining

/// `minim`: everything that is not training.
struct MinimTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "minim",
    abstract: "Inspect runs of tiny generative models, and what their theory says.",
    version: minimVersion,
    subcommands: [
      ListCommand.self, ShowCommand.self, PlotCommand.self, CompareCommand.self, TailCommand.self, ExportCommand.self,
      ReportCommand.self,
      VerifyCommand.self, ReplayCommand.self,
      MasksCommand.self, SampleCommand.self, EvaluateCommand.self, GapCommand.self, CheckCommand.self,
      ProfileCommand.self, ExplainCommand.self, SchemaCommand.self, DoctorCommand.self,
    ])
}
