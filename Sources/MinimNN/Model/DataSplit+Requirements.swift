import MinimConfiguration
import MinimData

// The requirements of models on their data. Each check reports problems to the section "model", and returns something
// to continue with, so that the rest of a wrong config is checked too.

extension DataSplit {
  /// Requires given images, and returns their extents, [height, width, channels].
  ///
  /// - Parameters:
  ///   - model: the model with its article, such as "a simsiam".
  ///   - section: the section "model", for reports.
  public func requireImages(_ model: String, _ section: ConfigurationSection) -> [Int] {
    if exampleShape.count == 3, rows != nil { return exampleShape }
    section.report("name", "\(model) learns images that are given, and the data are \(name)")
    return Self.someImage
  }

  /// Requires images of whole numbers, given or drawn, and returns their extents, [height, width, channels], and the
  /// number of their levels: 2 for binary images.
  public func requireLevels(_ model: String, _ section: ConfigurationSection) -> (shape: [Int], levels: Int) {
    guard exampleShape.count == 3 else {
      section.report("name", "\(model) learns images, and the data are \(name)")
      return (Self.someImage, 2)
    }
    guard let levels = knownLevels else {
      section.report(
        "name",
        "\(model) learns pixels of some levels, and those of \(name) are any numbers. Give them levels, such as "
          + "\"data.levels\": 16, or take \"data.values\": \"binary\"")
      return (exampleShape, 2)
    }
    return (exampleShape, levels)
  }

  /// Requires examples, given or drawn.
  public func requireExamples(_ model: String, _ section: ConfigurationSection) {
    if case .none = training {
      section.report("name", "\(model) needs examples, and \(name) is a density alone")
    }
    if name == NoData.name { section.report("name", "\(model) needs examples: name some data") }
  }

  /// Requires rows of one value, not empty, and returns the values.
  public func requireSingleValues(_ model: String, _ section: ConfigurationSection) -> [Double] {
    if scaling != nil {
      section.report("name", "\(model) works in the unit of the data: take \"data.standardize\": false")
    }
    if exampleShape == [1], let values = rows?.values, !values.isEmpty {
      return values.map(Double.init)
    }
    section.report("name", "\(model) learns rows of one value, and the data are \(name)")
    return [-1, 1]
  }

  /// Requires that there are no data.
  public func requireNothing(_ model: String, _ section: ConfigurationSection) {
    if name != NoData.name { section.report("name", "\(model) sees no data: say \"data\": {\"name\": \"none\"}") }
  }

  /// A report that values should be 0 and 1, with the reason and what to do.
  public func notBinary(_ what: String) -> String {
    "\(what) is for pixels 0 and 1, and those of \(name) \(knownLevels.map { "have \($0) levels" } ?? "are any numbers"). "
      + "Take \"data.values\": \"binary\""
  }

  private static let someImage = [8, 8, 1]
}
