import MinimConfiguration
import MinimData

// What models require of their data. Each check reports what is wrong to the section "model", and returns something to go on
// with, so that the rest of a wrong config is checked too.

extension DataSplit {
  /// The extents of given images, [height, width, channels].
  ///
  /// - Parameters:
  ///   - model: the model with its article, such as "a simsiam".
  ///   - section: the section "model", which problems are reported to.
  public func requireImages(_ model: String, _ section: ConfigurationSection) -> [Int] {
    if exampleShape.count == 3, rows != nil { return exampleShape }
    section.report("name", "\(model) learns images that are given, and the data are \(name)")
    return Self.someImage
  }

  /// The extents of binary images, given or drawn, [height, width, channels].
  public func requireBinaryImages(_ model: String, _ section: ConfigurationSection) -> [Int] {
    if exampleShape.count != 3 { section.report("name", "\(model) learns binary images, and the data are \(name)") }
    if !isBinary { section.report("name", notBinary(model)) }
    return exampleShape.count == 3 ? exampleShape : Self.someImage
  }

  /// Examples, given or drawn.
  public func requireExamples(_ model: String, _ section: ConfigurationSection) {
    if case .none = training {
      section.report("name", "\(model) needs examples, and \(name) is a density alone")
    }
    if name == NoData.name { section.report("name", "\(model) needs examples: name some data") }
  }

  /// Rows of one value, not empty.
  public func requireSingleValues(_ model: String, _ section: ConfigurationSection) -> [Double] {
    if exampleShape == [1], let values = rows?.values, !values.isEmpty {
      return values.map(Double.init)
    }
    section.report("name", "\(model) learns rows of one value, and the data are \(name)")
    return [-1, 1]
  }

  /// No data at all.
  public func requireNothing(_ model: String, _ section: ConfigurationSection) {
    if name != NoData.name { section.report("name", "\(model) sees no data: say \"data\": {\"name\": \"none\"}") }
  }

  /// Why values that should be 0 and 1 are not, and what to do.
  public func notBinary(_ what: String) -> String {
    "\(what) is for pixels 0 and 1, and those of \(name) have \(levels ?? 0) levels. "
      + "Take \"data.values\": \"binary\""
  }

  private static let someImage = [8, 8, 1]
}
