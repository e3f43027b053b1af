import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

extension PixelCNN {
  /// log p(x) of images given row-major, in nats; all with one label, if the model is conditional.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  package func logProbabilities(
    _ images: [Float], height: Int, width: Int, label: Int = 0, _ trained: Trained
  ) throws -> [Double] {
    let data = Dataset(
      name: "images", exampleShape: [height, width, 1], values: images,
      labels: classes > 0 ? [Int](repeating: label, count: images.count / (height * width)) : [], classes: classes)
    return try losses(of: data, trained).map { -$0 }
  }

  /// The mean -log p(x) over a data set, in nats, evaluated in Double.
  package func nll(of data: Dataset, _ trained: Trained) throws -> Double {
    let losses = try losses(of: data, trained.inDouble())
    return losses.reduce(0, +) / Double(losses.count)
  }

  /// The sum of the probabilities of all levels^(height * width) images, each evaluated whole: a sum along a tree of
  /// prefixes would be 1 whatever the net does. The forward pass is in the parameters' precision, the sum in Double, in
  /// a fixed order.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  package func totalMass(height: Int, width: Int, label: Int = 0, _ trained: Trained) throws -> Double {
    try sumOverImages(height: height, width: width, label: label, trained) { _, logProb in (Elementary.exp(logProb), 0)
    }.0
  }

  /// Two sums over all levels^(height * width) images of terms that depend on the image's code, see `AllImages`, and on
  /// log p(x).
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  package func sumOverImages(
    height: Int, width: Int, label: Int = 0, _ trained: Trained,
    _ term: @Sendable (_ code: Int, _ logProb: Double) -> (Double, Double)
  ) throws -> (Double, Double) {
    try AllImages(height: height, width: width, levels: levels).sum(
      classes: classes, label: label, trained, of: logProb, term)
  }

  /// The most images that are summed over: 2^25, those of 5x5 pixels of two levels, take minutes.
  static let mostImages = 1 << 25

  /// P2 on the run's own canvas: the sum over every image.
  ///
  /// - Parameter mass: the sum, if it is already known.
  func exactMassClaim(_ trained: Trained, mass: Double? = nil) throws -> Claim {
    let theorem = Claim.Theorem(
      "P2x", "the probabilities of all images of the run's own size sum to 1",
      formula: #"\sum_{x \in S} p_\theta(x) = 1, \quad |S| = L^{H \times W}"#, .identity)
    guard let all = AllImages(height: height, width: width, levels: levels, atMost: Self.mostImages) else {
      return .notApplicable(theorem, "a sum over more than 2^25 images takes too long")
    }
    let canvas = AllImages.canvas(levels: levels, atMost: Self.largeSum)
    let mass = try mass ?? totalMass(height: height, width: width, trained)
    let (other, vector) = try withMasks(otherMasks, trained.parameters)
    let leaked = try other.totalMass(height: canvas.height, width: canvas.width, trained.with(vector))
    return Claim(
      theorem, "sum over all \(levels)^\(height * width) images of \(all.size)", measured: mass, .equal, 1,
      tolerance: 1e-4,
      control: .init(
        "\(canvas.size) with masks \(otherMasks)", changed: "the first mask", measured: leaked,
        cannotFailIf: Self.leakIsIdle))
  }

  /// The floor of this net's receptive fields. It ignores what a leaking stack sees of a pixel itself and of later
  /// ones: no distribution could use it, so a leaking net falls below the floor, as it must.
  func floor(_ data: Dataset) -> Double {
    let fields = configuration.stack.receptiveFields(height: height, width: width).enumerated()
    return receptiveFieldFloor(fields.map { pixel, field in field.filter { $0 < pixel } }, data)
  }

  /// This net with the masks of another stack whose kernels have the same sizes: the weights of the common taps, and
  /// fresh draws for the taps that only the other has.
  package func withMasks(_ stack: MaskStack, _ parameters: ParameterVector) throws -> (PixelCNN, ParameterVector) {
    let other = twin(stack)
    let vector = try ParameterVector(other.parameters, precision: parameters.precision)
    vector.initialize(seed: 0)
    // Both have the same layers, so parameters in the same place have the same meaning.
    for (mine, theirs) in zip(self.parameters.entries, other.parameters.entries) {
      let values = parameters[mine]
      guard mine.shape != theirs.shape, let taps = taps(of: mine), let otherTaps = other.taps(of: theirs) else {
        vector[theirs] = values
        continue
      }
      let perTap = mine.shape[1] * mine.shape[2]
      var mixed = vector[theirs]
      for (index, tap) in otherTaps.enumerated() {
        guard let source = taps.firstIndex(of: tap) else { continue }
        mixed.replaceSubrange(
          index * perTap..<(index + 1) * perTap, with: values[source * perTap..<(source + 1) * perTap])
      }
      vector[theirs] = mixed
    }
    return (other, vector)
  }

  /// The taps along the first axis of a masked weight.
  private func taps(of entry: ParameterLayout.Entry) -> [Tap]? {
    net.maskedConvolutions.first { $0.weight === entry.tensor }?.taps
  }
}
