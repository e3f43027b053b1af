import MinimAutodiff
import MinimData
import MinimNN

extension PixelCNN: Model {
  /// -log p(x), in nats an image: the mean over the batch.
  public func objective(_ batch: Batch) -> Objective {
    Objective("nll", -logProb(batch.examples).mean())
  }

  /// Images drawn pixel by pixel; those that are no bars or stripes are told.
  public func samples(_ count: Int, from trained: Trained) throws -> SampleSheet {
    let pixels = height * width
    let images = try sample(count, height: height, width: width, purpose: .sampling, from: trained)
    let invalid = (0..<count).filter { !patterns.contains(images[$0 * pixels..<($0 + 1) * pixels]) }
    return SampleSheet(height: height, width: width, pixels: images, invalid: invalid)
  }

  /// The NLL as three parts; exactly, also the mass of all images of the run's extents.
  public func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    let nll = try nll(trained)
    let floor = floor(trained.data)
    var figures = [Evaluation.Figure("nll", nll, "mean -log p(x) over the data's distribution, nats an image")]
    if let entropy = trained.data.entropy {
      figures += [
        .init("entropy", entropy, "of the data's distribution, nats"),
        .init("blindSpotCost", floor - entropy, "what the receptive fields cannot see, nats"),
        .init("fitCost", nll - floor, "what training left, nats"),
      ]
    }
    return Evaluation(figures, claims: exact ? [try exactMassClaim(trained)] : [])
  }

  /// P1 to P5.
  public func claims(_ trained: Trained) throws -> [Claim] {
    let nll = try nll(trained)
    let first = [try receptiveFieldClaim(), try massClaim(trained), try floorClaim(trained, nll: nll)]
    guard configuration.stack.isAutoregressive(height: height, width: width) else {
      // There is no distribution to draw from or to have mass under.
      return first
        + ["P4", "P5"].map {
          .notApplicable(
            $0, "the sampler draws from the model's distribution", kind: .statistical,
            reason: "a pixel sees itself, so there is no distribution")
        }
    }
    return first + [try samplerClaim(trained)] + (try validityClaims(trained, patterns: patterns, nll: nll))
  }

  private var patterns: BarsAndStripes { BarsAndStripes(height: height, width: width, distribution: .distinct) }

  /// The most pixels whose images are all summed over: 2^25 of them take minutes.
  private static let mostPixels = 25

  /// P2 on the run's own canvas: the sum over every image.
  private func exactMassClaim(_ trained: Trained) throws -> Claim {
    let statement = "the probabilities of all 2^\(height * width) images of \(height)x\(width) sum to 1"
    guard height * width <= Self.mostPixels else {
      return .notApplicable(
        "P2x", statement, kind: .identity, reason: "a sum over more than 2^\(Self.mostPixels) images takes too long")
    }
    let mass = try totalMass(height: height, width: width, trained)
    let (other, vector) = try withMasks(configuration.stack.withOtherFirstMask, trained.parameters)
    let leaked = try other.totalMass(height: 4, width: 4, trained.with(vector))
    return Claim(
      "P2x", statement, kind: .identity, measured: mass, .equal, 1, tolerance: 1e-4,
      control: .init(
        statement: "the sum over 4x4 with masks \(configuration.stack.withOtherFirstMask)", changed: "the first mask",
        measured: leaked, fails: abs(leaked - 1) > 1e-4))
  }
}
