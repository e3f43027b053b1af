import MinimAutodiff
import MinimKernels
import MinimNN

extension PixelCNN {
  /// The uniforms that decide pixels.
  package enum Draws {
    /// One for each pixel of each sample.
    case independent
    /// One for a whole sample: a mistake, kept as the control of the claim about the sampler.
    case onePerImage
  }

  /// Draws images pixel by pixel in reading order, each pixel from its conditional given those before: ancestral
  /// sampling. A function of the parameters, the seed and the sample's index alone.
  ///
  /// - Parameters:
  ///   - given: the first pixels of every image, which are not drawn.
  ///   - label: the label of each image by its index, if the model is conditional.
  /// - Returns: `count` images of levels, row-major.
  /// - Throws: `KernelError` if there is not enough memory.
  package func sample(
    _ count: Int, height: Int, width: Int, purpose: RandomPurpose, draws: Draws = .independent,
    given: [Float] = [], label: @Sendable (Int) -> Int = { _ in 0 }, from trained: Trained
  ) throws -> [Float] {
    let chunk = max(1, min(256, count))
    let outputs = levels == 2 ? 1 : levels
    // The rows below the one being drawn cannot reach it: its plan sees an image that ends with it.
    let rows = (0..<height).map { row in
      let batch = Batch(count: chunk, exampleShape: [row + 1, width, 1], classes: classes)
      return logits(batch.examples, labels: batch.labels)
        .slice([0, row, 0, 0], shape: [chunk, 1, width, outputs])
    }
    let evaluator = try BatchEvaluator(rows.map { [$0] }, chunk: chunk, trained)
    let pixels = height * width
    // Canvases of different sizes draw independently of each other.
    let key = RandomKey(seed: trained.seed).folding(purpose).folding(UInt64(pixels))
    return evaluator.mapChunks(count, of: "sample") { range, worker in
      var images = [Float](repeating: 0, count: range.count * pixels)
      for slot in 0..<range.count { images.replaceSubrange(slot * pixels..<slot * pixels + given.count, with: given) }
      for pixel in given.count..<pixels {
        let (row, column) = (pixel / width, pixel % width)
        if let input = worker.input(row) {
          images.withUnsafeBufferPointer { images in
            for (slot, image) in range.enumerated() {
              let seen = UnsafeBufferPointer(rebasing: images[slot * pixels..<slot * pixels + (row + 1) * width])
              input.examples.write(seen, at: slot * (row + 1) * width)
              input.labels?.write(class: label(image), of: classes, at: slot)
            }
          }
        }
        let logits = worker.run(row)
        for (slot, image) in range.enumerated() {
          let u = key.folding(UInt64(image)).uniform(at: draws == .independent ? UInt64(pixel) : 0)
          images[slot * pixels + pixel] = Float(level(by: u, logits, at: (slot * width + column) * outputs))
        }
      }
      return images
    }.flatMap { $0 }
  }

  /// The level that a uniform number chooses by the logits of a pixel, which begin at `start`.
  private func level(by u: Double, _ logits: ValueBuffer, at start: Int) -> Int {
    if levels == 2 {
      // u < sigmoid(l), without the division.
      return u * (1 + Elementary.exp(-logits[start])) < 1 ? 1 : 0
    }
    let all = 0..<levels
    let largest = all.reduce(-Double.infinity) { max($0, logits[start + $1]) }
    var rest = u * all.reduce(0) { $0 + Elementary.exp(logits[start + $1] - largest) }
    // From the highest level down, as above: the smaller u, the brighter the pixel.
    for level in all.reversed() {
      rest -= Elementary.exp(logits[start + level] - largest)
      if rest < 0 { return level }
    }
    // The sum may be rounded to less than its parts.
    return 0
  }
}
