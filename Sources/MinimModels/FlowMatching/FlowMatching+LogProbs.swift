import MinimData
import MinimKernels
import MinimNN

extension FlowMatching {
  /// log p(x) of each example: by the exact divergence, and beyond 64 values by one vector of random signs each, which is right
  /// on average. Nil for whole numbers, which have no density.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  package func logProbs(of data: Dataset, _ trained: Trained) throws -> LogProbs? {
    guard levels == nil else { return nil }
    let isExact = dimensions <= FieldFlow.exactDimensions
    return LogProbs(
      try logProbs(data.values.map(Double.init), data.labels, trained.inDouble()),
      source: isExact ? "the integral of the divergence" : "the integral of the divergence by random signs")
  }

  /// log p of points, [count, d] row-major, each given its class if the field is given classes; nats.
  private func logProbs(_ points: [Double], _ labels: [Int], _ trained: Trained) throws -> [Double] {
    guard isConditional, !labels.isEmpty else { return try FieldFlow(self, trained).logProbs(points) }
    let d = dimensions
    var values = [Double](repeating: 0, count: labels.count)
    for label in 0..<configuration.classes {
      let places = labels.indices.filter { labels[$0] == label }
      guard !places.isEmpty else { continue }
      let own = try FieldFlow(self, of: label, trained).logProbs(places.flatMap { points[$0 * d..<($0 + 1) * d] })
      for (row, place) in places.enumerated() { values[place] = own[row] }
    }
    return values
  }

  /// The costs of whole numbers: upper bounds, by one draw of the noise for each example. Nil if the data are not whole
  /// numbers.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  func levelCosts(_ trained: Trained) throws -> LevelCosts? {
    guard let levels else { return nil }
    let precise = try trained.inDouble()
    let key = RandomKey(seed: trained.seed).folding(.evaluation)
    return LevelCosts(levels: levels, trained, "one draw of noise for each of") { data in
      let values = data.values.enumerated().map { Double($1) + key.uniform(at: UInt64($0)) }
      return try logProbs(values, data.labels, precise).map { -$0 }
    }
  }
}
