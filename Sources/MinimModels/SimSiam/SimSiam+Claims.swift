import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// Claims about the value of a trained net; their controls are nets and numbers without it.

extension SimSiam {
  /// S1, S6: gradients. S7: DirectPred's predictor. S0: no collapse. S8: what was learned. S9: robustness to noise.
  /// S10, S11: views and the loss.
  public func claims(_ trained: Trained) throws -> [Claim] {
    let encoder = try TrainedEncoder(self, trained)
    var claims = try trained.checking("S1 and S6") { try gradientClaims(trained) }
    claims += try trained.checking("S7") { try directPredictorClaim(encoder, trained) }
    claims.append(try trained.checking("S0") { try survival(encoder, trained) })
    claims += try trained.checking("S8 and S9") { try representationClaims(encoder, trained) }
    claims += try trained.checking("S10 and S11") { try formulaClaims(trained) }
    return claims
  }

  // MARK: - S0

  private func survival(_ encoder: TrainedEncoder, _ trained: Trained) throws -> Claim {
    let (k, metrics) = (projectionWidth, try collapseMetrics(encoder, trained))
    let bound = min(10, Double(k) / 4)
    guard bound > 1, let data = trained.data.rows else {
      return .notApplicable(CollapseMetrics.survival, "so few projections have no meaningful rank")
    }
    let rows = encoder.projections(of: data.first(TrainedEncoder.most))
    let first = try PrincipalComponents(rows, width: k).coordinates(of: rows, 1)
    let line = try CollapseMetrics(first.flatMap { [$0] + [Double](repeating: 0, count: k - 1) }, channels: k)
    return Claim(
      CollapseMetrics.survival, "effective rank of the projections' covariance", measured: metrics.effectiveRank,
      .atLeast, bound, tolerance: 0, samples: rows.count / k,
      details: [("stdMetric", metrics.rmsDeviation * Double(k).squareRoot())],
      control: .init(
        "their first principal component alone", changed: "the projections", measured: line.effectiveRank))
  }

  // MARK: - S7

  /// S7: the predictor made by products of matrices, compared with eigenvectors.
  private func directPredictorClaim(_ encoder: TrainedEncoder, _ trained: Trained) throws -> [Claim] {
    guard configuration.predictor == .direct, let data = trained.data.rows?.first(256) else { return [] }
    let (k, rows) = (projectionWidth, encoder.projections(of: data))
    let direct = DirectPredictor(regularization: configuration.regularization)
    let found = try MinimAutodiff.evaluate(
      [direct.matrix(of: .input("z", shape: [data.count, k]))], parameters: [], inputs: ["z": rows])[0]
    let correlation = RowMoments.correlation(rows, k)
    let (values, vectors) = try correlation.symmetricEigenvectors()
    let norm = euclideanNorm(values)
    func difference(_ eigenvalue: (Double) -> Double) -> Double {
      let used = values.map { eigenvalue(max(0, $0 / norm)) + configuration.regularization }
      return found.indices.reduce(0) { largest, place in
        let (i, j) = (place / k, place % k)
        let exact = vectors.indices.reduce(0) { $0 + used[$1] * vectors[$1][i] * vectors[$1][j] }
        return max(largest, abs(found[place] - exact))
      }
    }
    return [
      Claim(
        Claim.Theorem(
          "S7", "the predictor has the eigenvectors of the correlation and the roots of its eigenvalues",
          formula: #"W_p = U (\sqrt{\Lambda / \|\Lambda\|} + \epsilon I) U^\top"#, .identity),
        "largest difference of an element", measured: difference { $0.squareRoot() }, .equal, 0, tolerance: 4e-3,
        samples: data.count,
        control: .init(
          "the eigenvalues themselves", changed: "the roots", measured: difference { $0 },
          cannotFailIf: "the correlation has a single direction"))
    ]
  }

  // MARK: - S8, S9

  private static let gain = Claim.Theorem(
    "S8", "moved held-out images are classified better than by pixels or by the net before training",
    formula: #"a_\theta - \max(a_{\text{pixels}}, a_{\theta_0}) \ge 0.15"#, .outcome)
  private static let clean = Claim.Theorem(
    "S8b", "representations classify held-out images by their five nearest neighbors",
    formula: #"\text{accuracy} \ge 0.9"#, .outcome)
  private static let noise = Claim.Theorem(
    "S9", "noise of 1 % of the mean norm on a representation costs no accuracy",
    formula: #"a(z) - a(z + \epsilon) \le 0.01"#, .outcome)

  private func representationClaims(_ encoder: TrainedEncoder, _ trained: Trained) throws -> [Claim] {
    guard let test = RepresentationTest(trained) else {
      return [Self.gain, Self.clean, Self.noise].map {
        .notApplicable($0, "the data have no labels, or nothing is held out for the test")
      }
    }
    let (known, queries) = test.representations(encoder.representations)
    let accuracy = try test.accuracy(known, queries, encoder.width)
    return try [
      gainClaim(test, encoder, trained) ?? .notApplicable(Self.gain, "rows of numbers cannot be moved like images"),
      Claim(
        Self.clean, "accuracy", measured: accuracy, .atLeast, 0.9, tolerance: 0, samples: test.queries,
        control: .init(
          "the labels of the training images in another order", changed: "the labels",
          measured: try test.accuracyByChance(known, queries, encoder.width))),
      noiseClaim(test, known, queries, encoder.width, accuracy: accuracy),
    ]
  }

  private func gainClaim(_ test: RepresentationTest, _ encoder: TrainedEncoder, _ trained: Trained) throws -> Claim? {
    let before = try TrainedEncoder(self, untrained(trained))
    guard let own = try test.shiftedAccuracy(width: encoder.width, encoder.representations),
      let ofPixels = try test.shiftedAccuracy(width: exampleShape.reduce(1, *), \.pixels),
      let untrained = try test.shiftedAccuracy(width: before.width, before.representations)
    else { return nil }
    return Claim(
      Self.gain, "gain in accuracy over the better of both", measured: own - max(ofPixels, untrained), .atLeast, 0.15,
      tolerance: 0, samples: 9 * test.queries,
      details: [("own", own), ("pixels", ofPixels), ("untrained", untrained)],
      control: .init(
        "the net before training, over pixels", changed: "the parameters", measured: untrained - ofPixels))
  }

  private func noiseClaim(
    _ test: RepresentationTest, _ known: [Double], _ queries: [Double], _ width: Int, accuracy: Double
  ) throws -> Claim {
    // As if all were nearly the same: a constant that is a hundred times as long.
    let constant = 100 * known.reduce(0) { max($0, abs($1)) }
    let (farKnown, farQueries) = (known.map { $0 + constant }, queries.map { $0 + constant })
    return Claim(
      Self.noise, "loss of accuracy", measured: try accuracy - test.noisyAccuracy(known, queries, width), .atMost, 0.01,
      tolerance: 0, samples: test.queries,
      control: .init(
        "the same representations far from the origin", changed: "the mean",
        measured: try accuracy - test.noisyAccuracy(farKnown, farQueries, width)))
  }
}

extension CollapseMetrics {
  /// The theorem of deep and linear models, each with a metric of its own.
  static let survival = Claim.Theorem("S0", "the representation has not collapsed", .outcome)
}
