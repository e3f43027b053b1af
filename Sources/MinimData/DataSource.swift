/// What a config says about its data, known before anything is loaded: a type with an initializer from the section "data".
public protocol DataSource: Sendable {
  /// The examples, made or read.
  ///
  /// - Parameters:
  ///   - folders: where files are looked for, in this order.
  ///   - seed: what draws without end are a function of.
  /// - Throws: what is wrong with a file.
  func load(from folders: [String], seed: UInt64) throws -> DataSplit
}
