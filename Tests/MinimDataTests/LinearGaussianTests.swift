import MinimConfiguration
import MinimData
import MinimKernels
import TestSupport
import Testing

/// The examples of a data set as rows.
func rows(of data: Dataset) -> [[Double]] { (0..<data.count).map { data.example($0).map(Double.init) } }

@Suite struct LinearGaussianTests {
  static let key = RandomKey(seed: 23).folding(.data)
  /// Fewer latents than inputs, as many, and more.
  static let models = [
    LinearGaussian.example,
    LinearGaussian(weights: [[2]], bias: [-1], variance: 0.5),
    LinearGaussian(
      weights: Matrix(3, 5, values(15, seed: 4)), bias: [0.2, -1, 3], variance: 2),
    LinearGaussian(weights: Matrix(8, 3, values(24, seed: 5)), bias: values(8, seed: 6), variance: 0.01),
  ]

  @Test func theExampleIsGolden() {
    let model = LinearGaussian.example
    #expect(model.weights.allRows == Golden["vae", "linear_gaussian", "W"].matrix)
    #expect(model.bias == Golden["vae", "linear_gaussian", "b"].numbers)
    #expect(model.variance == Golden["vae", "linear_gaussian", "sigma2"].number)
    #expect(model.inputs == 4 && model.latent == 2)
  }

  @Test("a row is W z + b + e", arguments: models) func rowsByTheDefinition(_ model: LinearGaussian) {
    let data = model.dataset(rows: 20, key: Self.key)
    #expect(data.exampleShape == [model.inputs] && data.count == 20 && data.entropy == nil)
    for (index, row) in rows(of: data).enumerated() {
      let key = Self.key.folding(UInt64(index))
      let z = (0..<model.latent).map { key.normal(at: UInt64($0)) }
      let expected = (0..<model.inputs).map { i in
        zip(model.weights.row(i), z).reduce(model.bias[i]) { $0 + $1.0 * $1.1 }
          + model.variance.squareRoot() * key.normal(at: UInt64(model.latent + i))
      }
      #expect(distance(row, expected) < 1e-6)
    }
  }

  @Test("rows depend on key and index alone", arguments: models) func rowsAreIndependentOfTheirNumber(
    _ model: LinearGaussian
  ) {
    let many = model.dataset(rows: 50, key: Self.key).values
    #expect(model.dataset(rows: 7, key: Self.key).values == Array(many[..<(7 * model.inputs)]))
    #expect(model.dataset(rows: 50, key: RandomKey(seed: 24).folding(.data)).values != many)
  }

  @Test("a sample has the model's moments", arguments: models) func sample(_ model: LinearGaussian) {
    let sample = rows(of: model.dataset(rows: 10_000, key: Self.key))
    #expect(haveMoments(sample, model.bias, model.covariance.allRows))
    // The controls: another covariance, another mean.
    #expect(!haveMoments(sample, model.bias, model.covariance.scaled(by: 1.2).allRows))
    #expect(!haveMoments(sample, model.bias.map { $0 + 0.3 }, model.covariance.allRows))
  }

  @Test("sigma points have exactly the model's moments", arguments: models) func sigmaPoints(_ model: LinearGaussian) {
    let data = model.sigmaPoints()
    #expect(data.count == 2 * model.inputs && data.exampleShape == [model.inputs])
    let found = moments(rows(of: data))
    #expect(distance(found.mean, model.bias) < 1e-5)
    #expect(distance(found.covariance, model.covariance) < 1e-5)
    // The control: a sample of a thousand times as many rows is not so near.
    let sample = moments(rows(of: model.dataset(rows: 2000 * model.inputs, key: Self.key)))
    #expect(distance(sample.covariance, model.covariance) > 1e-4)
  }

  @Test func configuration() throws {
    func read(_ text: String) throws -> (LinearGaussian, [String]) { try readSection(text, LinearGaussian.init) }
    let (plain, none) = try read("{}")
    #expect(none.isEmpty && plain.weights == LinearGaussian.example.weights && plain.rows == 2000 && !plain.isExact)
    #expect(plain.dataset(key: Self.key).count == 2000)
    let (model, fine) = try read(
      #"{"inputs": 2, "latent": 1, "weights": [3, -4], "bias": [0, 1], "variance": 2, "rows": 5, "exact": true}"#)
    #expect(fine.isEmpty && model.weights == [[3], [-4]] && model.bias == [0, 1] && model.variance == 2)
    #expect(model.rows == 5 && model.dataset(key: Self.key).values == model.sigmaPoints().values)
    #expect(try read(#"{"inputs": 3}"#).1 == ["weights", "bias"])
    #expect(try read(#"{"latent": 4}"#).1 == ["weights"])
    #expect(try read(#"{"inputs": 0, "weights": [1e9], "variance": 0, "rows": 0}"#).1.count >= 4)
  }
}
