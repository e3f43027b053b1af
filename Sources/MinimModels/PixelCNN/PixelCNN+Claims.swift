import MinimKernels
import MinimNN

// The theorems that hold for a PixelCNN on any data, each with a control that must fail.

extension PixelCNN {
  /// P1: each pixel sees what the masks say, no more and no less.
  package func receptiveFieldClaim() throws -> Claim {
    let stack = configuration.stack
    let expected = stack.receptiveFields(height: height, width: width)
    let found = try ReceptiveFieldProbe(stack, height: height, width: width).mismatches(expected)
    let leak = try ReceptiveFieldProbe(stack.withOtherFirstMask, height: height, width: width).mismatches(expected)
    let blind = stack.blindPixels(height: height, width: width)
    let centre = height / 2 * width + width / 2
    return Claim(
      "P1", "pixels whose receptive field, by gradients and by perturbation, is not the one of the masks \(stack)",
      kind: .identity, measured: Double(found), .equal, 0, tolerance: 0,
      details: [("blindPixelsOfCentre", Double(blind[centre].count))],
      control: .init(
        statement: "the same measurement with masks \(stack.withOtherFirstMask)", changed: "the first mask",
        measured: Double(leak), fails: leak != 0))
  }

  /// P2: the probabilities of all images of a small canvas sum to 1.
  package func massClaim(_ trained: Trained) throws -> Claim {
    let double = try trained.inDouble()
    // Each label has a distribution of its own.
    let small = try (0..<max(1, classes)).map { try totalMass(height: 3, width: 3, label: $0, double) }
    let large = try totalMass(height: 4, width: 4, double)
    let (other, vector) = try withMasks(configuration.stack.withOtherFirstMask, double.parameters)
    let leaked = try other.totalMass(height: 3, width: 3, double.with(vector))
    let worst = ([large] + small).reduce(1) { abs($1 - 1) > abs($0 - 1) ? $1 : $0 }
    return Claim(
      "P2", "the probabilities of all 512 images of 3x3 and all 65,536 of 4x4 sum to 1 with the run's weights",
      kind: .identity, measured: worst, .equal, 1, tolerance: 1e-9,
      details: [("mass3x3", small[0]), ("mass4x4", large)],
      control: .init(
        statement: "the sum over 3x3 with masks \(configuration.stack.withOtherFirstMask)", changed: "the first mask",
        measured: leaked, fails: abs(leaked - 1) > 1e-9))
  }

  /// P4: the sampler draws from the model's own distribution.
  package func samplerClaim(_ trained: Trained) throws -> Claim {
    let side = 3
    let images = Self.allImages(pixels: side * side)
    let double = try trained.inDouble()
    let probabilities = try logProbabilities(images, height: side, width: side, double).map(Elementary.exp)
    let count = 20_000
    func pValue(_ draws: Draws) throws -> Double {
      let drawn = try sample(count, height: side, width: side, purpose: .evaluation, draws: draws, from: trained)
      var counts = [Int](repeating: 0, count: images.count / (side * side))
      for index in 0..<count {
        let bits = (0..<side * side).map { drawn[index * side * side + $0] > 0.5 ? 1 << $0 : 0 }
        counts[bits.reduce(0, +)] += 1
      }
      let test = Statistics.chiSquare(counts, expected: probabilities.map { $0 * Double(count) })
      return Statistics.chiSquareTail(test.statistic, degrees: test.degrees)
    }
    let control = try pValue(.onePerImage)
    return Claim(
      "P4", "the p-value of \(count) samples of 3x3 against the exact 512 probabilities (chi-square, pooled cells)",
      kind: .statistical, measured: try pValue(.independent), .atLeast, 1e-4, tolerance: 0, samples: count,
      control: .init(
        statement: "the same sampler with one uniform for a whole image", changed: "the draws", measured: control,
        fails: control < 1e-4))
  }
}
