import ArgumentParser
import MinimTraining

/// The run that a command reads, for commands that only read its files.
struct RunArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A run's folder, a unique prefix of its name, or latest; SWEEP/3 for a run of a sweep.", valueName: "run"),
    completion: .run)
  var name: String

  @Option(help: "The folder of all runs.", completion: .directory)
  var runs = TrainingOptions.runsFolder

  func locate() throws -> RunDirectory {
    let run = try RunDirectory.locate(name, in: runs)
    try run.checkHasFiles()
    return run
  }
}

/// The run or sweep that a command reads.
struct RunOrSweepArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A run or a sweep: its folder, a unique prefix of its name, or latest; SWEEP/3 for a run of a sweep.",
      valueName: "run"), completion: .run)
  var name: String

  @Option(help: "The folder of all runs.", completion: .directory)
  var runs = TrainingOptions.runsFolder

  func locate() throws -> RunFolder {
    let folder = try RunFolder.locate(name, in: runs)
    if case .run(let run) = folder { try run.checkHasFiles() }
    return folder
  }
}
