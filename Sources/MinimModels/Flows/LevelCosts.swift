import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// What a density says about images of whole numbers: bits per value on the splits, next to the exact ones of independent
/// values, copies, and distances of samples.
struct LevelCosts {
  /// The nats of each example of a data set: upper bounds.
  typealias Cost = (Dataset) throws -> [Double]

  private let levels: Int
  private let trained: Trained
  private let cost: Cost
  private let meaning: String

  /// - Parameters:
  ///   - levels: the number of levels.
  ///   - trained: the data.
  ///   - meaning: the kind of figure that a cost is.
  ///   - cost: the nats of each example of a data set.
  init(levels: Int, _ trained: Trained, _ meaning: String, _ cost: @escaping Cost) {
    (self.levels, self.trained, self.meaning, self.cost) = (levels, trained, meaning, cost)
  }

  /// The nats of a bit in each value.
  private var nats: Double { Double(trained.data.exampleShape.reduce(1, *)) * Elementary.log(2) }

  /// The mean over examples of the bits per value, and its standard error.
  private func bits(of data: Dataset) throws -> (mean: Double, error: Double) {
    Statistics.mean(try cost(data).map { $0 / nats })
  }

  /// The metrics of the splits, the first rows of each.
  ///
  /// - Parameters:
  ///   - most: how many examples of a split count.
  ///   - samples: draws of the model, in the unit of the data.
  func metrics(most: Int = .max, samples: (Int) throws -> [Double]) throws -> [Evaluation.Metric] {
    let data = trained.data
    var metrics = try [("training", data.rows), ("validation", data.validation), ("test", data.test)].compactMap {
      name, part -> Evaluation.Metric? in
      guard let few = part.map({ $0.count > most ? $0.first(most) : $0 }) else { return nil }
      let (mean, error) = try bits(of: few)
      return .init(
        HeldOutLoss.key(name, "bitsPerDimension"), mean,
        "an upper bound, bits per value, \(meaning) \(few.count), +- \(error.roundedToMillionths)")
    }
    guard let images = HeldOutImages(trained, levels: levels) else { return metrics }
    metrics.append(
      .init(
        "independentBitsPerDimension", images.baseline.nll(of: images.unseen) / nats,
        "exactly, of independent pixels on \(data.test == nil ? "the last of these" : "the test images"), the baseline")
    )
    let drawn = DataUnit.quantized(try samples(HeldOutImages.samples), levels: levels)
    return metrics + images.copies + images.distances(of: drawn, unit: "gray values, all differences added up,")
  }

  /// F5: the model has learned the dependence between values. None if nothing is held out.
  func claims() throws -> [Claim] {
    guard let images = HeldOutImages(trained, levels: levels), images.isHeldOut else { return [] }
    let unseen = images.unseen
    return [
      Claim(
        Claim.Theorem(
          "F5", "unseen examples cost fewer bits than by independent values",
          formula: #"-\mathbb{E} \log_2 p_\theta(x + u) \le -\sum_i \mathbb{E} \log_2 p_i(x_i)"#, .outcome),
        "bound of the bits per value of \(unseen.count) unseen images", unit: "bits per value",
        measured: try bits(of: unseen).mean, .atMost, images.baseline.nll(of: unseen) / nats, tolerance: 0,
        samples: unseen.count,
        control: .init(
          "each pixel taken from an image of its own", changed: "which pixels are together",
          measured: try bits(of: images.shuffled).mean))
    ]
  }
}
