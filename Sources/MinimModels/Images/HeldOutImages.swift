import MinimData
import MinimKernels
import MinimNN

/// Measurements of a model of images whose distribution is unknown: its results on images that it has not seen, next to
/// those of a model that knows only single pixels.
struct HeldOutImages {
  let training: Dataset
  /// The images of the test split, or else of validation, or else of training.
  let unseen: Dataset
  /// Whether `unseen` is held out.
  let isHeldOut: Bool
  let baseline: IndependentLevels
  private let data: DataSplit
  private let trained: Trained

  /// - Returns: nil if the training data are not rows.
  init?(_ trained: Trained, levels: Int) {
    guard let training = trained.data.rows else { return nil }
    (data, self.trained, self.training) = (trained.data, trained, training)
    let heldOut = data.test ?? data.validation
    (unseen, isHeldOut) = (heldOut ?? training, heldOut != nil)
    baseline = IndependentLevels(training, levels: levels)
  }

  /// The share of images that are copies of others, if known.
  var copies: [Evaluation.Metric] {
    data.shareOfDuplicates.map {
      [.init("shareOfDuplicates", $0, "of all images that repeat one before; copies are never on both sides")]
    } ?? []
  }

  /// The number of samples that are compared with the training images.
  static let samples = 300

  /// The distances of samples from the training images: copies, or noise, would show in them.
  ///
  /// - Parameter unit: the unit of distances.
  func distances(of samples: [Float], unit: String) -> [Evaluation.Metric] {
    let nearest = NearestImages(training)
    func median(_ images: [Float]) -> Double {
      let distances = nearest.search(images, trained.pool).map(\.distance).sorted()
      return (distances[(distances.count - 1) / 2] + distances[distances.count / 2]) / 2
    }
    let independent = baseline.draw(samples.count / training.exampleCount, key: key(2))
    return [
      .init(
        "sampleDistance", median(samples),
        "\(unit) from a sample to the nearest training image, median of \(samples.count / training.exampleCount)"),
      .init("heldOutDistance", median(unseen.values), "the same of held-out images"),
      .init("independentDistance", median(independent), "the same of independent pixels"),
    ]
  }

  /// The images of the control of a claim that a model knows the dependence between pixels. Their cost to the baseline
  /// is that of the unseen images, and no model that knows more than single pixels has a lower one on average.
  var shuffled: Dataset { unseen.shufflingValues(key: key(3)) }

  private func key(_ number: UInt64) -> RandomKey {
    RandomKey(seed: trained.seed).folding(.evaluation).folding(number)
  }
}

extension Dataset {
  /// The same values at each place, shuffled among the examples: the dependence between places is gone.
  func shufflingValues(key: RandomKey) -> Dataset {
    let orders = (0..<exampleCount).map { key.folding(UInt64($0)).permutation(count: count) }
    let mixed = (0..<count).flatMap { image in
      orders.enumerated().map { pixel, order in values[order[image] * exampleCount + pixel] }
    }
    return Dataset(
      name: "\(name), shuffled", exampleShape: exampleShape, values: mixed, labels: labels, classes: classes)
  }
}
