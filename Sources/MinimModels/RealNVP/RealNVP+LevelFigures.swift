import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// A flow on whole numbers: bits per value on the splits, and distances of samples from them.

extension RealNVP {
  /// Upper bounds of the bits per value, next to the exact ones of independent values; copies; distances.
  func levelFigures(_ trained: Trained, levels: Int) throws -> [Evaluation.Figure] {
    let bound = try DequantizedBound(self, trained)
    let data = trained.data
    var figures = [("training", data.rows), ("validation", data.validation), ("test", data.test)].compactMap {
      name, part in
      part.map { bound.figure(name, $0) }
    }
    guard let training = data.rows else { return figures }
    let baseline = IndependentLevels(training, levels: levels)
    let unseen = data.test ?? data.validation ?? training
    figures.append(
      .init(
        "independentBitsPerDimension", baseline.nll(of: unseen) / nats,
        "exactly, of independent pixels on \(data.test == nil ? "the last of these" : "the test images"), the baseline")
    )
    if let share = data.shareOfDuplicates {
      figures.append(
        .init("shareOfDuplicates", share, "of all images that repeat one before; copies are never on both sides"))
    }
    return figures + (try distances(trained, training, unseen, baseline))
  }

  /// The nats of a bit in each dimension.
  var nats: Double { Double(dimensions) * Elementary.log(2) }

  /// Samples that are copies, or noise, would show in these distances.
  private func distances(
    _ trained: Trained, _ training: Dataset, _ unseen: Dataset, _ baseline: IndependentLevels
  ) throws -> [Evaluation.Figure] {
    let count = 300
    let samples = Self.quantized(try draws(count, trained), levels: baseline.levels)
    let nearest = NearestGrayImages(training)
    func median(_ images: [Float]) -> Double {
      let distances = nearest.search(images, trained.pool).map(\.distance).sorted()
      return (distances[(distances.count - 1) / 2] + distances[distances.count / 2]) / 2
    }
    let key = RandomKey(seed: trained.seed).folding(.evaluation).folding(2)
    return [
      .init(
        "sampleDistance", median(samples),
        "gray values, all differences added up, from a sample to the nearest training image, median of \(count)"),
      .init("heldOutDistance", median(unseen.values), "the same of held-out images"),
      .init("independentDistance", median(baseline.draw(count, key: key)), "the same of independent pixels"),
    ]
  }

  /// F5: the model has learned the dependence between values.
  func levelClaims(_ trained: Trained) throws -> [Claim] {
    guard let levels, let training = trained.data.rows, let unseen = trained.data.test ?? trained.data.validation
    else { return [] }
    let bound = try DequantizedBound(self, trained)
    let baseline = IndependentLevels(training, levels: levels).nll(of: unseen) / nats
    // Shuffling does not change the cost of independent pixels, and on shuffled pixels no model has a lower one on
    // average.
    let key = RandomKey(seed: trained.seed).folding(.evaluation).folding(3)
    let control = bound.bits(of: unseen.shufflingPixels(key: key)).mean
    return [
      Claim(
        Claim.Theorem("F5", "unseen examples cost fewer bits than by independent values", .outcome),
        "bound of the bits per value of \(unseen.count) unseen images", unit: "bits per value",
        measured: bound.bits(of: unseen).mean, .atMost, baseline, tolerance: 0, samples: unseen.count,
        control: .init(
          "each pixel taken from an image of its own", changed: "which pixels are together", measured: control))
    ]
  }
}

/// The upper bound of the bits per value of whole numbers, by several draws of the noise for each example; in Double.
struct DequantizedBound {
  private let model: RealNVP
  private let evaluator: BatchEvaluator
  private let seed: UInt64

  private static let draws = 16
  private static let chunk = 64

  /// - Throws: `KernelError` if there is not enough memory.
  init(_ model: RealNVP, _ trained: Trained) throws {
    self.model = model
    seed = trained.seed
    let batch = Batch(count: Self.chunk, exampleShape: model.exampleShape)
    let loss = -model.logProb(model.dequantized(batch, .evaluation))
    evaluator = try BatchEvaluator([[loss]], chunk: Self.chunk, trained.inDouble())
  }

  /// The mean over examples of the bound in bits per value, and its standard error.
  func bits(of data: Dataset) -> (mean: Double, error: Double) {
    let sums = evaluator.gather(data.count) { range, worker, sums in
      worker.input()?.write(ArraySlice(range), of: data)
      for draw in 0..<Self.draws {
        worker.setRandom(seed: seed, step: UInt64(draw), firstExample: range.lowerBound)
        let values = worker.run()
        for index in sums.indices { sums[index] += values[index] }
      }
    }
    return Statistics.mean(sums.map { $0 / (Double(Self.draws) * model.nats) })
  }

  func figure(_ part: String, _ data: Dataset) -> Evaluation.Figure {
    let (mean, error) = bits(of: data)
    return .init(
      HeldOutLoss.key(part, "bitsPerDimension"), mean,
      "an upper bound, bits a value, \(Self.draws) draws of noise for each of \(data.count), +- \(RealNVP.short(error))"
    )
  }
}
