import MinimAutodiff
import MinimData
import MinimDrawing
import MinimKernels
import MinimNN

// A density for values that are whole numbers. A density may be as high as it likes on a few points, so -log p of the
// numbers themselves has no minimum. Each value v becomes v + u instead, with new noise u, uniform on (0, 1), in every
// step (Uria, Murray and Larochelle 2013, "RNADE"; Theis, van den Oord and Bethge 2016, "A note on the evaluation of
// generative models", section 3.1). With P(v) the density's mass in the unit cube at v, by Jensen's inequality,
//
//     -log P(v) = -log E_u p(v + u) <= E_u [-log p(v + u)]
//
// so the loss is an upper bound of the negative log-likelihood of a discrete model: in nats of the density on
// [0, levels)^d, which are d log levels more than on the unit cube. The flow leaves a little mass outside, see `Logit`,
// so P sums up to less than 1, and the bound holds all the more.

extension RealNVP {
  /// The margin at each end of the logit's range (Dinh, Sohl-Dickstein and Bengio 2017, section 4.1).
  static let alpha = 0.05

  /// The map between the data and the couplings; nil if the data are not whole numbers.
  static func logit(_ levels: Int?) -> Logit? { levels.map { Logit(width: Double($0), alpha: alpha) } }

  /// The examples as values of the density, [count, ...], with uniform noise if they are whole numbers.
  func dequantized(_ batch: Batch, _ purpose: RandomPurpose = .model) -> Tensor {
    let examples = batch.examples
    return levels == nil ? examples : examples + .uniform(shape: examples.shape, purpose: purpose)
  }

  /// Values of the data as they reach the normalization: in the unit of the couplings; or with noise, the same for every
  /// seed, and after the logit.
  static func normalizable(_ values: [Double], levels: Int?, _ scaling: Scaling?) -> [Double] {
    guard let logit = logit(levels) else { return scaling.normalized(values) }
    let key = RandomKey(seed: 0).folding(.initialization)
    return logit.logits(values.enumerated().map { $1 + key.uniform(at: UInt64($0)) })
  }

  /// Values of the density as whole numbers again: rounded down, and those slightly outside to the nearest.
  static func quantized(_ values: [Double], levels: Int) -> [Float] {
    values.map { Float(Swift.min(Swift.max($0.rounded(.down), 0), Double(levels - 1))) }
  }

  /// Whole numbers drawn from the model; images each with their nearest training image.
  func samples(_ count: Int, levels: Int, from trained: Trained) throws -> Samples {
    let values = Self.quantized(try draws(count, trained), levels: levels)
    guard exampleShape.count == 3, exampleShape[2] == 1 else {
      return Samples(values.map(Double.init), of: trained.data)
    }
    let neighbors = trained.data.rows.map { NearestImages($0).search(values, trained.pool).flatMap(\.image) }
    let sheet = SampleSheet(
      height: exampleShape[0], width: exampleShape[1], pixels: trained.data.brightness(values),
      neighbors: neighbors.map { trained.data.brightness($0) })
    return Samples(values, exampleShape: exampleShape, content: .sheet(sheet))
  }
}
