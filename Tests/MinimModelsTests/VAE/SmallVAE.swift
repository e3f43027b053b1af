import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport

/// A VAE with parameters that a test sets, in Double.
struct SmallVAE {
  let model: VAE
  let vector: ParameterVector

  /// - Parameters:
  ///   - section: the section "model".
  ///   - scale: the parameters are drawn from a seed, each in [-scale, scale].
  init(_ section: String, exampleShape: [Int], scale: Double = 0.8, seed: UInt64 = 1) throws {
    let reader = ConfigurationReader(try ConfigurationSource(texts: [("vae.json", section)]))
    model = VAE(VAEConfiguration(reader.root), exampleShape: exampleShape)
    try reader.finish()
    vector = try ParameterVector(model.parameters, precision: .float64)
    for (index, entry) in model.parameters.entries.enumerated() {
      vector[entry] = values(entry.shape.elementCount, seed: seed &* 1000 &+ UInt64(index)).map { $0 * scale }
    }
  }

  /// Sets parameters by their paths.
  func set(_ parameters: [(path: String, values: [Double])]) {
    for (path, values) in parameters {
      for entry in model.parameters.entries where entry.path == path {
        precondition(entry.shape.elementCount == values.count, "\(path) has the shape \(entry.shape)")
        vector[entry] = values
      }
    }
  }

  /// Makes a linear encoder give the same normal for every x.
  func setEncoder(mean: [Double], logStandardDeviation: [Double]) {
    let inputs = model.exampleShape.reduce(1, *)
    set([
      ("encoder.0.weight", .init(repeating: 0, count: inputs * mean.count * 2)),
      ("encoder.0.bias", mean + logStandardDeviation),
    ])
  }

  /// The values of expressions of examples, for draws of a seed.
  func evaluated(_ tensors: [Tensor], _ rows: [[Double]] = [], seed: UInt64 = 1) throws -> [[Double]] {
    try evaluate(
      tensors, parameters: vector.values, inputs: [Batch.inputName: rows.flatMap { $0 }], random: (seed, 1, 0))
  }

  /// Examples as an expression sees them.
  func batch(_ count: Int) -> Batch { Batch(count: count, exampleShape: model.exampleShape) }

  /// The model of `LinearGaussian.example` as a decoder, with a linear encoder.
  static func linear(_ more: String = "") throws -> SmallVAE {
    let it = try SmallVAE(
      #"{"latent": 2, "encoder": [], "decoder": [], "standardDeviation": 0.5\#(more)}"#, exampleShape: [4])
    it.setDecoder(.example)
    return it
  }

  /// Makes a linear decoder that of a linear Gaussian model.
  func setDecoder(_ model: LinearGaussian) {
    let columns = model.weights.transposed.values
    set([("decoder.0.weight", columns), ("decoder.0.bias", model.bias)])
  }

  /// The model of `TanhGaussian` as a decoder, with a linear encoder.
  static func tanh(_ more: String = "") throws -> SmallVAE {
    let it = try SmallVAE(
      #"{"latent": 2, "encoder": [], "decoder": [3], "standardDeviation": 0.3\#(more)}"#, exampleShape: [3])
    it.set([
      ("decoder.0.weight", TanhGaussian.innerWeights.transposed.values), ("decoder.0.bias", TanhGaussian.innerBias),
      ("decoder.1.weight", TanhGaussian.outerWeights.transposed.values), ("decoder.1.bias", TanhGaussian.outerBias),
    ])
    return it
  }
}

/// A normal with the same means and standard deviations for each of n examples.
func constantNormal(_ mean: [Double], _ deviations: [Double], count: Int) -> DiagonalNormal {
  func rows(_ values: [Double]) -> Tensor {
    .constant([[Double]](repeating: values, count: count).flatMap { $0 }, shape: [count, values.count])
  }
  return DiagonalNormal(mean: rows(mean), logStandardDeviation: rows(deviations.map(Elementary.log)))
}

extension LinearGaussian {
  /// A model of so many latents and two inputs more, with weights that are drawn.
  static func wide(_ latent: Int) -> LinearGaussian {
    LinearGaussian(
      weights: Matrix(rows: (0..<latent + 2).map { values(latent, seed: 100 + UInt64($0)) }),
      bias: values(latent + 2, seed: 99),
      variance: 0.25)
  }
}
