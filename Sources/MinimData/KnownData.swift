import MinimKernels

// How the data sets of Minim are loaded, and what is known about them.

extension BarsAndStripes: DataSource, KnownDistribution {
  /// Whether `load` returns other data for another seed: never.
  public var dependsOnSeed: Bool { false }

  /// Returns the patterns, with nothing held out.
  public func load(from folders: [String], seed: UInt64) -> DataSplit {
    let data = dataset()
    return DataSplit(name: data.name, training: .rows(data), distribution: self, levels: 2)
  }
}

extension Ising: DataSource, KnownDistribution {
  /// Returns draws without end.
  public func load(from folders: [String], seed: UInt64) -> DataSplit {
    DataSplit(
      name: "Ising model \(height)x\(width), beta \(beta)", training: .draws(self, Self.key(seed)), distribution: self,
      levels: 2)
  }
}

extension LinearGaussian: DataSource, KnownDistribution {
  /// Returns three samples, or rows with exactly the model's moments.
  public func load(from folders: [String], seed: UInt64) -> DataSplit {
    .drawn(seed, self) { isExact ? ($0 == 0 ? sigmaPoints() : nil) : dataset(key: $1) }
  }
}

extension TanhGaussian: DataSource, KnownDistribution {
  /// Returns three samples.
  public func load(from folders: [String], seed: UInt64) -> DataSplit { .drawn(seed, self) { dataset(key: $1) } }
}

extension CurvedMixture: DataSource {
  /// Returns three samples.
  public func load(from folders: [String], seed: UInt64) -> DataSplit { .drawn(seed, nil) { dataset(key: $1) } }
}

extension DensitySample: DataSource {
  /// Returns draws without end, or three samples.
  public func load(from folders: [String], seed: UInt64) -> DataSplit { split(key: Self.key(seed)) }
}

extension Energy: DataSource {
  /// Whether `load` returns other data for another seed: never.
  public var dependsOnSeed: Bool { false }

  /// Returns a density alone.
  public func load(from folders: [String], seed: UInt64) -> DataSplit {
    DataSplit(name: name, training: .none(exampleShape: [dimensions]), distribution: self)
  }
}

extension DataSource {
  fileprivate static func key(_ seed: UInt64) -> RandomKey { RandomKey(seed: seed).folding(.data) }
}

extension DataSplit {
  /// Rows to train on, and as many for validation and for the test, each drawn with a key of its own.
  fileprivate static func drawn(
    _ seed: UInt64, _ distribution: (any KnownDistribution)?, _ rows: (_ part: UInt64, RandomKey) -> Dataset?
  ) -> DataSplit {
    let key = RandomKey(seed: seed).folding(.data)
    let parts = (0..<3).map { rows($0, key.folding($0)) }
    let training = parts[0] ?? Dataset(name: "nothing", exampleShape: [1], values: [])
    return DataSplit(
      name: training.name, training: .rows(training), validation: parts[1], test: parts[2],
      distribution: distribution)
  }
}
