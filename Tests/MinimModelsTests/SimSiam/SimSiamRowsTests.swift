import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// A SimSiam of rows of numbers, whose views differ by noise alone.
@Suite struct SimSiamRowsTests {
  /// Two clusters in six dimensions, in a unit of their own.
  private static func part(_ count: Int, seed: UInt64) -> Dataset {
    let key = RandomKey(seed: seed)
    let labels = (0..<count).map { $0 % 2 }
    let values = labels.enumerated().flatMap { row, label in
      (0..<6).map { place -> Float in
        let side: Double = (label == 0) == (place < 3) ? 10 : -10
        return Float(50 + side + 3 * key.normal(at: UInt64(6 * row + place)))
      }
    }
    return Dataset(name: "rows", exampleShape: [6], values: values, labels: labels, classes: 2)
  }

  private static let data: DataSplit = {
    let rows = part(120, seed: 1)
    return DataSplit(
      name: "rows", training: .rows(rows), test: part(40, seed: 2), classNames: ["a", "b"],
      scaling: Scaling(standardizing: rows))
  }()

  private static let section =
    #"{"outputs": 8, "hidden": [12], "predictorHidden": [5], "augmentation": {"noise": 0.2}}"#

  @Test("views are the standardized rows with noise of the given deviation")
  func views() throws {
    let model = try #require(try ModelName.simsiam.make(Self.section, Self.data) as? SimSiam)
    let augmentation = model.configuration.augmentation
    #expect(augmentation.shift == 0 && augmentation.cutOut == 0 && augmentation.intensity == 0)
    let rows = try #require(Self.data.rows)
    let net = try #require(Self.data.scaling).normalized(rows.values.map(Double.init))
    let images = Tensor.input("x", shape: [120, 1, 6])
    let views = try evaluate([augmentation.views(images, 2)], parameters: [], inputs: ["x": net], random: (1, 1, 0))[0]
    let noise = (0..<views.count).map { place -> Double in
      let (row, column) = (place / 12, place % 6)
      return views[place] - net[row * 6 + column]
    }
    let square = noise.reduce(0) { $0 + $1 * $1 } / Double(noise.count)
    #expect(abs(square.squareRoot() - 0.2) < 0.02)
  }

  @Test("training, metrics, pictures, samples and claims work on rows")
  func wholeRun() throws {
    let model = try ModelName.simsiam.make(Self.section, Self.data)
    let vector = try train(model, on: Self.data, steps: 100).parameters
    let it = trained(vector, data: Self.data)
    let evaluation = try model.evaluate(it, exact: false)
    let table = try #require(evaluation.tables.first)
    #expect(table.columns.map(\.name) == ["clean", "noisy", "oneLabel", "linear"])
    let clean = try #require(table.rows.first).values[0]
    #expect(clean > 0.9)
    let claims = try model.claims(it)
    for claim in claims where claim.kind == .identity { #expect(claim.verdict == .holds, "\(claim.id)") }
    #expect(claims.first { $0.id == "S8" }?.verdict == .notApplicable)
    #expect(claims.first { $0.id == "S8b" }?.verdict == .holds)
    let samples = try model.samples(16, from: it)
    // A held-out row, then training rows, as they are in the file.
    let rows = try #require(Self.data.rows)
    let known = Set((0..<120).map { Array(rows.example($0)) })
    #expect(samples.exampleShape == [6] && samples.count == 16 && known.count == 120)
    for row in 1..<8 { #expect(known.contains(Array(samples.values[row * 6..<row * 6 + 6])), "row \(row)") }
    #expect(try !model.pictures(it).isEmpty)
  }

  @Test("keys of images are unknown for rows, and convolutions are refused")
  func refused() {
    for (section, words) in [
      (#"{"augmentation": {"shift": 1}}"#, "unknown key"),
      (#"{"encoder": "convolution"}"#, "convolution is for images"),
    ] {
      let error = #expect(throws: ConfigurationErrors.self) { try ModelName.simsiam.make(section, Self.data) }
      #expect(error.map { "\($0)" }?.contains(words) == true)
    }
  }
}
