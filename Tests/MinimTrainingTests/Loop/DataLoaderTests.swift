import MinimConfiguration
import MinimData
import MinimTraining
import Synchronization
import Testing

/// Data that are the same are loaded once.
@Suite struct DataLoaderTests {
  private final class Count: Sendable {
    let loads = Mutex(0)
    var value: Int { loads.withLock(\.self) }
  }

  /// Bars and stripes that count how often they are loaded.
  private struct Counted: DataSource {
    let size: Int, count: Count, dependsOnSeed: Bool

    init(_ section: ConfigurationSection, _ count: Count, dependsOnSeed: Bool) {
      size = section.integer("size", default: 3, in: 2...5, "Height and width.")
      (self.count, self.dependsOnSeed) = (count, dependsOnSeed)
    }

    func load(from folders: [String], seed: UInt64) -> DataSplit {
      count.loads.withLock { $0 += 1 }
      return BarsAndStripes(height: size, width: size, distribution: .distinct).load(from: folders, seed: seed)
    }
  }

  /// How often data are loaded by experiments with these overrides, one after the other, of one loader.
  private static func loads(_ overrides: [String], dependsOnSeed: Bool, capacity: Int) throws -> Int {
    let count = Count(), loader = DataLoader(capacity: capacity)
    let named = NamedData("counted") { Counted($0, count, dependsOnSeed: dependsOnSeed) }
    let text = #"{"model": {"name": "pixelcnn", "masks": ["A3"]}, "data": {"name": "counted"}}"#
    for override in overrides {
      let experiment = try Experiment(
        ConfigurationSource(texts: [("c.json", text)], overrides: [override]), models: SmallRun.models,
        dataSets: [named], loader: loader)
      #expect(experiment.dataHash == experiment.data.digest)
    }
    return count.value
  }

  @Test("once for configs that differ elsewhere, and for each seed only if they depend on it") func once() throws {
    let rates = ["optimizer.learningRate=0.1", "optimizer.learningRate=0.2", "seed=3", "seed=4", "seed=3"]
    #expect(try Self.loads(rates, dependsOnSeed: false, capacity: 1) == 1)
    // Seeds 0, 3, 4 and 3 again.
    #expect(try Self.loads(rates, dependsOnSeed: true, capacity: 1) == 4)
    #expect(try Self.loads(rates, dependsOnSeed: true, capacity: 2) == 3)
  }

  @Test("again if a key of the data differs") func differentKeys() throws {
    let sizes = ["data.size=3", "data.size=4", "data.size=3", "data.size=4"]
    #expect(try Self.loads(sizes, dependsOnSeed: false, capacity: 2) == 2)
    #expect(try Self.loads(sizes, dependsOnSeed: false, capacity: 1) == 4)
  }

  @Test("an error is not kept") func failure() {
    struct Missing: DataSource {
      func load(from folders: [String], seed: UInt64) throws -> DataSplit { throw CancellationError() }
    }
    let loader = DataLoader()
    for _ in 0..<2 {
      #expect(throws: CancellationError.self) {
        try Experiment(
          ConfigurationSource(texts: [("c.json", "{}")]), models: SmallRun.models,
          dataSets: [NamedData("missing") { _ in Missing() }], loader: loader)
      }
    }
  }
}
