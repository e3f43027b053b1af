import MinimData
import MinimKernels
import MinimNN

// A PixelCNN on a sample of an unknown distribution: its results on images that it has not seen.

extension PixelCNN {
  /// NLLs on the splits, next to that of independent pixels, and distances of samples from the training images.
  func evaluateOnHeldOut(_ trained: Trained) throws -> Evaluation {
    guard let training = trained.data.rows else { return Evaluation([]) }
    let baseline = IndependentPixels(training)
    var figures: [Evaluation.Figure] = [
      .init(
        "trainingNLL", try nll(of: training, trained), "on the \(training.count) images of training, nats per image")
    ]
    for (name, data) in [("validation", trained.data.validation), ("test", trained.data.test)] {
      guard let data else { continue }
      figures.append(.init("\(name)NLL", try nll(of: data, trained), "on \(data.count) images held out for \(name)"))
    }
    let unseen = trained.data.test ?? trained.data.validation ?? training
    figures.append(.init("independentNLL", baseline.nll(of: unseen), "of independent pixels on the same, the baseline"))
    if let share = trained.data.shareOfDuplicates {
      figures.append(
        .init("shareOfDuplicates", share, "of all images that repeat one before; copies are never on both sides"))
    }
    return Evaluation(figures + (try distances(trained, training, unseen, baseline)))
  }

  /// Samples that are copies, or noise, would show in these distances.
  private func distances(
    _ trained: Trained, _ training: Dataset, _ unseen: Dataset, _ baseline: IndependentPixels
  ) throws -> [Evaluation.Figure] {
    let count = 300
    let samples = try sample(
      count, height: height, width: width, purpose: .evaluation, label: { $0 % max(1, classes) }, from: trained)
    let nearest = NearestImages(training)
    func median(_ images: [Float]) -> Double {
      let distances = nearest.search(images, trained.pool).map(\.distance).sorted()
      return Double(distances[(distances.count - 1) / 2] + distances[distances.count / 2]) / 2
    }
    let key = RandomKey(seed: trained.seed).folding(.evaluation).folding(2)
    return [
      .init(
        "sampleDistance", median(samples), "pixels from a sample to the nearest training image, median of \(count)"),
      .init("heldOutDistance", median(unseen.values), "the same of held-out images"),
      .init("independentDistance", median(baseline.draw(count, key: key)), "the same of independent pixels"),
    ]
  }

  /// P7: the model has learned the dependence between pixels.
  func heldOutClaims(_ trained: Trained) throws -> [Claim] {
    guard let training = trained.data.rows, let unseen = trained.data.test ?? trained.data.validation else { return [] }
    let baseline = IndependentPixels(training).nll(of: unseen)
    // Shuffling does not change the baseline's cost, and on shuffled pixels no model has a lower one on average. (An
    // untrained net would not be a control: on images half of whose pixels are on it does as well as the baseline.)
    let key = RandomKey(seed: trained.seed).folding(.evaluation).folding(3)
    let control = try nll(of: unseen.shufflingPixels(key: key), trained)
    return [
      Claim(
        Claim.Theorem("P7", "unseen images cost less than by independent pixels", .outcome),
        "NLL per image of \(unseen.count) unseen images", unit: "nats", measured: try nll(of: unseen, trained), .atMost,
        baseline, tolerance: 0, samples: unseen.count,
        control: .init(
          "each pixel taken from an image of its own", changed: "which pixels are together", measured: control))
    ]
  }
}
