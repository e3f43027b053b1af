import MinimKernels

/// What a model is trained on: rows that are there, draws of a distribution without end, each step new ones, or no example
/// at all.
public enum Examples: Sendable {
  case rows(Dataset)
  /// Example i is a function of the key and i alone.
  case draws(any ExampleSource, RandomKey)
  /// A density alone, that points of this shape have: the model draws for itself.
  case none(exampleShape: [Int])

  /// The extents of one example.
  public var exampleShape: [Int] {
    switch self {
    case .rows(let data): data.exampleShape
    case .draws(let source, _): source.exampleShape
    case .none(let exampleShape): exampleShape
    }
  }

  /// The number of examples; nil where they never end, or there are none.
  public var count: Int? {
    if case .rows(let data) = self { data.count } else { nil }
  }

  /// All rows, or of draws without end the first ones: what losses are measured on; nil where there is no example.
  ///
  /// - Parameters:
  ///   - count: how many draws.
  ///   - name: what draws are called.
  public func rows(drawing count: Int, name: String) -> Dataset? {
    switch self {
    case .rows(let data): data
    case .draws(let source, let key): source.dataset(name: name, rows: count, key: key)
    case .none: nil
    }
  }
}

/// What is known of where data come from. Models ask for capabilities: a claim that needs an exact log-density looks for a
/// `Density`, one that needs the moments or the entropy for a `KnownDensity`, and a model of a single distribution for that
/// type. A data set of one's own conforms to those that it has.
public protocol KnownDistribution: Sendable {}

extension KnownDistribution {
  /// The distribution as a density of real vectors that can be evaluated; nil if it is none.
  public var density: (any Density)? { self as? any Density }
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
  public let distribution: (any KnownDistribution)?
  /// The names of the labels' values; empty where there are no labels.
  public let classNames: [String]
  /// The share of images that are a copy of another one before them; nil where the data are no sample.
  public let shareOfDuplicates: Double?
  /// Where the values are whole numbers from 0 on, how many there are: 2 of binary images. Nil where they are not, or nobody
  /// has said.
  public let levels: Int?

  /// Examples apart by what they are for.
  public init(
    name: String, training: Examples, validation: Dataset? = nil, test: Dataset? = nil,
    distribution: (any KnownDistribution)? = nil, classNames: [String] = [], shareOfDuplicates: Double? = nil,
    levels: Int? = nil
  ) {
    self.name = name
    self.training = training
    self.validation = validation
    self.test = test
    self.distribution = distribution
    self.classNames = classNames
    self.shareOfDuplicates = shareOfDuplicates
    self.levels = levels
  }

  /// The extents of one example.
  public var exampleShape: [Int] { training.exampleShape }

  /// Whether the values are 0 and 1, or may be.
  public var isBinary: Bool { levels ?? 2 == 2 }

  /// The value that is drawn white, above 0, which is black: the largest, or 1 where nothing is known.
  public var white: Float { Float(max(1, (levels ?? 2) - 1)) }

  /// The number of classes; 0 where there are no labels.
  public var classes: Int { classNames.count }

  /// The rows to train on; nil where they are drawn, or there are none.
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
