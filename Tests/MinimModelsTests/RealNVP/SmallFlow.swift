import MinimConfiguration
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport

/// A RealNVP with parameters that a test sets, in Double.
struct SmallFlow {
  var model: RealNVP
  let vector: ParameterVector
  let data: DataSplit

  /// - Parameters:
  ///   - section: the section "model".
  ///   - scale: the parameters are drawn from a seed, each in [-scale, scale]; nil: they start as training does.
  init(_ section: String, _ data: DataSplit, scale: Double? = nil, seed: UInt64 = 1) throws {
    let reader = ConfigurationReader(try ConfigurationSource(texts: [("realnvp.json", section)]))
    model = RealNVP(RealNVPConfiguration(reader.root, data), of: data)
    try reader.finish()
    self.data = data
    vector = try ParameterVector(model.parameters, precision: .float64)
    vector.initialize(seed: seed)
    guard let scale else { return }
    for (index, entry) in model.parameters.entries.enumerated() {
      vector[entry] = values(entry.shape.elementCount, seed: seed &* 1000 &+ UInt64(index)).map { $0 * scale }
    }
  }

  /// The same with other parameters.
  init(_ other: SmallFlow, _ vector: ParameterVector) {
    (model, self.vector, data) = (other.model, vector, other.data)
  }

  /// Sets a parameter by its path.
  func set(_ path: String, _ values: [Double]) {
    for entry in model.parameters.entries where entry.path == path { vector[entry] = values }
  }

  var trained: Trained { MinimModelsTests.trained(vector, data: data) }

  func flow() throws -> TrainedFlow { try TrainedFlow(model, trained) }

  /// The claims by their names.
  func claims() throws -> [String: Claim] {
    Dictionary(uniqueKeysWithValues: try model.claims(trained).map { ($0.id, $0) })
  }

  /// Nets that are small enough for tests.
  static let couplings = #"{"couplings": 4, "hidden": [16]}"#
}

extension DataSplit {
  /// A sample of a density, and the density.
  static func sample(_ density: any KnownDensity, rows: Int = 200) -> DataSplit {
    let data = density.dataset(rows: rows, key: RandomKey(seed: 1))
    return DataSplit(name: data.name, training: .rows(data), distribution: density)
  }
}

extension DataSplit {
  /// Patterns of 3x3 in five levels of gray: what is on is 3 or 4, what is off 0 or 1.
  static func grayPatterns(_ count: Int = 60, validation: Int? = nil, test: Int? = nil) -> DataSplit {
    func part(_ count: Int, _ seed: UInt64) -> Dataset {
      let patterns = patterns(3, 3).dataset()
      var generator = SplitMix(seed: seed)
      let values = (0..<count).flatMap { _ in
        patterns.example(Int(generator.next() % 14)).map { 3 * $0 + Float(generator.next() % 2) }
      }
      return Dataset(name: "gray patterns", exampleShape: [3, 3, 1], values: values)
    }
    return DataSplit(
      name: "gray patterns", training: .rows(part(count, 1)), validation: validation.map { part($0, 2) },
      test: test.map { part($0, 3) }, shareOfDuplicates: 0.25, levels: 5)
  }
}

/// KL(N(m, C), N(n, D)) in two dimensions, in closed form.
func normalKL(_ m: [Double], _ c: [[Double]], _ n: [Double], _ d: [[Double]]) -> Double {
  func determinant(_ a: [[Double]]) -> Double { a[0][0] * a[1][1] - a[0][1] * a[1][0] }
  let det = determinant(d)
  let inverse = [[d[1][1] / det, -d[0][1] / det], [-d[1][0] / det, d[0][0] / det]]
  var (trace, square) = (0.0, 0.0)
  for i in 0..<2 {
    for j in 0..<2 {
      trace += inverse[i][j] * c[j][i]
      square += (n[i] - m[i]) * inverse[i][j] * (n[j] - m[j])
    }
  }
  return 0.5 * (trace + square - 2 + Elementary.log(det / determinant(c)))
}
