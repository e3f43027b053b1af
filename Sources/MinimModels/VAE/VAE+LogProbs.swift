import MinimData
import MinimNN

extension VAE {
  /// Draws per example, if log p(x) is estimated: the same as `minim gap` makes.
  private static let draws = 10_000
  /// The most latent variables to draw for.
  private static let mostLatents = 16

  /// log p(x) of each example from the best source that the model has; nil if there is none.
  public func logProbs(of data: Dataset, _ trained: Trained) throws -> LogProbs? {
    guard logProbSource == .importanceSampling else {
      return LogProbs(try logProbs(data, [], trained).map(\.value), source: logProbSource.rawValue)
    }
    guard configuration.latent <= Self.mostLatents else { return nil }
    let codes = try encoderCodes(data, trained)
    let estimates = try importanceEstimates(data, codes: codes, draws: Self.draws, trained)
    return LogProbs(try logProbs(data, estimates, trained).map(\.value), source: logProbSource.rawValue)
  }
}
