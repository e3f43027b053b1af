import ArgumentParser

/// `minim`: everything that is not training.
public struct MinimTool: ParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "minim",
    abstract: "Look at runs of tiny generative models, and at what their theory says.",
    version: versionText,
    subcommands: [MasksCommand.self, SampleCommand.self, EvaluateCommand.self, CheckCommand.self])

  public init() {}
}
