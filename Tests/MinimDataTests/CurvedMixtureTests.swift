import MinimConfiguration
import MinimData
import MinimKernels
import TestSupport
import Testing

@Suite struct CurvedMixtureTests {
  private static let key = RandomKey(seed: 41).folding(.data)

  /// A x for each of some x.
  private static func embedded(_ model: CurvedMixture, _ points: [[Double]]) -> [[Double]] {
    points.map { p in model.embedding.allRows.map { $0[0] * p[0] + $0[1] * p[1] } }
  }

  @Test func theCurveIsAHalfCircle() {
    let model = CurvedMixture()
    #expect(model.centers.count == 6 && model.embedding.rows == 16)
    #expect(model.centers.allSatisfy { abs($0[0] * $0[0] + $0[1] * $0[1] - 4) < 1e-12 && $0[1] > 0 })
    #expect(zip(model.centers, model.centers.dropFirst()).allSatisfy { $0[0] > $1[0] + 0.1 })
    // The map is the same whatever else is: fewer inputs are the first of more.
    #expect(CurvedMixture(inputs: 5, components: 3).embedding.allRows == Array(model.embedding.allRows[..<5]))
  }

  @Test func rowsDependOnKeyAndIndexAlone() {
    let model = CurvedMixture()
    let many = model.dataset(rows: 50, key: Self.key)
    #expect(many.exampleShape == [16] && many.count == 50 && model.dataset(key: Self.key).count == 2000)
    #expect(model.dataset(rows: 7, key: Self.key).values == Array(many.values[..<(7 * 16)]))
    #expect(model.dataset(rows: 50, key: RandomKey(seed: 42)).values != many.values)
  }

  /// Without any noise a row is a center, each as often as the others.
  @Test func clustersHaveEqualWeights() {
    let model = CurvedMixture(spread: 0, noise: 0)
    var counts = [Int](repeating: 0, count: 6)
    let centers = Self.embedded(model, model.centers)
    for row in rows(of: model.dataset(rows: 3000, key: Self.key)) {
      let at = centers.indices.filter { distance(row, centers[$0]) < 1e-6 }
      #expect(at.count == 1)
      for index in at { counts[index] += 1 }
    }
    // 500 expected of each; a standard deviation of 20.4.
    #expect(counts.allSatisfy { abs($0 - 500) < 102 })
  }

  /// Mean and covariance of a mixture: those of the centers, and the widths on top.
  @Test(arguments: [CurvedMixture(), CurvedMixture(inputs: 3, components: 1, spread: 0.5, noise: 0.3)])
  func momentsOfASample(_ model: CurvedMixture) {
    let sample = rows(of: model.dataset(rows: 5000, key: Self.key))
    let (mean, between) = moments(Self.embedded(model, model.centers))
    func covariance(_ spread: Double) -> [[Double]] {
      (0..<model.inputs).map { i in
        (0..<model.inputs).map { j in
          let (a, b) = (model.embedding.row(i), model.embedding.row(j))
          let within = spread * spread * (a[0] * b[0] + a[1] * b[1]) + (i == j ? model.noise * model.noise : 0)
          return between[i][j] + within
        }
      }
    }
    #expect(haveMoments(sample, mean, covariance(model.spread)))
    // The control.
    #expect(!haveMoments(sample, mean, covariance(model.spread + 0.3)))
  }

  @Test func configuration() throws {
    let text = #"{"inputs": 4, "components": 2, "spread": 0.1, "noise": 0, "rows": 12}"#
    let reader = ConfigurationReader(try ConfigurationSource(texts: [("c.json", text)]))
    let model = CurvedMixture(reader.root)
    try reader.finish()
    #expect(model.inputs == 4 && model.components == 2 && model.spread == 0.1 && model.noise == 0)
    #expect(model.dataset(key: Self.key).count == 12)
  }
}
