import MinimData
import MinimKernels
import MinimNN

// A flow of rows of which only examples are known: what it knows beyond the normal with their moments.

extension RealNVP {
  /// The rows that a flow of rows is judged by, next to the normal with the moments of training. Nil if their density is
  /// known, if they are whole numbers or images, or if nothing is held out.
  private func heldOutRows(_ data: DataSplit) -> (unseen: Dataset, training: Dataset)? {
    guard data.distribution == nil, levels == nil, exampleShape.count == 1, let training = data.rows,
      let unseen = data.test ?? data.validation
    else { return nil }
    return (unseen, training)
  }

  /// The cost of the same rows by the normal with the moments of training.
  func normalMetrics(_ data: DataSplit) -> [Evaluation.Metric] {
    guard let (unseen, training) = heldOutRows(data), let normal = MomentNormal(training) else { return [] }
    let mean = Statistics.mean(normal.losses(of: unseen)).mean
    let part = data.test == nil ? "validation" : "test"
    return [
      .init(
        "normalNLL", mean, "on the \(part) rows, of the normal with the mean and covariance of training, the baseline")
    ]
  }

  /// F6: the model knows more than two moments.
  func rowClaims(_ flow: TrainedFlow, _ trained: Trained) -> [Claim] {
    guard let (unseen, training) = heldOutRows(trained.data) else { return [] }
    let theorem = Claim.Theorem(
      "F6", "unseen rows cost less than by the normal with the mean and covariance of training",
      formula: #"-\mathbb{E} \log p_\theta(x) \le -\mathbb{E} \log N(x; \hat{\mu}, \hat{\Sigma})"#, .outcome)
    guard let normal = MomentNormal(training) else {
      return [.notApplicable(theorem, "the rows vary along fewer directions than they have values")]
    }
    func cost(_ data: Dataset) -> Double {
      Statistics.mean(flow.logProbs(data.values.map(Double.init)).map { -$0 }).mean
    }
    let key = RandomKey(seed: trained.seed).folding(.evaluation).folding(4)
    return [
      Claim(
        theorem, "NLL per row of \(unseen.count) unseen rows", unit: "nats", measured: cost(unseen), .atMost,
        Statistics.mean(normal.losses(of: unseen)).mean, tolerance: 0, samples: unseen.count,
        control: .init(
          "each value taken from a row of its own", changed: "which values are together",
          measured: cost(unseen.shufflingValues(key: key)),
          cannotFailIf: dimensions == 1 ? "rows of one value have nothing that is together" : nil))
    ]
  }
}
