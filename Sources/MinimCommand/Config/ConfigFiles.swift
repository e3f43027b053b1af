import MinimSystem
import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimKernels
import MinimModels
import MinimTraining

/// The text of `--version`, with the kernels and the BLAS that this machine would use: only this text loads OpenBLAS.
let versionText = """
  minim \(minimVersion)
  kernels \((try? KernelLevel.current.description) ?? "unknown"), OpenBLAS core \(OpenBLAS.coreName)
  \(OpenBLAS.configuration)
  """

/// Finds configs by name and makes experiments of them.
enum ConfigFiles {
  /// Reads configs by name and merges them. What an override has left out of them is said on standard error.
  static func experiment(_ names: [String], overrides: [String], _ loader: DataLoader? = nil) throws -> Experiment {
    let experiment = try experiment(ConfigurationSource(files: files(names), overrides: overrides), loader)
    for note in experiment.notes { Terminal.write("\(note)\n", to: 2) }
    return experiment
  }

  /// The experiment of a source that was read already.
  static func experiment(_ source: ConfigurationSource, _ loader: DataLoader? = nil) throws -> Experiment {
    try Experiment(
      source, models: Program.current.models, dataSets: Program.current.dataSets,
      optimizers: Program.current.optimizers, loader: loader ?? self.loader())
  }

  /// The keys of a config with their declarations, whatever is wrong with the values, and whether its data could be
  /// loaded.
  static func declarations(
    _ source: ConfigurationSource, _ loader: DataLoader? = nil
  ) -> (keys: [ConfigurationDeclaration], hasData: Bool) {
    Experiment.declarations(
      of: source, models: Program.current.models, dataSets: Program.current.dataSets,
      optimizers: Program.current.optimizers, loader: loader ?? self.loader())
  }

  /// A loader of data from all folders that may have them.
  ///
  /// - Parameter capacity: the number of data sets that it keeps.
  static func loader(capacity: Int = 1) -> DataLoader { DataLoader(folders: folders("data"), capacity: capacity) }

  /// All available configs, by name.
  static var all: [String] {
    folders("configs").dropFirst().flatMap { folder in
      ((try? FileStore().list(folder)) ?? []).filter { $0.hasSuffix(".json") }.sorted().map { Path.join(folder, $0) }
    }
  }

  /// The paths of the configs with these names; `.json` may be left out.
  static func files(_ names: [String]) throws -> [String] {
    try names.map { name in
      guard let file = file(name) else { throw ConfigurationErrors.notFound(name, in: folders("configs")) }
      return file
    }
  }

  /// The path of the config with this name; nil if there is none. A folder does not hide it: people name folders after
  /// models.
  static func file(_ name: String) -> String? {
    let exact = ConfigurationSource.locate(name, in: folders("configs"))
    if let exact, !FileStore().isFolder(exact) { return exact }
    return (name.hasSuffix(".json") ? nil : ConfigurationSource.locate(name + ".json", in: folders("configs"))) ?? exact
  }

  /// The experiment of an existing run.
  static func experiment(
    of run: RunDirectory, overrides: [String] = [], _ loader: DataLoader? = nil
  ) throws -> Experiment {
    guard FileStore().exists(run.config) else { throw notBegun(run) }
    try RunFormat.require(run)
    let source = try ConfigurationSource(files: [run.config], overrides: overrides)
    do {
      return try experiment(source, loader).extended(from: RunExtension.formerLengths(of: run))
    } catch let error as FileError where error.exit == .missingInput {
      throw CommandError(
        "\(error)\nThe data of \(run.name) are known by their content, not by their place. Where they are now is said by "
          + Experiment.placeKeys.map { "data.\($0)=FILE" }.joined(separator: " and "), exit: error.exit)
    }
  }

  /// The experiment of an existing run, of which samples will be drawn: where its data are missing, without them. A
  /// place that a user gives must be right.
  static func experimentForSamples(of run: RunDirectory, overrides: [String]) throws -> Experiment {
    do {
      return try experiment(of: run, overrides: overrides)
    } catch let error as CommandError where error.exit == .missingInput && overrides.isEmpty {
      guard let remembered = try run.dataDescription() else { throw error }
      let loader = DataLoader(folders: folders("data"), remembered: remembered)
      // A model that cannot be made without its examples needs the file after all.
      do { return try experiment(of: run, overrides: overrides, loader) } catch is ConfigurationErrors { throw error }
    }
  }

  /// Whether an override says where data are, which does not change what a run is.
  static func isPlace(_ override: String) -> Bool {
    Experiment.placeKeys.contains { override.hasPrefix("data.\($0)=") }
  }

  /// A folder without the first file of a run.
  static func notBegun(_ run: RunDirectory) -> CommandError {
    let isRun = FileStore().isFolder(run.checkpoints) || FileStore().exists(run.lock)
    let reason =
      isRun
      ? "the run was killed before it began, and there is nothing to go on from. Start it again with "
        + "\(Program.current.train) --config FILE, and remove the folder"
      : "it is not the folder of a run: it has no config.json. To see what there is: \(Program.current.tool) list"
    return CommandError("\(run.path): \(reason)", exit: .missingInput)
  }

  /// What to know about a run with a level of kernels.
  static func remarks(on level: KernelLevel) -> [String] {
    guard !level.isFused else { return [] }
    return [
      "The kernels of this run are \(level), without fused multiply-add: in the last digits its numbers are not those of "
        + "CPUs that have it."
    ]
  }

  /// The working directory, its folder `kind` ("configs", "data"), the project's, and the one installed next to the
  /// program.
  static func folders(_ kind: String) -> [String] {
    let home = getenv("MINIM_HOME").map { String(cString: $0) }
    // Not the first argument: a shell that found the program by `PATH` gives its name alone, and a symbolic link gives the
    // path of the link.
    let program = ProgramFile.location ?? CommandLine.arguments[0]
    let installed = Path.join(Path.parent(of: program), "../share/minim/\(kind)")
    return [".", kind] + (home.map { [Path.join($0, kind)] } ?? []) + [installed]
  }

  /// The level of kernels that the environment asks for, or else the best of this machine.
  static func level() throws -> KernelLevel { try KernelLevel.current }
}
