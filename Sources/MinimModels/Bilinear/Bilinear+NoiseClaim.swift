import MinimNN

extension Bilinear {
  /// G3, if there is noise: the moments over runs that differ only in their draws.
  func momentClaims(_ rule: UpdateRule, _ trained: Trained) throws -> [Claim] {
    configuration.noise > 0 ? [try trained.checking("G3") { try moments(rule, trained) }] : []
  }

  private func moments(_ rule: UpdateRule, _ trained: Trained) throws -> Claim {
    let (steps, runs, examples) = (25, 2000, 16)
    let theorem = Claim.Theorem(
      "G3", "means and covariances of noisy runs are those that the step's matrix carries on",
      formula: #"m' = A m, \quad \Sigma' = A \Sigma A^\top + Q"#, .statistical)
    let variance = configuration.noise * configuration.noise / Double(examples)
    guard let own = LinearRule(rule), let exact = NoisyGame(own, matrix, variance: variance),
      let wrong = NoisyGame(own, matrix, variance: variance / 2)
    else {
      return .notApplicable(theorem, "the moments are known here for plain descent alone")
    }
    let plain = own.updateRule(steps: steps)
    let play = try Trajectories(parameters, plain, trained, examples: examples) { game(noise: noise($0)) }
    // Draws are a function of the step's number: each run has its own numbers.
    let ends = (0..<runs).map { play.trajectory(from: start, steps: steps, firstStep: 1 + $0 * steps).last ?? [] }
    let measured = Self.deviation(ends, exact.moments(from: start, steps: steps))
    // The largest of all means and covariances.
    let parts = start.count * (start.count + 3) / 2
    return Claim(
      theorem, "largest deviation of \(runs) runs of \(steps) steps", unit: "standard errors", measured: measured,
      .atMost, 5, tolerance: 0, z: measured,
      pValue: min(1, Double(parts) * Statistics.momentTail(measured, count: runs)), samples: runs,
      details: [("examples", Double(examples))],
      control: .init(
        "half the variance of the noise", changed: "the noise",
        measured: Self.deviation(ends, wrong.moments(from: start, steps: steps))))
  }

  /// The largest deviation of a mean or a covariance of normal rows from the exact ones, in its own standard errors.
  static func deviation(_ rows: [[Double]], _ exact: (mean: [Double], covariance: [Double])) -> Double {
    let (count, n) = (Double(rows.count), exact.mean.count)
    func covariance(_ i: Int, _ j: Int) -> Double { exact.covariance[i * n + j] }
    var largest = 0.0
    for i in 0..<n {
      let mean = rows.reduce(0) { $0 + $1[i] } / count
      let error = (covariance(i, i) / count).squareRoot()
      if error > 0 { largest = max(largest, abs(mean - exact.mean[i]) / error) }
      for j in 0...i {
        let found = rows.reduce(0) { $0 + ($1[i] - exact.mean[i]) * ($1[j] - exact.mean[j]) } / count
        let error = ((covariance(i, i) * covariance(j, j) + covariance(i, j) * covariance(i, j)) / count).squareRoot()
        if error > 0 { largest = max(largest, abs(found - covariance(i, j)) / error) }
      }
    }
    return largest
  }
}
