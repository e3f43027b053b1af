import MinimAutodiff
import MinimData
import MinimDrawing
import MinimNN

extension PixelCNN: Model {
  /// Returns nats.
  public var lossUnit: String? { "nats" }

  /// -log p(x), in nats per image: the mean over the batch.
  public func objective(_ batch: Batch) -> Objective { Objective("nll", -logProb(batch).mean()) }

  /// -log p(x) of each image, in nats.
  public func losses(_ batch: Batch) -> Tensor? { -logProb(batch) }

  /// log p(x) of each image, [count], given its label if the model is conditional.
  func logProb(_ batch: Batch) -> Tensor {
    logProb(batch.examples, labels: configuration.isConditional ? batch.labels : nil)
  }

  /// Images drawn pixel by pixel, of all labels in turn if the model is conditional and none is asked for. If the support
  /// of the data is known, samples outside of it are marked; if the data are a sample, each image has its nearest training
  /// image next to it.
  public func samples(_ request: SampleRequest, from trained: Trained) throws -> Samples {
    try check(request)
    let images = try sample(
      request.count, height: height, width: width, purpose: .sampling, given: request.given,
      label: { request.label ?? $0 % max(1, classes) }, from: trained)
    let (invalid, neighbors) = truth(of: trained.data).look(at: images, trained)
    let caption =
      neighbors != nil
      ? SampleSheet.besideNeighbors
      : invalid.map { [Self.caption(invalid: $0.count, of: request.count)] } ?? []
    let sheet = SampleSheet(
      height: height, width: width, pixels: brightness(images), invalid: invalid,
      neighbors: neighbors.map(brightness), columns: classes > 0 && request.label == nil ? classes : nil,
      captions: classes > 0 ? request.captions(trained.data.classNames) : caption)
    return Samples(images, exampleShape: [height, width, 1], content: .sheet(sheet))
  }

  private static func caption(invalid: Int, of count: Int) -> String {
    invalid == 0
      ? "samples; all are among the possible images"
      : "samples; \(invalid) of \(count), framed in red, are not among the possible images"
  }

  /// Levels between 0, black, and 1, white.
  private func brightness(_ images: [Float]) -> [Float] {
    levels == 2 ? images : images.map { $0 / Float(levels - 1) }
  }

  /// Returns the quality of the fit: exactly, against a known distribution, or on held-out images.
  public func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    let evaluation = try truth(of: trained.data).evaluate(self, trained, exact: exact)
    guard exact, evaluation.claims.isEmpty else { return evaluation }
    return Evaluation(evaluation.metrics, claims: [try trained.checking("P2x") { try exactMassClaim(trained) }])
  }

  /// Returns P1, P1b, P2 and P4 for any net, and the claims that the data permit.
  public func claims(_ trained: Trained) throws -> [Claim] {
    let any = try [
      trained.checking("P1") { try receptiveFieldClaim() }, trained.checking("P1b") { try layerClaim() },
      trained.checking("P2") { try massClaim(trained) },
    ]
    let truth = truth(of: trained.data)
    let floor = try trained.checking("P3") { try truth.floorClaims(self, trained) }
    guard configuration.stack.isAutoregressive(height: height, width: width) else {
      // There is no distribution to draw from or to have mass under.
      return any + floor
        + [Self.samplerTheorem, Self.validityTheorem].map {
          .notApplicable($0, "a pixel sees itself, so there is no distribution")
        }
    }
    let sampler = try trained.checking("P4") { try samplerClaim(trained) }
    return any + floor + [sampler] + (try truth.drawClaims(self, trained))
  }
}
