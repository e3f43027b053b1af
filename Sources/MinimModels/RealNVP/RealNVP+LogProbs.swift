import MinimData
import MinimNN

extension RealNVP {
  /// log p(x) of each example; nil for whole numbers, of which a density only gives a bound.
  public func logProbs(of data: Dataset, _ trained: Trained) throws -> LogProbs? {
    guard levels == nil else { return nil }
    let rows = try trained.rows(of: data) { x in ["logProb": logProb(x)] }
    return LogProbs(rows["logProb"], source: "the model")
  }
}
