import MinimData
import MinimNN

extension FlowMatching {
  /// log p(x) of each example, by the exact divergence; nil beyond 64 values, and for whole numbers, which have no density.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  package func logProbs(of data: Dataset, _ trained: Trained) throws -> LogProbs? {
    guard levels == nil, dimensions <= Self.traceDimensions else { return nil }
    let flow = try FieldFlow(self, trained.inDouble())
    return LogProbs(flow.logProbs(data.values.map(Double.init)), source: "the integral of the divergence")
  }
}
