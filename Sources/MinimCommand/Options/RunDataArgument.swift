import ArgumentParser
import MinimTraining

/// A run for commands that need its data too, which may lie elsewhere now.
struct RunDataArgument: ParsableArguments {
  @OptionGroup var argument: RunArgument

  @Argument(
    help: ArgumentHelp(
      "Where the data are now, if they were moved: data.path=FILE, data.labels=FILE.", valueName: "key=value"))
  var places: [String] = []

  /// The run's folder and its experiment, with its data.
  ///
  /// - Parameter needsData: whether there can be no experiment without the examples.
  func load(needsData: Bool = true) throws -> (directory: RunDirectory, experiment: Experiment) {
    if let word = places.first(where: { !ConfigFiles.isPlace($0) }) {
      throw CommandError("\"\(word)\": expected data.path=FILE or data.labels=FILE after the run", exit: .usage)
    }
    let directory = try argument.locate()
    let experiment =
      needsData
      ? try ConfigFiles.experiment(of: directory, overrides: places)
      : try ConfigFiles.experimentForSamples(of: directory, overrides: places)
    return (directory, experiment)
  }
}
