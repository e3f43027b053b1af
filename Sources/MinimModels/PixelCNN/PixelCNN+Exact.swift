import MinimAutodiff
import MinimKernels
import MinimNN

extension PixelCNN {
  /// log p(x) of images given row-major, in nats.
  ///
  /// - Throws: `KernelError` if there is not the memory.
  package func logProbabilities(_ images: [Float], height: Int, width: Int, _ trained: Trained) throws -> [Double] {
    let pixels = height * width
    let count = images.count / pixels
    let chunk = max(1, min(256, count))
    let batch = Batch(count: chunk, exampleShape: [height, width, 1])
    let evaluator = try BatchEvaluator([[logProb(batch.examples)]], chunk: chunk, trained)
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.initialize(repeating: 0)
      let results = UnsafeSendableBuffer(buffer)
      evaluator.forEachChunk(count) { range, worker in
        worker.examples()?.write(images[range.lowerBound * pixels..<range.upperBound * pixels], at: 0)
        let values = worker.run()
        for (slot, image) in range.enumerated() { results.buffer[image] = values[slot] }
      }
      initialized = count
    }
  }

  /// The sum of the probabilities of all 2^(height * width) images, every image evaluated whole: a sum along a tree of
  /// prefixes would be 1 whatever the net does. Forward in the parameters' precision, sum in Double, in a fixed order.
  ///
  /// - Throws: `KernelError` if there is not the memory.
  package func totalMass(height: Int, width: Int, _ trained: Trained) throws -> Double {
    let pixels = height * width
    let count = 1 << pixels
    let chunk = min(256, count)
    let batch = Batch(count: chunk, exampleShape: [height, width, 1])
    let evaluator = try BatchEvaluator([[logProb(batch.examples)]], chunk: chunk, trained)
    let sums = [Double](unsafeUninitializedCapacity: count / chunk) { buffer, initialized in
      buffer.initialize(repeating: 0)
      let results = UnsafeSendableBuffer(buffer)
      evaluator.forEachChunk(count) { range, worker in
        if let input = worker.examples() {
          for (slot, code) in range.enumerated() {
            for pixel in 0..<pixels { input[slot * pixels + pixel] = Double((code >> pixel) & 1) }
          }
        }
        let values = worker.run()
        var sum = 0.0
        for slot in 0..<range.count { sum += Elementary.exp(values[slot]) }
        results.buffer[range.lowerBound / chunk] = sum
      }
      initialized = count / chunk
    }
    return sums.reduce(0, +)
  }

  /// All images of a small canvas, image `code` having pixel i = bit i.
  package static func allImages(pixels: Int) -> [Float] {
    (0..<1 << pixels).flatMap { code in (0..<pixels).map { Float((code >> $0) & 1) } }
  }

  /// This net with the masks of another stack whose kernels have the same sizes: the weights of the taps that both have,
  /// and fresh draws for the taps that only the other has.
  package func withMasks(_ stack: MaskStack, _ parameters: ParameterVector) throws -> (PixelCNN, ParameterVector) {
    let other = twin(stack)
    let vector = try ParameterVector(other.parameters, precision: parameters.precision)
    vector.initialize(seed: 0)
    // Both have the same layers, so that parameters in the same place have the same meaning.
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
