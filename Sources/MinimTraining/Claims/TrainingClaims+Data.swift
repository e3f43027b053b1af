import MinimData
import MinimNN

// T5: batches. T6: splits. T7: the parameters that are kept. T8: draws of a known distribution.

extension TrainingClaims {
  /// T5: an epoch has each example once. T5b: two epochs have different orders.
  func batchClaims() -> [Claim] {
    let once = Claim.Theorem(
      "T5", "an epoch has each example once", formula: #"\{i_1, \ldots, i_n\} = \{1, \ldots, n\}"#, .identity)
    let orders = Claim.Theorem(
      "T5b", "the orders of two epochs are independent", formula: #"|\{k: i_k = j_k\}| \le 12"#, .statistical)
    guard let count = data.training.count, count > 1, configuration.batch.drawing == .epoch else { return [] }
    guard count <= Self.mostExamples else {
      return [once, orders].map { .notApplicable($0, "more than \(Self.mostExamples) examples are not followed") }
    }
    let (first, second) = (epoch(1, count), epoch(2, count))
    let size = configuration.batch.examples
    let repeated = Array(first.prefix(size) + first.prefix(size) + first.dropFirst(2 * size))
    let missed = Claim(
      once, "examples that the first two epochs leave out or repeat",
      measured: Double(max(Self.wrong(first, count), Self.wrong(second, count))), .equal, 0, tolerance: 0,
      samples: count,
      control: .init(
        "the first batch in place of the second", changed: "a batch",
        measured: Double(Self.wrong(repeated, count))))
    // An epoch of one batch has no order.
    guard count > size else { return [missed] }
    guard count > 20 else { return [missed, .notApplicable(orders, "\(count) examples have too few orders")] }
    func same(_ a: [Int], _ b: [Int]) -> Double { Double(zip(a, b).count { $0 == $1 }) }
    return [
      missed,
      // The number of common places of two random orders has Poisson's distribution with mean 1: k or more have at most
      // 1 / k!, and 12 have 2e-9.
      Claim(
        orders, "examples at the same place of the first two epochs", measured: same(first, second), .atMost, 12,
        tolerance: 0, pValue: (1...20).prefix(Int(same(first, second))).reduce(1) { $0 / Double($1) }, samples: count,
        control: .init("the first epoch twice", changed: "the second epoch", measured: same(first, first))),
    ]
  }

  private static let mostExamples = 200_000

  /// The examples of an epoch, from 1, in the order in which the run's steps see them.
  private func epoch(_ number: Int, _ count: Int) -> [Int] {
    let order = experiment.order()
    let steps = (count + order.indices.count - 1) / order.indices.count
    return (1...steps).flatMap { step in
      let size = order.draw(step: (number - 1) * steps + step)
      return order.indices.prefix(size)
    }
  }

  /// The number of examples that are not there once.
  private static func wrong(_ epoch: [Int], _ count: Int) -> Int {
    var times = [Int](repeating: 0, count: count)
    for index in epoch { times[index] += 1 }
    return times.count { $0 != 1 }
  }

  /// T6: no example that is held out was trained on, or is in both splits that are. None if nothing is held
  /// out, or if the data are not split by their content: independent draws may be equal.
  func splitClaims() -> [Claim] {
    let theorem = Claim.Theorem(
      "T6", "no example that is held out was trained on", formula: #"\text{held out} \cap \text{training} = \emptyset"#,
      .identity)
    let heldOut = [data.validation, data.test].compactMap { $0 }
    guard let training = data.rows, !heldOut.isEmpty, data.shareOfDuplicates != nil else { return [] }
    let parts = heldOut.map { split in (0..<split.count).map { Array(split.example($0)) } }
    let trainedOn = Set((0..<training.count).map { Array(training.example($0)) })
    func shared(_ known: Set<[Float]>) -> Int {
      var known = known
      return parts.reduce(0) { sum, examples in
        defer { known.formUnion(examples) }
        return sum + examples.count { known.contains($0) }
      }
    }
    return [
      Claim(
        theorem, "held-out examples that are in another split too", measured: Double(shared(trainedOn)), .equal, 0,
        tolerance: 0, samples: heldOut.reduce(0) { $0 + $1.count },
        control: .init(
          "a held-out example added to the training", changed: "the training examples",
          measured: Double(shared(trainedOn.union(parts[0].prefix(1))))))
    ]
  }

  /// T7: the kept parameters are those with the least loss on the validation examples, computed anew. None if nothing was
  /// chosen by it.
  func keptClaims() throws -> [Claim] {
    let theorem = Claim.Theorem(
      "T7", "the kept parameters have the least validation loss on record",
      formula: #"L_{\text{val}}(\theta) = \min_k L_{\text{val}}(\theta_k)"#, .identity)
    guard let least = leastValidationLoss, experiment.validation?.keep == .best, let validation = data.validation,
      let training = data.rows
    else { return [] }
    func loss(_ data: Dataset) throws -> Double { Statistics.mean(try model.losses(of: data, trained)).mean }
    return [
      Claim(
        theorem, "mean loss of \(validation.count) validation examples", measured: try loss(validation), .equal, least,
        // The order of sums in Float.
        tolerance: 1e-5 * max(1, abs(least)), samples: validation.count,
        control: .init(
          "the mean loss of the training examples", changed: "the examples", measured: try loss(training),
          cannotFailIf: "both losses are the same"))
    ]
  }

  /// T8: the data have the means and variances of the distribution that they are drawn from.
  func momentClaims() -> [Claim] {
    guard let known = data.distribution?.knownMoments else { return [] }
    let theorem = Claim.Theorem(
      "T8", "the data have the means and variances of their distribution",
      formula: #"\mathbb{E} x_i = \mu_i, \quad \operatorname{Var} x_i = \sigma_i^2"#, .statistical)
    // The distribution of a mean over fewer examples is not normal enough.
    guard let rows = data.training.rows(drawing: 10_000, name: data.name), rows.count >= 100 else { return [] }
    func pValue(_ width: Double) -> Double {
      let tails = known.mean.indices.flatMap { column -> [Double] in
        let off = (0..<rows.count).map { Double(rows.values[$0 * rows.exampleCount + column]) - known.mean[column] }
        let squares = Statistics.mean(off.map { $0 * $0 }), mean = Statistics.mean(off)
        let variance = width * width * known.variance[column]
        return [mean.mean / mean.error, (squares.mean - variance) / squares.error].map {
          Statistics.momentTail($0, count: rows.count)
        }
      }
      return min(1, Double(tails.count) * (tails.min() ?? .nan))
    }
    let own = pValue(1)
    return [
      Claim(
        theorem, "p-value of the means and variances of \(rows.count) examples", measured: own, .atLeast, 1e-6,
        tolerance: 0, pValue: own, samples: rows.count,
        control: .init(
          "deviations that are 1.5 times as large", changed: "the distribution", measured: pValue(1.5),
          cannotFailIf: "there are too few examples"))
    ]
  }
}
