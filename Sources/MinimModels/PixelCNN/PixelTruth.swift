import MinimData
import MinimNN

/// Knowledge of the distribution that a PixelCNN learns: the one place where its samples, metrics and claims depend on
/// the data. A data set of one's own is judged by the held-out examples.
protocol PixelTruth {
  /// The images outside the support, and the nearest training image of each; nil if not applicable.
  func look(at images: [Float], _ trained: Trained) -> (invalid: [Int]?, neighbors: [Float]?)
  /// Metrics of the trained model.
  func evaluate(_ model: PixelCNN, _ trained: Trained, exact: Bool) throws -> Evaluation
  /// Claims about the lowest NLL that the receptive fields permit.
  func floorClaims(_ model: PixelCNN, _ trained: Trained) throws -> [Claim]
  /// Claims about draws and the quality of the fit; only for an autoregressive stack.
  func drawClaims(_ model: PixelCNN, _ trained: Trained) throws -> [Claim]
}

extension PixelCNN {
  /// The knowledge about some data.
  func truth(of data: DataSplit) -> any PixelTruth {
    switch data.distribution {
    case let patterns as BarsAndStripes: PatternTruth(patterns: patterns)
    case let ising as Ising: IsingTruth(ising: ising)
    default: HeldOutTruth()
    }
  }
}

/// All images of the distribution are known.
private struct PatternTruth: PixelTruth {
  let patterns: BarsAndStripes

  func look(at images: [Float], _ trained: Trained) -> (invalid: [Int]?, neighbors: [Float]?) {
    let pixels = trained.data.exampleShape.reduce(1, *)
    let all = 0..<images.count / pixels
    return (all.filter { !patterns.contains(images[$0 * pixels..<($0 + 1) * pixels]) }, nil)
  }

  func evaluate(_ model: PixelCNN, _ trained: Trained, exact: Bool) throws -> Evaluation {
    try model.evaluateOnWhole(trained)
  }

  func floorClaims(_ model: PixelCNN, _ trained: Trained) throws -> [Claim] {
    try model.wholeNLL(trained).map { [try model.floorClaim(trained, on: $0.data, nll: $0.nll)] } ?? []
  }

  func drawClaims(_ model: PixelCNN, _ trained: Trained) throws -> [Claim] {
    try trained.checking("P5") {
      try model.wholeNLL(trained).map { try model.validityClaims(trained, patterns: patterns, nll: $0.nll) } ?? []
    }
  }
}

/// The probability of every image is known.
private struct IsingTruth: PixelTruth {
  let ising: Ising

  func look(at images: [Float], _ trained: Trained) -> (invalid: [Int]?, neighbors: [Float]?) { (nil, nil) }

  func evaluate(_ model: PixelCNN, _ trained: Trained, exact: Bool) throws -> Evaluation {
    try model.evaluate(on: ising, trained, exact: exact)
  }

  func floorClaims(_ model: PixelCNN, _ trained: Trained) throws -> [Claim] { [try model.floorClaim(ising, trained)] }

  func drawClaims(_ model: PixelCNN, _ trained: Trained) throws -> [Claim] {
    [try trained.checking("P6") { try model.correlationClaim(ising, trained) }]
  }
}

/// Only examples are known, some of them held out.
private struct HeldOutTruth: PixelTruth {
  func look(at images: [Float], _ trained: Trained) -> (invalid: [Int]?, neighbors: [Float]?) {
    (nil, trained.data.rows.map { NearestImages($0).search(images, trained.pool).flatMap(\.image) })
  }

  func evaluate(_ model: PixelCNN, _ trained: Trained, exact: Bool) throws -> Evaluation {
    try model.evaluateOnHeldOut(trained)
  }

  func floorClaims(_ model: PixelCNN, _ trained: Trained) throws -> [Claim] { [] }

  func drawClaims(_ model: PixelCNN, _ trained: Trained) throws -> [Claim] {
    try trained.checking("P7") { try model.heldOutClaims(trained) }
  }
}
