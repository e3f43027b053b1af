import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// The claims about the model, each with a control that must fail. All in Double.

extension LinearSimSiam {
  /// SL1: the gradients. SL2: the laws of a step. SL3: the bound without stop-gradient. SL4: the equilibrium. SL5:
  /// whether the field is a gradient. SL6: the blind metric. SL7: where runs collapse. S0: no collapse.
  public func claims(_ trained: Trained) throws -> [Claim] {
    try [ofExpectation(trained), ofBatch(trained), lawOfSteps(trained), bound(), symmetry(trained), blindness(trained)]
      + equilibriumClaims(trained) + trained.checking("SL7") { try boundaryClaims(trained) } + [survival(trained)]
  }

  // MARK: - SL1: the gradients

  /// The engine's gradients of J, as a state.
  func gradients(_ loss: Tensor, at z: SimSiamLaws.State, _ inputs: [String: [Double]] = [:]) throws
    -> [Double]
  {
    var padded = [Double](repeating: 0, count: parameters.count)
    var place = 0
    let values = z.values
    for entry in parameters.entries {
      for index in entry.range {
        padded[index] = values[place]
        place += 1
      }
    }
    return try MinimAutodiff.evaluate(
      gradient(of: loss, withRespectTo: parameters.entries.map(\.tensor)), parameters: padded, inputs: inputs
    ).flatMap { $0 }
  }

  private func difference(_ a: [Double], _ b: SimSiamLaws.State) -> Double {
    zip(a, b.values).reduce(0) { max($0, abs($1.0 - $1.1)) } / max(1e-30, b.values.reduce(0) { max($0, abs($1)) })
  }

  private func ofExpectation(_ trained: Trained) throws -> Claim {
    let found = try gradients(expectation, at: start)
    return gradientClaim(
      Claim.Theorem("SL1", "gradients of J are the closed forms", .identity), found, laws.gradients(start),
      laws.with(stopGradient: !configuration.stopGradient).gradients(start))
  }

  /// SL1b: the gradients of a batch of eight pairs of views, with arbitrary moments.
  private func ofBatch(_ trained: Trained) throws -> Claim {
    let (d, count) = (inputs, 8)
    let key = RandomKey(seed: trained.seed).folding(.evaluation)
    let views = (0..<2).map { view in
      (0..<count * d).map { key.normal(at: UInt64(view * count * d + $0)) }
    }
    let names = ["first", "second"]
    let tensors = names.map { Tensor.input($0, shape: [count, d]) }
    let found = try gradients(
      loss(views: tensors[0], tensors[1]), at: start, Dictionary(uniqueKeysWithValues: zip(names, views)))
    func moment(_ a: [Double], _ b: [Double]) -> Matrix {
      (Matrix(count, d, a).transposed * Matrix(count, d, b)).scaled(by: 1 / Double(count))
    }
    func exact(_ laws: SimSiamLaws) -> SimSiamLaws.State {
      laws.gradients(
        start, first: moment(views[0], views[0]), second: moment(views[1], views[1]),
        cross: moment(views[0], views[1]))
    }
    return gradientClaim(
      Claim.Theorem("SL1b", "gradients of a batch are the closed forms of its own moments", .identity), found,
      exact(laws), exact(laws.with(stopGradient: !configuration.stopGradient)))
  }

  private func gradientClaim(
    _ theorem: Claim.Theorem, _ found: [Double], _ exact: SimSiamLaws.State, _ other: SimSiamLaws.State
  ) -> Claim {
    Claim(
      theorem, "largest difference over the largest element", measured: difference(found, exact), .equal, 0,
      tolerance: 1e-12,
      control: .init(
        configuration.stopGradient ? "those without stop-gradient" : "those with stop-gradient",
        changed: "the gradients", measured: difference(found, other),
        cannotFailIf: "stop-gradient makes no difference at this start"))
  }

  // MARK: - SL3: the bound

  /// |W(t)| <= e^(-(lambda + eta) t) |W(0)| along the flow without stop-gradient, whatever the predictor does.
  private func bound() throws -> Claim {
    let theorem = Claim.Theorem(
      "SL3", "without stop-gradient |W(t)| is at most e^(-(lambda + eta) t) |W(0)|, lambda the least eigenvalue of X'",
      formula: #"\|W(t)\| \le e^{-(\lambda + \eta) t} \|W(0)\|"#,
      .bound)
    guard !configuration.stopGradient else {
      return .notApplicable(theorem, "with stop-gradient W has no such bound")
    }
    let least = try configuration.augmentation.symmetricEigenvalues().first ?? .nan
    let rate = least + configuration.weightDecay
    func largest(_ laws: SimSiamLaws, _ predictor: Matrix?) -> Double {
      var z = SimSiamLaws.State(encoder: configuration.encoder, predictor: predictor)
      return (1...10).map { time -> Double in
        z = laws.flow(z, time: 1)
        let ratio = z.encoder.norm / (Elementary.exp(-rate * Double(time)) * configuration.encoder.norm)
        return ratio.isFinite ? ratio : .infinity
      }.max() ?? .nan
    }
    let own = configuration.hasPredictor ? configuration.predictor : nil
    let measured = largest(laws, own)
    guard measured.isFinite else { return .notApplicable(theorem, "the numbers overflow") }
    return Claim(
      theorem, "largest |W(t)| over its bound along the flow", measured: measured, .atMost, 1, tolerance: 1e-9,
      details: [("lambda", least)],
      control: .init(
        "the flow with stop-gradient and predictor", changed: "the gradient",
        measured: largest(laws.with(stopGradient: true), own ?? .scaledIdentity(outputs, 0.5)),
        cannotFailIf: "with stop-gradient and predictor this start obeys it too"))
  }

  // MARK: - SL6, S0: metrics

  /// The usual metric is 1 / sqrt(k) for outputs of mean 0, whatever they are.
  private func blindness(_ trained: Trained) throws -> Claim {
    let theorem = Claim.Theorem(
      "SL6", "the usual collapse metric is 1 / sqrt(k) at the end as at the start: it is blind",
      formula: #"\operatorname{Std}(z / \|z\|) = \frac{1}{\sqrt{k}}"#, .identity)
    guard outputs > 1 else { return .notApplicable(theorem, "one output has no direction") }
    let own = outputs(Self.views, of: matrices(trained).encoder, seed: trained.seed)
    guard own.allSatisfy(\.isFinite),
      (0..<Self.views).allSatisfy({ index in
        euclideanNorm(Array(own[index * outputs..<(index + 1) * outputs])) > 1e-250
      })
    else {
      return .notApplicable(theorem, "some outputs are 0 to the last digit")
    }
    // With an added constant, such as biases make, the metric sees something.
    let largest = own.reduce(0) { max($0, abs($1)) }
    let shifted = try CollapseMetrics(own.map { $0 + 10 * largest }, channels: outputs).rmsDeviation
    let expected = 1 / Double(outputs).squareRoot()
    return Claim(
      theorem, "deviation of a channel of z / |z|", measured: try CollapseMetrics(own, channels: outputs).rmsDeviation,
      .equal, expected, tolerance: 1e-9, samples: Self.views,
      details: [("encoderNorm", matrices(trained).encoder.norm)],
      control: .init("a constant added to every output", changed: "the mean", measured: shifted))
  }

  private func survival(_ trained: Trained) throws -> Claim {
    func trace(_ w: Matrix) -> Double { (w * total * w.transposed).trace }
    let first = trace(configuration.encoder)
    // The flow of the variant that collapses from everywhere, by theory.
    let without = SimSiamLaws(
      stopGradient: false, shared: configuration.shared, augmentation: configuration.augmentation
    ).flow(.init(encoder: configuration.encoder, predictor: nil), time: 60, step: 0.05)
    return Claim(
      CollapseMetrics.survival, "trace of the representation's covariance, over that at the start",
      measured: trace(matrices(trained).encoder) / first, .atLeast, 1e-2, tolerance: 0,
      control: .init(
        "the flow without stop-gradient and predictor for a time of 60", changed: "the variant",
        measured: trace(without.encoder) / first))
  }
}
