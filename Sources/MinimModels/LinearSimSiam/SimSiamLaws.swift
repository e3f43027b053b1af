import MinimKernels

/// Gradients, steps and laws of a linear SimSiam in plain numbers (Tian, Chen and Ganguli 2021, section 3, for the flow with
/// stop-gradient and predictor).
package struct SimSiamLaws: Sendable {
  /// W, and Wp if there is a predictor.
  package struct State: Sendable {
    package var encoder: Matrix
    package var predictor: Matrix?

    /// Creates a state from W and Wp.
    package init(encoder: Matrix, predictor: Matrix?) {
      self.encoder = encoder
      self.predictor = predictor
    }

    /// a + factor b.
    func adding(_ b: State, times factor: Double) -> State {
      State(
        encoder: encoder.adding(b.encoder, times: factor),
        predictor: predictor.flatMap { p in b.predictor.map { p.adding($0, times: factor) } })
    }

    /// All values, the encoder's first.
    package var values: [Double] { encoder.values + (predictor?.values ?? []) }
  }

  package let stopGradient: Bool
  /// X and X'.
  package let shared: Matrix, augmentation: Matrix
  /// eta and alpha_p.
  package let weightDecay: Double, predictorRate: Double

  /// Creates the laws of a variant.
  package init(
    stopGradient: Bool, shared: Matrix, augmentation: Matrix, weightDecay: Double = 0, predictorRate: Double = 1
  ) {
    self.stopGradient = stopGradient
    (self.shared, self.augmentation) = (shared, augmentation)
    (self.weightDecay, self.predictorRate) = (weightDecay, predictorRate)
  }

  /// The laws with or without stop-gradient.
  package func with(stopGradient: Bool) -> SimSiamLaws {
    SimSiamLaws(
      stopGradient: stopGradient, shared: shared, augmentation: augmentation, weightDecay: weightDecay,
      predictorRate: predictorRate)
  }

  /// dJ/dW and dJ/dWp in closed form, for the expectation.
  package func gradients(_ z: State) -> State {
    let total = shared.adding(augmentation)
    return gradients(z, first: total, second: total, cross: shared)
  }

  /// dJ/dW and dJ/dWp in closed form, for a batch: E x1 x1^T, E x2 x2^T and E x1 x2^T are its means.
  package func gradients(_ z: State, first: Matrix, second: Matrix, cross: Matrix) -> State {
    let w = z.encoder
    let p = z.predictor ?? .scaledIdentity(w.rows)
    // Wp W A1 - W B^T, the error of the first branch.
    let error = (p * w * first).adding(w * cross.transposed, times: -1)
    var encoder = p.transposed * error
    if !stopGradient { encoder = encoder.adding((p * w * cross).adding(w * second, times: -1), times: -1) }
    return State(encoder: encoder, predictor: z.predictor == nil ? nil : error * w.transposed)
  }

  /// J in closed form.
  package func loss(_ z: State) -> Double {
    let w = z.encoder
    let p = (z.predictor ?? .scaledIdentity(w.rows)) * w
    let total = shared.adding(augmentation)
    return 0.5
      * ((p * total * p.transposed).trace - 2 * (p * shared * w.transposed).trace
        + (w * total * w.transposed).trace)
  }

  /// The field: minus the gradients, with the predictor's times alpha_p, minus eta times the matrices.
  package func velocity(_ z: State) -> State {
    let gradients = gradients(z)
    return State(
      encoder: gradients.encoder.scaled(by: -1).adding(z.encoder, times: -weightDecay),
      predictor: gradients.predictor.flatMap { g in
        z.predictor.map { g.scaled(by: -predictorRate).adding($0, times: -weightDecay) }
      })
  }

  /// The flow over a time, by the Runge-Kutta method of order 4 in steps of at most `step`.
  package func flow(_ start: State, time: Double, step: Double = 0.01) -> State {
    let count = max(1, Int((time / step).rounded(.up)))
    let h = time / Double(count)
    var z = start
    for _ in 0..<count {
      let a = velocity(z)
      let b = velocity(z.adding(a, times: h / 2))
      let c = velocity(z.adding(b, times: h / 2))
      let d = velocity(z.adding(c, times: h))
      z = z.adding(a, times: h / 6).adding(b, times: h / 3).adding(c, times: h / 3).adding(d, times: h / 6)
    }
    return z
  }

  /// The matrix that multiplies W in a step of size h without a predictor: (1 - h eta) I - 2 h X', or with h X' once
  /// with stop-gradient.
  package func factor(step h: Double) -> Matrix {
    Matrix.scaledIdentity(shared.rows, 1 - h * weightDecay).adding(augmentation, times: stopGradient ? -h : -2 * h)
  }

  /// C = W W^T - Wp^T Wp / alpha_p, which the flow with stop-gradient and predictor shrinks by e^(-2 eta t), whatever
  /// else it does.
  package func balance(_ z: State) -> Matrix {
    let p = z.predictor ?? .scaledIdentity(z.encoder.rows)
    return (z.encoder * z.encoder.transposed).adding(p.transposed * p, times: -1 / predictorRate)
  }

  /// C after a step of size h from z: (1 - h eta)^2 C + h^2 (Wp^T G G^T Wp - alpha_p W G^T G W^T), G = W X - Wp W (X + X').
  package func balance(after z: State, step h: Double) -> Matrix {
    let (w, p) = (z.encoder, z.predictor ?? .scaledIdentity(z.encoder.rows))
    let g = (w * shared).adding(p * w * shared.adding(augmentation), times: -1)
    let shrink = (1 - h * weightDecay) * (1 - h * weightDecay)
    let left = p.transposed * g, right = w * g.transposed
    return balance(z).scaled(by: shrink).adding(left * left.transposed, times: h * h)
      .adding(right * right.transposed, times: -h * h * predictorRate)
  }
}

/// Equilibria with stop-gradient and predictor if X = I and X' = sigma^2 I: Wp = p I and W W^T = s I, s = p^2 /
/// alpha_p.
package struct SimSiamEquilibria: Sendable {
  /// sigma^2 and eta.
  package let augmentation: Double, weightDecay: Double

  /// Creates the equilibria for a variance of the augmentation and a weight decay.
  package init(augmentation: Double, weightDecay: Double) {
    (self.augmentation, self.weightDecay) = (augmentation, weightDecay)
  }

  /// The weight decay above which 0 is the only equilibrium: 1 / (4 (1 + sigma^2)).
  package var criticalWeightDecay: Double { 1 / (4 * (1 + augmentation)) }

  /// p-, the edge of the basin of collapse, and p+, which is stable; nil if there are none.
  package var predictors: (edge: Double, stable: Double)? {
    let square = 1 - 4 * weightDecay * (1 + augmentation)
    guard square >= 0 else { return nil }
    let width = 2 * (1 + augmentation)
    return ((1 - square.squareRoot()) / width, (1 + square.squareRoot()) / width)
  }

  /// The weight decay at which a start Wp = p I on the parabola begins to collapse: the limit of existence for large
  /// starts, and the basin's edge p (1 - (1 + sigma^2) p) for small ones.
  package static func collapse(from p: Double, augmentation: Double) -> Double {
    let it = SimSiamEquilibria(augmentation: augmentation, weightDecay: 0)
    return p >= 1 / (2 * (1 + augmentation)) ? it.criticalWeightDecay : p * (1 - (1 + augmentation) * p)
  }
}
