import MinimAutodiff
import MinimData
import MinimDrawing
import MinimKernels
import MinimNN

/// The map between the unit that a flow works in and that of its data: a logit for whole numbers with noise, or a scaling, or
/// none.
///
/// A density may be as high as it likes on a few points, so -log p of whole numbers themselves has no minimum. Each value v
/// becomes v + u instead, with new noise u, uniform on (0, 1), in every step (Uria, Murray and Larochelle 2013, "RNADE"; Theis,
/// van den Oord and Bethge 2016, "A note on the evaluation of generative models", section 3.1). With P(v) the density's mass in
/// the unit cube at v, by Jensen's inequality,
///
///     -log P(v) = -log E_u p(v + u) <= E_u [-log p(v + u)]
///
/// so the cost with noise is an upper bound of the negative log-likelihood of a discrete model: in nats of the density on
/// [0, levels)^d, which are d log levels more than on the unit cube. A flow leaves a little mass outside, see `Logit`, so P sums
/// up to less than 1, and the bound holds all the more.
package struct DataUnit: Sendable {
  /// The number of levels if the data are whole numbers from 0 on.
  package let levels: Int?
  /// The map from the unit of the flow to that of the data; nil if they are one, or if there are levels.
  package let scaling: Scaling?

  /// Creates the unit of data with these levels or this scaling, which counts only without levels.
  package init(levels: Int? = nil, scaling: Scaling? = nil) {
    self.levels = levels
    self.scaling = levels == nil ? scaling : nil
  }

  /// The margin at each end of the logit's range (Dinh, Sohl-Dickstein and Bengio 2017, section 4.1).
  private static let alpha = 0.05

  private var logit: Logit? { levels.map { Logit(width: Double($0), alpha: Self.alpha) } }

  /// The map from the flow to the data; nil if there is none.
  package var bijector: (any Bijector)? { logit.map { Inverse($0) } ?? scaling.map { Rescale($0) } }

  /// The examples as values of a density, [count, ...], with uniform noise if they are whole numbers.
  func dequantized(_ batch: Batch, _ purpose: RandomPurpose = .model) -> Tensor {
    let examples = batch.examples
    return levels == nil ? examples : examples + .uniform(shape: examples.shape, purpose: purpose)
  }

  /// The examples without noise, [count, ...]: whole numbers each in the middle of what noise makes of it.
  func centers(_ batch: Batch) -> Tensor { levels == nil ? batch.examples : batch.examples + 0.5 }

  /// Rows of data, [n, d], with their noise, in the unit of the flow.
  func entering(_ rows: Tensor) -> Tensor { bijector?.inverseAndLogDet(rows).x ?? rows }

  /// The same for values of the data, row-major, with noise that is the same for every seed.
  func entering(_ values: [Double]) -> [Double] {
    guard let logit else { return scaling.normalized(values) }
    let key = RandomKey(seed: 0).folding(.initialization)
    return logit.logits(values.enumerated().map { $1 + key.uniform(at: UInt64($0)) })
  }

  /// Values of the density as whole numbers again: rounded down, and those slightly outside to the nearest.
  static func quantized(_ values: [Double], levels: Int) -> [Float] {
    values.map { Float(Swift.min(Swift.max($0.rounded(.down), 0), Double(levels - 1))) }
  }

  /// Samples from values of the density; images of whole numbers each with their nearest training image.
  ///
  /// - Parameters:
  ///   - columns: the columns of a sheet of images; nil for the usual ones.
  ///   - captions: the words above them.
  func samples(
    _ values: [Double], exampleShape: [Int], of trained: Trained, columns: Int? = nil, captions: [String] = []
  ) -> Samples {
    guard let levels else { return Samples(values, of: trained.data) }
    let whole = Self.quantized(values, levels: levels)
    guard exampleShape.count == 3, exampleShape[2] == 1 else {
      return Samples(whole.map(Double.init), of: trained.data)
    }
    let neighbors = trained.data.rows.map { NearestImages($0).search(whole, trained.pool).flatMap(\.image) }
    let sheet = SampleSheet(
      height: exampleShape[0], width: exampleShape[1], pixels: trained.data.brightness(whole),
      neighbors: neighbors.map { trained.data.brightness($0) }, columns: columns,
      captions: captions.isEmpty && neighbors != nil ? SampleSheet.besideNeighbors : captions)
    return Samples(whole, exampleShape: exampleShape, content: .sheet(sheet))
  }
}
