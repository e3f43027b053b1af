import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// What a trained net should be worth, beside nets and figures that are not.

extension SimSiam {
  /// S1, S6: gradients. S7: DirectPred's predictor. S0: no collapse. S8: what was learned. S9: that it stands noise.
  public func claims(_ trained: Trained) throws -> [Claim] {
    let encoder = try TrainedEncoder(self, trained)
    return try gradientClaims(trained) + directPredictorClaim(encoder, trained) + [survival(encoder, trained)]
      + representationClaims(encoder, trained)
  }

  // MARK: - S0

  private func survival(_ encoder: TrainedEncoder, _ trained: Trained) throws -> Claim {
    let (k, metrics) = (projectionWidth, try collapseMetrics(encoder, trained))
    let bound = min(10, Double(k) / 4)
    let statement = "the representation has not collapsed: the effective rank of its projections' covariance"
    guard bound > 1, let data = trained.data.rows else {
      return .notApplicable("S0", statement, kind: .outcome, reason: "so few projections have no rank to speak of")
    }
    let rows = encoder.projections(of: data.first(TrainedEncoder.most))
    let first = try PrincipalComponents(rows, width: k).coordinates(of: rows, 1)
    let line = try CollapseMetrics(first.flatMap { [$0] + [Double](repeating: 0, count: k - 1) }, channels: k)
    return Claim(
      "S0", statement, kind: .outcome, measured: metrics.effectiveRank, .atLeast, bound, tolerance: 0,
      samples: rows.count / k, details: [("stdMetric", metrics.rmsDeviation * Double(k).squareRoot())],
      control: .init(
        statement: "that of their first principal component alone", changed: "the projections",
        measured: line.effectiveRank, fails: !(line.effectiveRank >= bound)))
  }

  // MARK: - S7

  /// The predictor that products of matrices have made, against eigenvectors.
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
    let control = difference { $0 }
    return [
      Claim(
        "S7",
        "the predictor has the eigenvectors of the correlation, and the roots of its eigenvalues: the largest difference",
        kind: .identity, measured: difference { $0.squareRoot() }, .equal, 0, tolerance: 4e-3, samples: data.count,
        control: .init(
          statement: "one with its eigenvalues", changed: "the roots", measured: control, fails: control > 4e-3))
    ]
  }

  // MARK: - S8, S9

  private func representationClaims(_ encoder: TrainedEncoder, _ trained: Trained) throws -> [Claim] {
    let gain =
      "held-out images that were moved are told better than by pixels or by the net before training: the gain in accuracy"
    let clean = "representations tell the classes of held-out images: the share of the five nearest neighbours' votes"
    let noise = "noise of 1 % of the mean norm on every number of a representation costs no accuracy: the loss"
    guard let test = RepresentationTest(trained) else {
      let reason = "the data have no labels, or nothing is held out for the test"
      return [("S8", gain), ("S8b", clean), ("S9", noise)].map {
        .notApplicable($0, $1, kind: .outcome, reason: reason)
      }
    }
    let pixels = exampleShape.reduce(1, *)
    let before = try TrainedEncoder(self, untrained(trained))
    let (known, queries) = test.representations(encoder.representations)
    let own = try test.shiftedAccuracy(width: encoder.width, encoder.representations)
    let ofPixels = try test.shiftedAccuracy(width: pixels, \.pixels)
    let untrained = try test.shiftedAccuracy(width: before.width, before.representations)
    let accuracy = try test.accuracy(known, queries, encoder.width)
    let chance = try test.accuracyByChance(known, queries, encoder.width)
    let loss = try accuracy - test.noisyAccuracy(known, queries, encoder.width)
    // As if all were nearly the same: a constant that is a hundred times as long.
    let constant = 100 * known.reduce(0) { max($0, abs($1)) }
    let (farKnown, farQueries) = (known.map { $0 + constant }, queries.map { $0 + constant })
    let controlLoss = try accuracy - test.noisyAccuracy(farKnown, farQueries, encoder.width)
    return [
      Claim(
        "S8", gain, kind: .outcome, measured: own - max(ofPixels, untrained), .atLeast, 0.15, tolerance: 0,
        samples: 9 * test.queries, details: [("own", own), ("pixels", ofPixels), ("untrained", untrained)],
        control: .init(
          statement: "that of the net before training over pixels", changed: "the parameters",
          measured: untrained - ofPixels, fails: untrained - ofPixels < 0.15)),
      Claim(
        "S8b", clean, kind: .outcome, measured: accuracy, .atLeast, 0.9, tolerance: 0, samples: test.queries,
        control: .init(
          statement: "with the labels of the training images in another order", changed: "the labels",
          measured: chance, fails: chance < 0.9)),
      Claim(
        "S9", noise, kind: .outcome, measured: loss, .atMost, 0.01, tolerance: 0, samples: test.queries,
        control: .init(
          statement: "that of the same representations a long way from the origin", changed: "the mean",
          measured: controlLoss, fails: controlLoss > 0.01)),
    ]
  }
}
