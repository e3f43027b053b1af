import MinimConfiguration
import MinimData
import MinimFiles

extension FuzzTarget {
  /// A data file of any format, as the data sets `images` and `vectors` load it: the format by the content, the shape, the
  /// columns, and the split by content.
  static let data = FuzzTarget("data") { bytes in
    let folder = try ScratchFolder()
    defer { folder.remove() }
    try folder.put(bytes, "data.csv")
    let rows = Result { try load("vectors", #""path": "data.csv", "standardize": true"#, folder) }
    let images = Result { try load("images", #""path": "data.csv", "values": "gray""#, folder) }
    if case .failure = rows { try images.get() } else { try rows.get() }
    if case .failure(let error) = images, !(error is any ReportedError) { throw error }
  }

  private static func load(_ name: String, _ keys: String, _ folder: ScratchFolder) throws {
    let config = #"{ "data": { "name": "\#(name)", \#(keys) } }"#
    let reader = ConfigurationReader(try ConfigurationSource(texts: [("config.json", config)]))
    let source = NamedData.read(reader.root.section("data", "The data to learn from."))
    try reader.finish()
    let split = try source.load(from: [folder.path], seed: 0)
    let example = split.training.exampleShape.reduce(1, *)
    for part in [split.rows, split.validation, split.test].compactMap({ $0 }) {
      try demand(part.values.count == part.count * example, "each example has all of its values")
      try demand(part.values.allSatisfy(\.isFinite), "all numbers are finite")
    }
  }
}
