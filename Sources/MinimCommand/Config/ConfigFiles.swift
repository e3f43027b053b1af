import Glibc
import MinimConfiguration
import MinimFiles
import MinimKernels
import MinimModels
import MinimTraining

/// What `--version` prints: with the kernels and the BLAS that this machine would run.
let versionText = """
  minim \(minimVersion)
  kernels \((try? KernelLevel.current.rawValue) ?? "unknown"), OpenBLAS core \(OpenBLAS.coreName)
  \(OpenBLAS.configuration)
  """

/// From the names of configs to an experiment.
enum ConfigFiles {
  /// Reads configs by name and merges them.
  static func experiment(_ names: [String], overrides: [String]) throws -> Experiment {
    try experiment(ConfigurationSource(files: files(names), overrides: overrides))
  }

  /// The experiment of what was read already.
  static func experiment(_ source: ConfigurationSource) throws -> Experiment {
    try Experiment(
      source, models: Program.current.models, dataSets: Program.current.dataSets,
      optimizers: Program.current.optimizers, dataFolders: folders("data"))
  }

  /// All configs that are at hand, by name.
  static var all: [String] {
    folders("configs").dropFirst().flatMap { folder in
      ((try? FileStore().list(folder)) ?? []).filter { $0.hasSuffix(".json") }.sorted().map { Path.join(folder, $0) }
    }
  }

  /// Where configs of these names are.
  static func files(_ names: [String]) throws -> [String] {
    try names.map { name in
      guard let file = ConfigurationSource.locate(name, in: folders("configs")) else {
        throw ConfigurationErrors.notFound(name, in: folders("configs"))
      }
      return file
    }
  }

  /// The experiment of a run that exists.
  static func experiment(of run: RunDirectory, overrides: [String] = []) throws -> Experiment {
    try experiment(ConfigurationSource(files: [run.config], overrides: overrides))
  }

  /// The working directory, its folder `kind` ("configs", "data"), the project's, and the one installed beside the
  /// program.
  private static func folders(_ kind: String) -> [String] {
    let home = getenv("MINIM_HOME").map { String(cString: $0) }
    // The first argument names no folder where `PATH` found the program, and another one where a symbolic link did.
    let program = FileStore().linkTarget("/proc/self/exe") ?? CommandLine.arguments[0]
    let installed = Path.join(Path.parent(of: program), "../share/minim/\(kind)")
    return [".", kind] + (home.map { [Path.join($0, kind)] } ?? []) + [installed]
  }

  /// The level of kernels that this machine has, or the environment asks for.
  static func level() throws -> KernelLevel { try KernelLevel.current }
}
