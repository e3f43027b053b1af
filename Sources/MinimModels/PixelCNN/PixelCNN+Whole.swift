import MinimData
import MinimNN

// A PixelCNN on data that are the whole distribution.

extension PixelCNN {
  /// Returns the NLL in three parts, by counting.
  func evaluateOnWhole(_ trained: Trained) throws -> Evaluation {
    guard let data = trained.data.wholeDistribution, let entropy = data.entropy else { return Evaluation([]) }
    let nll = try nll(of: data, trained)
    let floor = floor(data)
    return Evaluation([
      .init("nll", nll, "mean -log p(x) over the data's distribution, nats per image"),
      .init("entropy", entropy, "of the data's distribution, nats"),
      .init("blindSpotCost", floor - entropy, "what the receptive fields cannot see, nats"),
      .init("fitCost", nll - floor, "what training left, nats"),
    ])
  }

  /// The rows that are the distribution, and the NLL on them; nil if there are none, or if they have labels, which the
  /// floors in this folder do not support.
  func wholeNLL(_ trained: Trained) throws -> (data: Dataset, nll: Double)? {
    guard classes == 0, let data = trained.data.wholeDistribution else { return nil }
    return (data, try nll(of: data, trained))
  }
}
