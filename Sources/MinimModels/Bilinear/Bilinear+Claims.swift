import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// The claims about the game and its trajectories, each with a control that must fail.

extension Bilinear {
  /// G8: the matrix of a step. G9: the stationary point. G10: the norm of simultaneous steps. G1: the trajectory. G2:
  /// its rate, next to those of other rules. G3: moments, if there is noise. G0: whether the run converges.
  public func claims(_ trained: Trained) throws -> [Claim] {
    let rule =
      trained.rule ?? UpdateRule(optimizer: SGD(), schedule: Schedule(peak: 0.1, steps: Self.steps), steps: Self.steps)
    let plain = LinearRule(rate: rule.schedule.peak)
    return try [stepMatrix(plain, trained), saddle(), norms(plain, trained)]
      + trajectoryClaims(rule, trained) + familyClaims(rule, trained) + momentClaims(rule, trained)
      + [convergence(rule, trained)]
  }

  /// The number of steps of a trajectory to check.
  static let steps = 100

  func play(_ rule: LinearRule, _ trained: Trained) throws -> Trajectories {
    try Trajectories(self, rule.updateRule(steps: Self.steps), trained)
  }

  /// G8: a simultaneous step is [[I, a M], [-a M^T, I]].
  private func stepMatrix(_ plain: LinearRule, _ trained: Trained) throws -> Claim {
    let n = n, m = matrix
    let exact = Matrix(n: 2 * n) { row, column in
      if row == column { return 1 }
      if row < n, column >= n { return plain.rate * m[row, column - n] }
      return row >= n && column < n ? -plain.rate * m[column, row - n] : 0
    }
    return Claim(
      Claim.Theorem(
        "G8", "a simultaneous step is the matrix [[1, a M], [-a M^T, 1]]",
        formula: #"d' = d + a M g, \quad g' = g - a M^\top d"#, .identity),
      "largest difference of an element from the step by gradients",
      measured: try play(plain, trained).stepMatrix().distance(to: exact), .equal, 0,
      tolerance: 1e-12 * max(1, exact.values.map(abs).max() ?? 1), details: [("rate", plain.rate)],
      control: .init(
        "an alternating step", changed: "the dynamics",
        measured: try play(plain.plain(.alternating()), trained).stepMatrix().distance(to: exact),
        cannotFailIf: Self.stepsAreSmall))
  }

  static let stepsAreSmall = "the steps are so small that all rules agree"

  /// G9: at 0 the field is 0, and V has second derivatives of both signs there.
  private func saddle() throws -> Claim {
    let convex = square(critic).sum() + square(generator).sum()
    let (game, control) = (try curvature(value), try curvature(convex))
    let (least, largest) = (game.eigenvalues.first ?? .nan, game.eigenvalues.last ?? .nan)
    let expected = -(try singularValues().first ?? .nan)
    let tolerance = 1e-12 * max(1, abs(expected))
    return Claim(
      Claim.Theorem(
        "G9", "0 is stationary, and a saddle of V",
        formula: #"\nabla V(0) = 0, \quad \lambda_{\min}(\nabla^2 V(0)) = -s_{\max}"#, .identity),
      "least second derivative, against minus the largest singular value",
      measured: game.slope == 0 ? least : .nan, .equal, expected, tolerance: tolerance,
      details: [("largestSecondDerivative", largest), ("slope", game.slope)],
      control: .init("|d|^2 + |g|^2", changed: "the function", measured: control.eigenvalues.first ?? .nan))
  }

  /// The norm of the gradient of a function of the players at 0, and the eigenvalues of its second derivatives, ascending.
  private func curvature(_ function: Tensor) throws -> (slope: Double, eigenvalues: [Double]) {
    let variables = [critic, generator]
    func joint(_ parts: [Tensor]) -> Tensor { concatenate(parts, axis: 0) }
    let slope = joint(gradient(of: function, withRespectTo: variables))
    let rows = (0..<2 * n).map { joint(gradient(of: slope.slice([$0], shape: [1]), withRespectTo: variables)) }
    let zero = [Double](repeating: 0, count: parameters.count)
    let values = try MinimAutodiff.evaluate([slope] + rows, parameters: zero)
    let hessian = values.dropFirst().flatMap { $0 }
    return (euclideanNorm(values[0]), try LAPACK.symmetricEigenvalues(hessian, n: 2 * n))
  }

  /// G10: |z_k| = (1 + a^2 s^2)^(k/2) |z_0| for simultaneous steps from everywhere, since A^T A = (1 + a^2 s^2) I.
  private func norms(_ plain: LinearRule, _ trained: Trained) throws -> Claim {
    let theorem = Claim.Theorem(
      "G10", "k simultaneous steps multiply the norm by (1 + a^2 s^2)^(k/2)",
      formula: #"\|z_k\| = (1 + a^2 s^2)^{k / 2} \|z_0\|"#, .identity)
    let singular = try singularValues()
    let (s, least) = (singular.first ?? .nan, singular.last ?? .nan)
    guard s - least <= 1e-12 * s else {
      return .notApplicable(theorem, "the singular values differ, and each pair grows by a factor of its own")
    }
    let starts = [start, (0..<2 * n).map { $0 == 0 ? 1 : 0 }, (0..<2 * n).map { $0 % 2 == 0 ? -0.3 : 2 }]
    func difference(_ rule: LinearRule, _ factor: Double) throws -> Double {
      let play = try play(rule, trained)
      return starts.map { start in
        let norms = play.trajectory(from: start, steps: Self.steps).map(euclideanNorm)
        return norms.enumerated().map { abs($1 / (Elementary.power(factor, $0) * norms[0]) - 1) }.max() ?? .nan
      }.max() ?? .nan
    }
    let t = plain.rate * s
    let turns = plain.plain(.alternating())
    let measured = try difference(plain, (1 + t * t).squareRoot())
    // Once numbers overflow, neither power nor trajectory shows anything.
    guard measured.isFinite else { return .notApplicable(theorem, "the norms leave the range of Double") }
    return Claim(
      theorem, "largest relative difference of a norm", measured: measured, .equal, 0, tolerance: 1e-10,
      details: [("starts", Double(starts.count)), ("steps", Double(Self.steps))],
      control: .init(
        "|eigenvalue|^k for alternating steps", changed: "the dynamics",
        measured: try difference(turns, try GameRates(turns).spectralRadius(s)), cannotFailIf: Self.stepsAreSmall))
  }
}
