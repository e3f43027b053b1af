import MinimKernels
import MinimNN

// FM3: the two parts of the squared error, for data whose closed field is known.

extension FieldFit {
  static let parts = Claim.Theorem(
    "FM3",
    "the squared error is the fit, that of the field, plus the floor, tr Cov(Y given x_t), which no field changes",
    formula: #"\mathbb{E} \|v - Y\|^2 = \mathbb{E}[\|v - u\|^2 + \operatorname{tr} \operatorname{Cov}(Y | x_t)]"#,
    .identity)
  static let drawnParts = Claim.Theorem(
    "FM3b", "the squared error of drawn ways is that of the field, the fit, plus the floor",
    formula: #"\mathbb{E}[\|v - Y\|^2 - \|v - u\|^2] = \mathbb{E} \operatorname{tr} \operatorname{Cov}(Y | x_t)"#,
    .statistical)

  func partsClaim() -> Claim {
    let missing = moments.map { abs($0.mass - 1) }.reduce(0, max)
    return Claim(
      Self.parts, "E |v - Y|^2 by second moments, against fit + floor", measured: loss, .equal, fit + covariance,
      tolerance: 1e-6 + 10 * missing, details: [("fit", fit), ("floor", floor), ("missingMass", missing)],
      control: .init("the noise of another draw in Y", changed: "the floor", measured: fit + otherNoise))
  }

  /// - Parameters:
  ///   - excesses: |v - Y|^2 - |v - E[Y given x_t]|^2 of draws, and the same with the noise of another draw in Y: [count, 2].
  ///   - times: the times of the draws.
  ///   - configuration: that of the model, which knows how much each time counts.
  func drawnClaim(_ excesses: [Double], _ times: [Double], _ configuration: FlowMatchingConfiguration) -> Claim {
    let weights = times.map { configuration.predicted.weight(configuration.path, $0) }
    func mean(_ column: Int) -> (mean: Double, error: Double) {
      Statistics.mean(weights.indices.map { weights[$0] * excesses[2 * $0 + column] })
    }
    let (measured, error) = mean(0), z = (measured - floor) / error
    return Claim(
      Self.drawnParts, "mean of |v - Y|^2 - |v - E[Y given x_t]|^2 over \(times.count) draws, against the floor",
      measured: measured, .equal, floor, tolerance: 4 * error, standardError: error, z: z,
      pValue: Statistics.normalTail(z), samples: times.count, details: [("fit", fit)],
      control: .init("the noise of another draw in Y", changed: "Y", measured: mean(1).mean))
  }
}
