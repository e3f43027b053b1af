import MinimAutodiff
import MinimData
import MinimDrawing
import MinimNN

extension PixelCNN: Model {
  /// -log p(x), in nats an image: the mean over the batch.
  public func objective(_ batch: Batch) -> Objective { Objective("nll", -logProb(batch).mean()) }

  /// -log p(x) of each image, in nats.
  public func losses(_ batch: Batch) -> Tensor? { -logProb(batch) }

  /// log p(x) of each image, [count], given its label where the model is conditional.
  func logProb(_ batch: Batch) -> Tensor {
    logProb(batch.examples, labels: configuration.isConditional ? batch.labels : nil)
  }

  /// Images drawn pixel by pixel, of all labels in turn where the model is conditional. Where the support of the data is
  /// known, those outside are told; where the data are a sample, each image has the nearest one of them beside it.
  public func samples(_ count: Int, from trained: Trained) throws -> Samples {
    let images = try sample(
      count, height: height, width: width, purpose: .sampling, label: { $0 % max(1, classes) }, from: trained)
    var invalid: [Int]?
    var neighbours: [Float]?
    switch trained.data.distribution {
    case .barsAndStripes(let patterns):
      let pixels = height * width
      invalid = (0..<count).filter { !patterns.contains(images[$0 * pixels..<($0 + 1) * pixels]) }
    case .ising: break
    case .linearGaussian, .tanhGaussian, .density, .energy, nil:
      neighbours = trained.data.rows.map { NearestImages($0).search(images, trained.pool).flatMap(\.image) }
    }
    return Samples(
      SampleSheet(
        height: height, width: width, pixels: images, invalid: invalid, neighbours: neighbours,
        columns: classes > 0 ? classes : nil))
  }

  /// What is known of the fit: exactly, against a known distribution, or on images that were held out.
  public func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    let evaluation =
      switch trained.data.distribution {
      case .barsAndStripes: try evaluateOnWhole(trained)
      case .ising(let ising): try evaluate(on: ising, trained, exact: exact)
      case .linearGaussian, .tanhGaussian, .density, .energy, nil: try evaluateOnHeldOut(trained)
      }
    guard exact, evaluation.claims.isEmpty else { return evaluation }
    return Evaluation(evaluation.figures, claims: [try exactMassClaim(trained)])
  }

  /// The NLL as three parts, by counting.
  private func evaluateOnWhole(_ trained: Trained) throws -> Evaluation {
    guard let data = trained.data.wholeDistribution, let entropy = data.entropy else { return Evaluation([]) }
    let nll = try nll(of: data, trained)
    let floor = floor(data)
    return Evaluation([
      .init("nll", nll, "mean -log p(x) over the data's distribution, nats an image"),
      .init("entropy", entropy, "of the data's distribution, nats"),
      .init("blindSpotCost", floor - entropy, "what the receptive fields cannot see, nats"),
      .init("fitCost", nll - floor, "what training left, nats"),
    ])
  }

  /// P1, P2 and P4 of any net, and those that what is known of the data allows.
  public func claims(_ trained: Trained) throws -> [Claim] {
    let any = [try receptiveFieldClaim(), try massClaim(trained)]
    let whole = try wholeNLL(trained)
    var floor: [Claim] = []
    switch trained.data.distribution {
    case .barsAndStripes: floor = try whole.map { [try floorClaim(trained, on: $0.data, nll: $0.nll)] } ?? []
    case .ising(let ising): floor = [try floorClaim(ising, trained)]
    case .linearGaussian, .tanhGaussian, .density, .energy, nil: break
    }
    guard configuration.stack.isAutoregressive(height: height, width: width) else {
      // There is no distribution to draw from or to have mass under.
      return any + floor
        + [Self.samplerTheorem, Self.validityTheorem].map {
          .notApplicable($0, "a pixel sees itself, so there is no distribution")
        }
    }
    let drawn = any + floor + [try samplerClaim(trained)]
    switch trained.data.distribution {
    case .barsAndStripes(let patterns):
      return drawn + (try whole.map { try validityClaims(trained, patterns: patterns, nll: $0.nll) } ?? [])
    case .ising(let ising): return drawn + [try correlationClaim(ising, trained)]
    case .linearGaussian, .tanhGaussian, .density, .energy, nil: return drawn + (try heldOutClaims(trained))
    }
  }

  /// The rows that are the distribution, and the NLL on them; nil where there are none, or labels stand beside them, of
  /// which the floors of this folder know nothing.
  private func wholeNLL(_ trained: Trained) throws -> (data: Dataset, nll: Double)? {
    guard classes == 0, let data = trained.data.wholeDistribution else { return nil }
    return (data, try nll(of: data, trained))
  }
}
