import MinimKernels

/// What a model is trained on: rows that are there, or draws of a distribution without end, each step new ones.
public enum Examples: Sendable {
  case rows(Dataset)
  /// Example i is a function of the key and i alone.
  case draws(Ising, RandomKey)

  /// The extents of one example.
  public var exampleShape: [Int] {
    switch self {
    case .rows(let data): data.exampleShape
    case .draws(let distribution, _): distribution.exampleShape
    }
  }

  /// The number of examples; nil where they never end.
  public var count: Int? {
    if case .rows(let data) = self { data.count } else { nil }
  }
}

/// A distribution of which everything is known.
public enum KnownDistribution: Sendable {
  case barsAndStripes(BarsAndStripes)
  case ising(Ising)
  case linearGaussian(LinearGaussian)
  case tanhGaussian(TanhGaussian)
  case density(any KnownDensity)
}

/// The examples of an experiment, apart by what they are for, and what is known of where they come from.
public struct DataSplit: Sendable {
  /// What the data are, for reports.
  public let name: String
  /// What the parameters are trained on.
  public let training: Examples
  /// What choices are made on, such as the best step; nil where nothing is held out.
  public let validation: Dataset?
  /// What no choice was made on; nil where nothing is held out.
  public let test: Dataset?
  /// The distribution that the data are, or are drawn from.
  public let distribution: KnownDistribution?
  /// The names of the labels' values; empty where there are no labels.
  public let classNames: [String]
  /// The share of images that are a copy of another one before them; nil where the data are no sample.
  public let shareOfDuplicates: Double?

  /// Examples apart by what they are for.
  public init(
    name: String, training: Examples, validation: Dataset? = nil, test: Dataset? = nil,
    distribution: KnownDistribution? = nil, classNames: [String] = [], shareOfDuplicates: Double? = nil
  ) {
    self.name = name
    self.training = training
    self.validation = validation
    self.test = test
    self.distribution = distribution
    self.classNames = classNames
    self.shareOfDuplicates = shareOfDuplicates
  }

  /// The extents of one example.
  public var exampleShape: [Int] { training.exampleShape }

  /// The number of classes; 0 where there are no labels.
  public var classes: Int { classNames.count }

  /// The rows to train on; nil where they are drawn.
  public var rows: Dataset? {
    if case .rows(let data) = training { data } else { nil }
  }

  /// The rows that are the distribution itself, each with the same weight; nil where the data are a sample of it.
  public var wholeDistribution: Dataset? { rows.flatMap { $0.entropy == nil ? nil : $0 } }

  /// SHA-256 of everything that is read from files or made at the start: what a checkpoint is bound to.
  public var digest: String {
    var hash = SHA256()
    for data in [rows, validation, test] {
      // The extents too: the same values cut into other parts, or into other images, are other data.
      let extents = data.map { [$0.count] + $0.exampleShape } ?? []
      withUnsafeBytes(of: extents.count) { hash.update($0) }
      extents.withUnsafeBytes { hash.update($0) }
      guard let data else { continue }
      data.values.withUnsafeBytes { hash.update($0) }
      data.labels.withUnsafeBytes { hash.update($0) }
    }
    return hash.hexDigest
  }
}
