import MinimKernels

/// A model's training examples: rows in memory, draws of a distribution without end, new ones in each step, rows that
/// are not at hand, or no example at all.
public enum Examples: Sendable {
  case rows(Dataset)
  /// Example i is a function of the key and i alone.
  case draws(any ExampleSource, RandomKey)
  /// Rows of a file that was moved or deleted: a trained model draws samples without them.
  case absent(count: Int, exampleShape: [Int])
  /// A density alone, over points of this shape: the model draws for itself.
  case none(exampleShape: [Int])

  /// The extents of one example.
  public var exampleShape: [Int] {
    switch self {
    case .rows(let data): data.exampleShape
    case .draws(let source, _): source.exampleShape
    case .absent(_, let exampleShape), .none(let exampleShape): exampleShape
    }
  }

  /// The number of examples; nil if they have no end or there are none.
  public var count: Int? {
    switch self {
    case .rows(let data): data.count
    case .absent(let count, _): count
    case .draws, .none: nil
    }
  }

  /// The examples to measure losses on: all rows, or the first draws if they have no end; nil if there are no examples,
  /// or none at hand.
  ///
  /// - Parameters:
  ///   - count: the number of draws.
  ///   - name: the name of draws.
  public func rows(drawing count: Int, name: String) -> Dataset? {
    switch self {
    case .rows(let data): data
    case .draws(let source, let key): source.dataset(name: name, rows: count, key: key)
    case .absent, .none: nil
    }
  }
}

/// Knowledge about the distribution of the data. Models ask for capabilities: a claim that needs an exact
/// log-density looks for a `Density`, one that needs the moments or the entropy for a `KnownDensity`, and a model of a
/// single distribution for that type. A data set of one's own conforms to the protocols that it can satisfy.
public protocol KnownDistribution: Sendable {}

extension KnownDistribution {
  /// The distribution as a density of real vectors that can be evaluated; nil if it is not one.
  public var density: (any Density)? { self as? any Density }
}

/// The examples of an experiment, split by purpose, and what is known about their distribution.
public struct DataSplit: Sendable {
  /// The name of the data in reports.
  public let name: String
  /// The examples that the parameters are trained on.
  public let training: Examples
  /// The examples that choices are made on, such as the best step; nil if nothing is held out.
  public let validation: Dataset?
  /// The examples that no choice was made on; nil if nothing is held out.
  public let test: Dataset?
  /// The distribution that the data are, or are drawn from.
  public let distribution: (any KnownDistribution)?
  /// The names of the labels' values; empty if there are no labels.
  public let classNames: [String]
  /// The share of images that are copies of earlier ones; nil if the data are not a sample.
  public let shareOfDuplicates: Double?
  /// The number of levels if the values are whole numbers from 0 on: 2 for binary images. Nil if they are not, or if it
  /// is unknown.
  public let levels: Int?
  /// The map from the unit that nets work in to that of the values; nil if they are one. In images of more than two levels,
  /// black is 0 and white is 1 for nets.
  public private(set) var scaling: Scaling?
  /// The names of the values of an example; empty if they have none.
  public private(set) var columnNames: [String] = []
  /// Reads another file as that of the data was read: the same columns, size, threshold or levels. Nil if the data are not
  /// those of a file.
  package private(set) var reader: (@Sendable (_ path: String) throws -> Dataset)?
  /// What there is to say about how a file was read.
  package private(set) var reading = ReadingNotes()
  /// The number of levels of examples that are not at hand, if it is known.
  private var rememberedLevels: Int?
  /// What a model took from examples that are not at hand, see `Model.constants`; empty if they are at hand.
  public private(set) var constants: [String: [Double]] = [:]

  /// Creates a split from its parts.
  public init(
    name: String, training: Examples, validation: Dataset? = nil, test: Dataset? = nil,
    distribution: (any KnownDistribution)? = nil, classNames: [String] = [], shareOfDuplicates: Double? = nil,
    levels: Int? = nil, scaling: Scaling? = nil
  ) {
    let exampleShape = training.exampleShape
    let hasShades = exampleShape.count == 3 && (levels ?? 2) > 2
    self.scaling =
      scaling
      ?? (hasShades ? levels.map { Scaling(0...Float($0 - 1), count: exampleShape.reduce(1, *)) } : nil)
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

  /// A copy whose nets work in another unit.
  func with(scaling: Scaling) -> DataSplit {
    var copy = self
    copy.scaling = scaling
    return copy
  }

  /// A copy that knows how its file was read, and what there is to say about that.
  func with(
    reading: ReadingNotes, reader: @escaping @Sendable (_ path: String) throws -> Dataset
  ) -> DataSplit {
    var copy = self
    copy.reading = reading
    copy.reader = reader
    return copy
  }

  /// A copy whose values have names.
  func with(columnNames: [String]) -> DataSplit {
    var copy = self
    copy.columnNames = columnNames
    return copy
  }

  /// A copy that remembers what examples said that are not at hand.
  func remembering(knownLevels: Int?, constants: [String: [Double]]) -> DataSplit {
    var copy = self
    (copy.rememberedLevels, copy.constants) = (knownLevels, constants)
    return copy
  }

  /// The number of levels of the values; 2 if it is not stated and all rows are of 0 and 1, or if examples are drawn.
  /// Nil if the values are not whole numbers from 0 on.
  public var knownLevels: Int? {
    if case .absent = training { return rememberedLevels }
    return levels ?? (hasOnlyBits ? 2 : nil)
  }

  private var hasOnlyBits: Bool {
    [rows, validation, test].allSatisfy { $0?.values.allSatisfy { $0 == 0 || $0 == 1 } ?? true }
  }

  /// The number of classes; 0 if there are no labels.
  public var classes: Int { classNames.count }

  /// The rows to train on; nil if examples are drawn, not at hand, or there are none.
  public var rows: Dataset? {
    if case .rows(let data) = training { data } else { nil }
  }

  /// The rows that are the distribution itself, with equal weights; nil if the data are a sample of it.
  public var wholeDistribution: Dataset? { rows.flatMap { $0.entropy == nil ? nil : $0 } }

  /// SHA-256 of everything that is read from files or made at the start. A checkpoint is bound to it.
  public var digest: String {
    var hash = SHA256()
    for data in [rows, validation, test] {
      // Includes the extents: the same values cut into other parts or other images are other data.
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
