import MinimDrawing
import MinimKernels
import MinimNN

// The claims that hold for a PixelCNN on any data, each with a control that must fail.

extension PixelCNN {
  /// The stack whose first mask is of the other kind: the change made by controls.
  var otherMasks: MaskStack { configuration.stack.withOtherFirstMask }

  /// P1: each pixel sees what the masks imply, no more and no less.
  package func receptiveFieldClaim() throws -> Claim {
    let stack = configuration.stack
    let expected = stack.receptiveFields(height: height, width: width)
    let found = try ReceptiveFieldProbe(stack, height: height, width: width, levels: levels).mismatches(expected)
    let leak = try ReceptiveFieldProbe(otherMasks, height: height, width: width, levels: levels).mismatches(expected)
    let blind = stack.blindPixels(height: height, width: width)
    let center = height / 2 * width + width / 2
    return Claim(
      Claim.Theorem(
        "P1", "every receptive field is the one implied by the masks",
        formula: #"\frac{\partial\,\text{logit}_i}{\partial x_j} \ne 0 \iff j \in \text{field}_i"#, .identity),
      "mismatched pixels, by gradients and by perturbation", measured: Double(found), .equal, 0, tolerance: 0,
      details: [("blindPixelsOfCenter", Double(blind[center].count))],
      control: .init("masks \(otherMasks)", changed: "the first mask", measured: Double(leak)))
  }

  /// P2: the probabilities of all images of a small canvas sum to 1.
  package func massClaim(_ trained: Trained) throws -> Claim {
    let double = try trained.inDouble()
    let (few, many) = (smallCanvas, AllImages.canvas(levels: levels, atMost: Self.largeSum))
    // Each label has a distribution of its own.
    let small = try (0..<max(1, classes)).map {
      try totalMass(height: few.height, width: few.width, label: $0, double)
    }
    let large = try totalMass(height: many.height, width: many.width, double)
    let (other, vector) = try withMasks(otherMasks, double.parameters)
    let leaked = try other.totalMass(height: few.height, width: few.width, double.with(vector))
    let worst = ([large] + small).reduce(1) { abs($1 - 1) > abs($0 - 1) ? $1 : $0 }
    return Claim(
      Claim.Theorem("P2", "the probabilities of all images sum to 1", formula: #"\sum_x p_\theta(x) = 1"#, .identity),
      "sum over all \(Readable.grouped(few.count)) images of \(few.size) and all \(Readable.grouped(many.count)) of \(many.size), "
        + "the worse of them", measured: worst, .equal, 1, tolerance: 1e-9,
      details: [("mass\(few.size)", small[0]), ("mass\(many.size)", large)],
      control: .init(
        "\(few.size) with masks \(otherMasks)", changed: "the first mask", measured: leaked,
        cannotFailIf: Self.leakIsIdle))
  }

  /// The most images of the smaller and of the larger canvas that are summed over: 3x3 and 4x4 of two levels.
  private static let smallSum = 512
  static let largeSum = 100_000

  private var smallCanvas: AllImages { AllImages.canvas(levels: levels, atMost: Self.smallSum) }

  /// A net that is certain of every pixel, or ignores all of them, has the same probabilities if a pixel sees itself.
  static let leakIsIdle = "seeing itself changes the probability of no pixel"

  /// P4: the sampler draws from the model's own distribution.
  package func samplerClaim(_ trained: Trained) throws -> Claim {
    let canvas = smallCanvas
    let (height, width, pixels) = (canvas.height, canvas.width, canvas.pixels)
    let double = try trained.inDouble()
    let probabilities = try logProbabilities(canvas.values, height: height, width: width, double).map(Elementary.exp)
    let count = 20_000
    func counts(_ draws: Draws) throws -> [Int] {
      let drawn = try sample(count, height: height, width: width, purpose: .evaluation, draws: draws, from: trained)
      var counts = [Int](repeating: 0, count: canvas.count)
      for index in 0..<count { counts[canvas.code(of: drawn[index * pixels..<(index + 1) * pixels])] += 1 }
      return counts
    }
    func pValue(_ counts: [Int]) -> Double {
      let test = Statistics.chiSquare(counts, expected: probabilities.map { $0 * Double(count) })
      return Statistics.chiSquareTail(test.statistic, degrees: test.degrees)
    }
    let independent = try counts(.independent)
    return Claim(
      Self.samplerTheorem,
      "p-value of \(count) samples of \(canvas.size) (chi-square, \(canvas.count) exact probabilities, pooled cells)",
      measured: pValue(independent), .atLeast, 1e-4, tolerance: 0,
      pValue: Statistics.countsTail(independent, probabilities: probabilities), samples: count,
      control: .init(
        "one uniform number per image", changed: "the draws", measured: pValue(try counts(.onePerImage)),
        cannotFailIf: "one number per image draws from the same distribution"))
  }

  static let samplerTheorem = Claim.Theorem(
    "P4", "the sampler draws from the model's distribution", formula: #"\mathbb{P}(\text{sample} = x) = p_\theta(x)"#,
    .statistical)

  /// P3. Over all images it is a bound; over draws of the data it is statistical.
  static func floorTheorem(_ kind: Claim.Kind) -> Claim.Theorem {
    Claim.Theorem(
      "P3", "the NLL of the data's distribution is at least the floor of the receptive fields",
      formula: #"-\mathbb{E} \log p_\theta(x) \ge \sum_i H(x_i \mid x_{\text{field}_i})"#, kind)
  }
}
