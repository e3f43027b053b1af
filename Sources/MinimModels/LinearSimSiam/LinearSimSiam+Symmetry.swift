import MinimNN

// SL5: whether the field is the gradient of anything.

extension LinearSimSiam {
  /// The largest |dv_i/dz_j - dv_j/dz_i| of the field. It consists of polynomials of third degree, for which
  /// differences of fourth order are exact.
  private func asymmetry(_ stopGradient: Bool) throws -> Double {
    let laws = laws.with(stopGradient: stopGradient)
    let z = start.values
    let isOwn = stopGradient == configuration.stopGradient
    func field(_ values: [Double]) throws -> [Double] {
      let state = matrices(
        [Array(values.prefix(outputs * inputs))]
          + (configuration.hasPredictor ? [Array(values.suffix(outputs * outputs))] : []))
      return isOwn ? try gradients(expectation, at: state) : laws.gradients(state).values
    }
    let h = 0.5
    let columns = try z.indices.map { column -> [Double] in
      func at(_ factor: Double) throws -> [Double] {
        try field(z.indices.map { $0 == column ? z[$0] + factor * h : z[$0] })
      }
      let (a, b, c, d) = (try at(-2), try at(-1), try at(1), try at(2))
      return a.indices.map { (a[$0] - 8 * b[$0] + 8 * c[$0] - d[$0]) / (12 * h) }
    }
    var largest = 0.0
    for i in z.indices { for j in 0..<i { largest = max(largest, abs(columns[j][i] - columns[i][j])) } }
    return largest
  }

  func symmetry(_ trained: Trained) throws -> Claim {
    let measured = try asymmetry(configuration.stopGradient), other = try asymmetry(!configuration.stopGradient)
    let scale = max(1, start.values.reduce(0) { max($0, abs($1)) })
    let tolerance = 1e-10 * scale * scale * max(1, total.norm)
    let quantity = "largest asymmetry of the field's Jacobian", isAlike = "at this start both fields are gradients"
    if configuration.stopGradient {
      let theorem = Claim.Theorem(
        "SL5", "with stop-gradient and a predictor the field is not a gradient",
        formula: #"\max_{i, j} |\partial_j v_i - \partial_i v_j| > 0"#, .identity)
      guard measured > tolerance else { return .notApplicable(theorem, isAlike) }
      return Claim(
        theorem, quantity, measured: measured, .atLeast, 100 * tolerance, tolerance: 0,
        control: .init("the closed form without stop-gradient", changed: "the field", measured: other))
    }
    return Claim(
      Claim.Theorem(
        "SL5b", "without stop-gradient the field is a gradient", formula: #"\partial_j v_i = \partial_i v_j"#, .identity
      ), quantity, measured: measured,
      .equal, 0, tolerance: tolerance,
      control: .init(
        "the closed form with stop-gradient", changed: "the field", measured: other, cannotFailIf: isAlike))
  }
}
