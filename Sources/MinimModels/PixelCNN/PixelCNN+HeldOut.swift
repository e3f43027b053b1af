import MinimData
import MinimDrawing
import MinimKernels
import MinimNN

// A PixelCNN on a sample of an unknown distribution: its results on images that it has not seen.

extension PixelCNN {
  /// NLLs on the splits, next to that of independent pixels, and distances of samples from the training images.
  func evaluateOnHeldOut(_ trained: Trained) throws -> Evaluation {
    guard let images = HeldOutImages(trained, levels: levels) else { return Evaluation([]) }
    var metrics: [Evaluation.Metric] = [
      .init(
        "trainingNLL", try nll(of: images.training, trained),
        "on the \(Readable.count(images.training.count, "image")) of training, nats per image")
    ]
    for (name, data) in [("validation", trained.data.validation), ("test", trained.data.test)] {
      guard let data else { continue }
      metrics.append(
        .init(
          "\(name)NLL", try nll(of: data, trained), "on \(Readable.count(data.count, "image")) held out for \(name)"))
    }
    metrics.append(
      .init("independentNLL", images.baseline.nll(of: images.unseen), "of independent pixels on the same, the baseline")
    )
    let samples = try sample(
      HeldOutImages.samples, height: height, width: width, purpose: .evaluation, label: { $0 % max(1, classes) },
      from: trained)
    if levels > 2 { metrics += bitsPerDimension(metrics) }
    let unit = levels == 2 ? "pixels" : "levels, all differences added up,"
    return Evaluation(metrics + images.copies + images.distances(of: samples, unit: unit))
  }

  /// The metrics of images in nats as bits per pixel, the unit in which models of images of different sizes are compared.
  private func bitsPerDimension(_ metrics: [Evaluation.Metric]) -> [Evaluation.Metric] {
    let nats = Double(height * width) * Elementary.log(2)
    return metrics.map {
      .init($0.name.replacing("NLL", with: "BitsPerDimension"), $0.value / nats, "the same in bits per pixel")
    }
  }

  /// P7: the model has learned the dependence between pixels.
  func heldOutClaims(_ trained: Trained) throws -> [Claim] {
    guard let images = HeldOutImages(trained, levels: levels), images.isHeldOut else { return [] }
    let unseen = images.unseen
    // An untrained net would not be a control: on images half of whose pixels are on it does as well as the baseline.
    return [
      Claim(
        Claim.Theorem(
          "P7", "unseen images cost less than by independent pixels",
          formula: #"-\mathbb{E} \log p_\theta(x) \le -\sum_i \mathbb{E} \log p_i(x_i)"#, .outcome),
        "NLL per image of \(unseen.count) unseen images", unit: "nats", measured: try nll(of: unseen, trained), .atMost,
        images.baseline.nll(of: unseen), tolerance: 0, samples: unseen.count,
        control: .init(
          "each pixel taken from an image of its own", changed: "which pixels are together",
          measured: try nll(of: images.shuffled, trained)))
    ]
  }
}
