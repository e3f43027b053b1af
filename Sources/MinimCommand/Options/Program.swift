import MinimData
import MinimModels
import MinimNN
import Synchronization

/// The models, data sets and optimizers of the running program, and the words that call its commands.
struct Program: Sendable {
  /// The models that a config can name.
  private(set) var models = NamedModel.all
  /// The data sets that a config can name.
  private(set) var dataSets = NamedData.all
  /// The optimizers that a config can name.
  private(set) var optimizers = NamedOptimizer.all
  /// The words that a user types before a command that trains, and before one that looks at runs.
  var train = "train", tool = "minim"

  /// Adds models, data sets and optimizers; one with a known name replaces the known one.
  mutating func replaceOrAdd(_ models: [NamedModel], _ dataSets: [NamedData], _ optimizers: [NamedOptimizer]) {
    self.models = models + self.models.filter { known in !models.contains { $0.name == known.name } }
    self.dataSets = self.dataSets.filter { known in !dataSets.contains { $0.name == known.name } } + dataSets
    self.optimizers = self.optimizers.filter { known in !optimizers.contains { $0.name == known.name } } + optimizers
  }

  /// The running program; set once, before a command is parsed.
  static var current: Program {
    get { shared.withLock(\.self) }
    set { shared.withLock { $0 = newValue } }
  }

  private static let shared = Mutex(Program())
}
