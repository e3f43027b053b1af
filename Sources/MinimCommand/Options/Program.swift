import MinimData
import MinimModels
import MinimNN
import Synchronization

/// What the running program knows, and how its commands are called.
struct Program: Sendable {
  /// The models that a config can name.
  private(set) var models = NamedModel.all
  /// The data sets that a config can name.
  private(set) var dataSets = NamedData.all
  /// The optimizers that a config can name.
  private(set) var optimizers = NamedOptimizer.all
  /// What a user types before the words of a command that trains, and of one that looks.
  var train = "train", tool = "minim"

  /// Adds models, data sets and optimizers; one with a known name takes the place of the known one.
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
