/// A config's description of its data, known before anything is loaded: a type with an initializer from the section
/// "data".
public protocol DataSource: Sendable {
  /// The examples, made or read.
  ///
  /// - Parameters:
  ///   - folders: the folders to look for files in, in this order.
  ///   - seed: the seed of draws without end.
  /// - Throws: an error if a file is missing or wrong.
  func load(from folders: [String], seed: UInt64) throws -> DataSplit
  /// Whether `load` returns other data for another seed. True unless a source says otherwise.
  var dependsOnSeed: Bool { get }
}

extension DataSource {
  /// Whether `load` returns other data for another seed: true.
  public var dependsOnSeed: Bool { true }
}
