import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// A flow on whole numbers: bits per value on the splits, and distances of samples from them.

extension RealNVP {
  /// Upper bounds of the bits per value, next to the exact ones of independent values; copies; distances.
  func levelMetrics(_ trained: Trained, levels: Int) throws -> [Evaluation.Metric] {
    let bound = try DequantizedBound(self, trained)
    let data = trained.data
    var metrics = [("training", data.rows), ("validation", data.validation), ("test", data.test)].compactMap {
      name, part in
      part.map { bound.metric(name, $0) }
    }
    guard let images = HeldOutImages(trained, levels: levels) else { return metrics }
    metrics.append(
      .init(
        "independentBitsPerDimension", images.baseline.nll(of: images.unseen) / nats,
        "exactly, of independent pixels on \(data.test == nil ? "the last of these" : "the test images"), the baseline")
    )
    let samples = Self.quantized(try draws(HeldOutImages.samples, trained), levels: levels)
    return metrics + images.copies + images.distances(of: samples, unit: "gray values, all differences added up,")
  }

  /// The nats of a bit in each dimension.
  var nats: Double { Double(dimensions) * Elementary.log(2) }

  /// F5: the model has learned the dependence between values.
  func levelClaims(_ trained: Trained) throws -> [Claim] {
    guard let levels, let images = HeldOutImages(trained, levels: levels), images.isHeldOut else { return [] }
    let (bound, unseen) = (try DequantizedBound(self, trained), images.unseen)
    return [
      Claim(
        Claim.Theorem("F5", "unseen examples cost fewer bits than by independent values", .outcome),
        "bound of the bits per value of \(unseen.count) unseen images", unit: "bits per value",
        measured: bound.bits(of: unseen).mean, .atMost, images.baseline.nll(of: unseen) / nats, tolerance: 0,
        samples: unseen.count,
        control: .init(
          "each pixel taken from an image of its own", changed: "which pixels are together",
          measured: bound.bits(of: images.shuffled).mean))
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

  func metric(_ part: String, _ data: Dataset) -> Evaluation.Metric {
    let (mean, error) = bits(of: data)
    return .init(
      HeldOutLoss.key(part, "bitsPerDimension"), mean,
      "an upper bound, bits per value, \(Self.draws) draws of noise for each of \(data.count), +- \(error.roundedToMillionths)"
    )
  }
}
