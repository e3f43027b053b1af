import MinimConfiguration
import MinimKernels

/// A data set with the name that a config calls it by.
public struct NamedData: Sendable {
  /// The value of `data.name` in a config.
  public let name: String
  /// Reads the data set's own keys from the section `data`, and reports problems to the section.
  public let read: @Sendable (ConfigurationSection) -> any DataSource

  /// Creates a data set that a config can name: `NamedData("ising", Ising.init)`.
  public init(_ name: String, _ read: @escaping @Sendable (ConfigurationSection) -> any DataSource) {
    self.name = name
    self.read = read
  }

  /// The data sets of Minim: the only list of them. The first is the default.
  public static let all = [
    NamedData("barsAndStripes", BarsAndStripes.init), NamedData("ising", Ising.init),
    NamedData("digits", ImageSource.init(digits:)), NamedData("images", ImageSource.init(_:)),
    NamedData("vectors", VectorSource.init),
    NamedData("linearGaussian", LinearGaussian.init), NamedData("tanhGaussian", TanhGaussian.init),
    NamedData("curvedMixture", CurvedMixture.init),
    NamedData("gaussianMixture") { DensitySample(GaussianMixture($0), $0) },
    NamedData("ring") { DensitySample(GaussianMixture.ring($0), $0) },
    NamedData("twoMoons") { DensitySample(GaussianMixture.twoMoons($0), $0) },
    NamedData("spirals") { DensitySample(GaussianMixture.spirals($0), $0) },
    NamedData("banana") { DensitySample(WarpedMixture.banana($0), $0) },
    NamedData("checkerboard") { DensitySample(Checkerboard($0), $0) },
    NamedData("pinwheel") { DensitySample(WarpedMixture.pinwheel($0), $0) },
    NamedData("correlatedNormal") { DensitySample(GaussianMixture.correlatedNormal($0), $0) },
    NamedData("energy", Energy.init), NamedData(NoData.name, NoData.init),
  ]

  /// Reads the section "data" of a config: its name, and the keys of the data set of that name.
  ///
  /// - Parameters:
  ///   - section: the section.
  ///   - known: the data sets that a config can name; not empty.
  public static func read(_ section: ConfigurationSection, among known: [NamedData] = all) -> any DataSource {
    let name = section.choice("name", of: known.map(\.name), default: known.first?.name, "The data set.")
    // An unknown name is reported by now; any data set can read the remaining keys.
    return (known.first { $0.name == name } ?? known.first)?.read(section) ?? NoData(section)
  }
}

/// The data set of a model that needs no examples.
public struct NoData: DataSource {
  /// The name in a config.
  public static let name = "none"

  /// Reads the section "data" of a config, which has no keys of its own.
  public init(_ section: ConfigurationSection) {}

  /// Returns one example of nothing.
  public func load(from folders: [String], seed: UInt64) -> DataSplit {
    DataSplit(name: Self.name, training: .rows(Dataset(name: Self.name, exampleShape: [1], values: [0])))
  }
}
