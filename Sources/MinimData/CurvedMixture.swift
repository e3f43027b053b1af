import MinimConfiguration
import MinimKernels

/// Clusters on a curve in many dimensions: round normals in the plane with equal weights, their centers on a half
/// circle of radius 2, embedded by a linear map that is always the same, with noise on every input. A few latents
/// describe them well, but not linearly.
public struct CurvedMixture: Sendable {
  /// The number of values per row, and of clusters.
  public let inputs: Int, components: Int
  /// The standard deviation of a cluster in the plane, and of the noise on each input.
  public let spread: Double, noise: Double
  /// The number of rows of a sample.
  public let rows: Int
  /// The centers in the plane: [components][2].
  public let centers: [[Double]]
  /// The map from the plane: [inputs, 2], drawn once from standard normals.
  public let embedding: Matrix

  /// Creates clusters of the given number and widths.
  public init(
    inputs: Int = 16, components: Int = 6, spread: Double = 0.15, noise: Double = 0.1, rows: Int = 2000
  ) {
    precondition(inputs > 0 && components > 0, "no mixture has \(components) clusters in \(inputs) dimensions")
    self.inputs = inputs
    self.components = components
    self.spread = spread
    self.noise = noise
    self.rows = rows
    centers = (0..<components).map {
      let angle = .pi * (Double($0) + 0.5) / Double(components)
      return [2 * Elementary.cos(angle), 2 * Elementary.sin(angle)]
    }
    let key = RandomKey(seed: 2).folding(.data)
    embedding = Matrix(rows: (0..<inputs).map { key.normals(2 * $0..<2 * $0 + 2) })
  }

  /// Reads the section "data" of a config.
  public init(_ section: ConfigurationSection) {
    self.init(
      inputs: section.integer("inputs", default: 16, in: 2...256, "Values per row."),
      components: section.integer("components", default: 6, in: 1...100, "Clusters along the curve."),
      spread: section.number("spread", default: 0.15, in: 0...100, "The standard deviation of a cluster."),
      noise: section.number("noise", default: 0.1, in: 0...100, "The standard deviation of the noise on each input."),
      rows: section.integer("rows", default: 2000, in: 1...1_000_000, "Rows of the sample."))
  }

  /// The sample that the configuration asks for.
  public func dataset(key: RandomKey) -> Dataset { dataset(rows: rows, key: key) }

  /// Independent rows: row i is a function of the key and i alone.
  public func dataset(rows: Int, key: RandomKey) -> Dataset {
    Dataset(name: "\(components) clusters on a curve, \(inputs) inputs", inputs: inputs, rows: rows, key: key) { key in
      // Counter 0 draws the cluster; normal i takes the counters 2 i and 2 i + 1.
      let center = centers[key.index(below: components, at: 0)]
      let point = zip(center, key.normals(1..<3)).map { $0 + spread * $1 }
      return zip(embedding * point, key.normals(3..<3 + inputs)).map { $0 + noise * $1 }
    }
  }
}
