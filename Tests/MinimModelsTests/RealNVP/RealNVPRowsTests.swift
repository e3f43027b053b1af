import Foundation
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// A flow of rows of which only examples are known, next to the normal with their moments.
@Suite struct RealNVPRowsTests {
  @Test("the normal of a few points by hand: means 1 and 2, variances 1 and 4, covariance 1")
  func byHand() throws {
    // Deviations (1, 2), (-1, -2), (1, -1), (-1, 1) and so on, with the wanted second moments.
    let a = 3.0.squareRoot()
    let points: [(Double, Double)] = [(1, 1 + a), (-1, -1 - a), (1, 1 - a), (-1, a - 1)]
    let data = Dataset(name: "points", exampleShape: [2], values: points.flatMap { [Float(1 + $0), Float(2 + $1)] })
    let normal = try #require(MomentNormal(data))
    // -log p(m) = log(2 pi) + log(det) / 2 with det = 1 * 4 - 1 = 3, and half the squared distance is added to it.
    let query = Dataset(name: "query", exampleShape: [2], values: [1, 2, 2, 2, 1, 4])
    let constant = Foundation.log(2 * Double.pi) + Foundation.log(3) / 2
    let expected = [constant, constant + 4.0 / 3 / 2, constant + 4.0 / 3 / 2]
    #expect(distance(normal.losses(of: query), expected) < 1e-6)
  }

  @Test("rows that vary along fewer directions have no normal")
  func singular() {
    func normal(_ values: [Float], _ width: Int) -> MomentNormal? {
      MomentNormal(Dataset(name: "rows", exampleShape: [width], values: values))
    }
    #expect(normal([1, 2, 2, 4, 3, 6, -1, -2], 2) == nil)
    #expect(normal([1, 5, 2, 5, 3, 5], 2) == nil)
    #expect(normal([1, 2, 3, 4], 2) == nil)
    #expect(normal([1, 2, 3, 5, 0, 7], 2) != nil)
  }

  /// Points near a parabola in a unit of their own, which no normal is.
  private static func part(_ count: Int, seed: UInt64) -> Dataset {
    let key = RandomKey(seed: seed)
    let values = (0..<UInt64(count)).flatMap { row -> [Float] in
      let (u, v) = (key.normal(at: 2 * row), key.normal(at: 2 * row + 1))
      return [Float(40 + 3 * u), Float(500 + 20 * (u * u + 0.2 * v))]
    }
    return Dataset(name: "parabola", exampleShape: [2], values: values)
  }

  private static let data: DataSplit = {
    let rows = part(600, seed: 1)
    return DataSplit(
      name: "parabola", training: .rows(rows), validation: part(100, seed: 2), test: part(200, seed: 3),
      scaling: Scaling(standardizing: rows))
  }()

  @Test("F6 holds for a flow that has learned, by the same rows as its baseline; it does not hold before")
  func claim() throws {
    let model = try ModelName.realnvp.make(#"{"couplings": 4, "hidden": [16]}"#, Self.data)
    let vector = try train(model, on: Self.data, steps: 300, rate: 0.01).parameters
    let it = trained(vector, data: Self.data)
    let claim = try #require(try model.claims(it).first { $0.id == "F6" })
    #expect(claim.verdict == .holds && claim.control?.fails == true && claim.samples == 200)
    let metrics = try model.evaluate(it, exact: false).metrics
    func metric(_ name: String) -> Double { metrics.first { $0.name == name }?.value ?? .nan }
    #expect(abs(metric("testNLL") - claim.measured) < 1e-9 && abs(metric("normalNLL") - claim.expected) < 1e-9)
    #expect(metric("testNLL") < metric("normalNLL") - 0.3)
    // The flow starts as a standard normal in the unit of nets: two moments less.
    let start = try ParameterVector(model.parameters, precision: .float32)
    start.initialize(seed: 1)
    let before = try #require(try model.claims(trained(start, data: Self.data)).first { $0.id == "F6" })
    #expect(before.verdict != .holds && before.expected == claim.expected)
  }

  @Test("no claim where the density is known, or where nothing is held out")
  func silent() throws {
    let alone = DataSplit(name: "alone", training: Self.data.training)
    for data in [
      alone,
      DataSplit(
        name: "known", training: Self.data.training, test: Self.data.test, distribution: GaussianMixture.fourClusters),
    ] {
      let model = try ModelName.realnvp.make(#"{"couplings": 2, "hidden": [4]}"#, data)
      let vector = try ParameterVector(model.parameters, precision: .float32)
      vector.initialize(seed: 1)
      #expect(try !model.claims(trained(vector, data: data)).contains { $0.id == "F6" })
    }
  }
}
