import MinimAutodiff
import MinimKernels
import MinimNN

extension PixelCNN {
  /// Which uniform decides a pixel.
  package enum Draws {
    /// One for each pixel of each sample.
    case independent
    /// One for a whole sample: a mistake, kept as the control of the claim about the sampler.
    case onePerImage
  }

  /// Images drawn pixel by pixel in reading order, each from its conditional given those before: ancestral sampling.
  /// A function of the parameters, the seed and the sample's index alone.
  ///
  /// - Returns: `count` images of 0 and 1, row-major.
  /// - Throws: `KernelError` if there is not the memory.
  package func sample(
    _ count: Int, height: Int, width: Int, purpose: RandomPurpose, draws: Draws = .independent, from trained: Trained
  ) throws -> [Float] {
    let chunk = max(1, min(256, count))
    // The rows below the one being drawn cannot reach it: its plan sees an image that ends with it.
    let rows = (0..<height).map { row in
      logits(Batch(count: chunk, exampleShape: [row + 1, width, 1]).examples)
        .slice([0, row, 0, 0], shape: [chunk, 1, width, 1])
    }
    let evaluator = try BatchEvaluator(rows.map { [$0] }, chunk: chunk, trained)
    let pixels = height * width
    // Canvases of different sizes draw independently of each other.
    let key = RandomKey(seed: trained.seed).folding(purpose.rawValue).folding(UInt64(pixels))
    return [Float](unsafeUninitializedCapacity: count * pixels) { buffer, initialized in
      buffer.initialize(repeating: 0)
      let images = UnsafeSendableBuffer(buffer)
      evaluator.forEachChunk(count) { range, worker in
        for pixel in 0..<pixels {
          let (row, column) = (pixel / width, pixel % width)
          if let input = worker.examples(row) {
            for (slot, image) in range.enumerated() {
              let seen = UnsafeBufferPointer(
                rebasing: images.buffer[image * pixels..<image * pixels + (row + 1) * width])
              input.write(seen, at: slot * (row + 1) * width)
            }
          }
          let logits = worker.run(row)
          for (slot, image) in range.enumerated() {
            let u = key.folding(UInt64(image)).uniform(at: draws == .independent ? UInt64(pixel) : 0)
            // u < sigmoid(l), without the division.
            let isOn = u * (1 + Elementary.exp(-logits[slot * width + column])) < 1
            images.buffer[image * pixels + pixel] = isOn ? 1 : 0
          }
        }
      }
      initialized = count * pixels
    }
  }
}

/// A buffer that several threads write, each at places of its own.
struct UnsafeSendableBuffer<Element>: @unchecked Sendable {
  let buffer: UnsafeMutableBufferPointer<Element>
  init(_ buffer: UnsafeMutableBufferPointer<Element>) { self.buffer = buffer }
}
