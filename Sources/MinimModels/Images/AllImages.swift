import MinimAutodiff
import MinimData
import MinimNN

/// All images of a small canvas, each with a code: its pixels in reading order are the digits of the code in the base of
/// the number of levels, the lowest first.
package struct AllImages: Sendable {
  /// Rows and columns of the canvas.
  package let height: Int, width: Int
  /// The number of levels of a pixel.
  package let levels: Int
  /// The number of images.
  package let count: Int

  /// Creates all images of a canvas; nil if there are more than `most`.
  package init?(height: Int, width: Int, levels: Int = 2, atMost most: Int) {
    var count = 1
    for _ in 0..<height * width {
      count *= levels
      if count > most { return nil }
    }
    (self.height, self.width, self.levels, self.count) = (height, width, levels, count)
  }

  /// Creates all images of a small canvas.
  ///
  /// - Precondition: there are at most 2^40. Whoever takes the extents of data asks by `atMost` instead.
  package init(height: Int, width: Int, levels: Int = 2) {
    guard let all = AllImages(height: height, width: width, levels: levels, atMost: 1 << 40) else {
      // Claims choose their canvases by `canvas` or check them by `atMost`: no config can cause this.
      preconditionFailure("\(height)x\(width) pixels of \(levels) levels have too many images to sum over")
    }
    self = all
  }

  /// The largest canvas, as square as can be, that has at most `most` images; two pixels at least, so that one can depend
  /// on the other.
  package static func canvas(levels: Int, atMost most: Int) -> AllImages {
    var pixels = 2
    while AllImages(height: 1, width: pixels + 1, levels: levels, atMost: most) != nil { pixels += 1 }
    let height = (1...pixels).last { $0 * $0 <= pixels } ?? 1
    return AllImages(height: height, width: pixels / height, levels: levels)
  }

  /// The number of pixels.
  package var pixels: Int { height * width }

  /// Rows and columns in words, such as 3x3.
  package var size: String { "\(height)x\(width)" }

  /// The images, row-major.
  package var values: [Float] {
    var values = [Float](repeating: 0, count: count * pixels)
    for code in 0..<count { write(code) { values[code * pixels + $0] = Float($1) } }
    return values
  }

  /// The code of an image.
  package func code(of image: ArraySlice<Float>) -> Int {
    image.reversed().reduce(0) { $0 * levels + Int($1) }
  }

  /// Calls `body` with every pixel of an image and its level.
  @inline(__always)
  private func write(_ code: Int, _ body: (_ pixel: Int, _ level: Int) -> Void) {
    var rest = code
    if levels == 2 {
      // Without divisions: there may be millions of images.
      for pixel in 0..<pixels { body(pixel, (rest >> pixel) & 1) }
      return
    }
    for pixel in 0..<pixels {
      body(pixel, rest % levels)
      rest /= levels
    }
  }

  /// Two sums over all images of terms that depend on the image's code and on its log-probability. The forward pass is
  /// in the parameters' precision, the sum in Double, in an order that depends only on the number of images.
  ///
  /// - Parameters:
  ///   - classes: the number of classes that the model is conditional on; 0 for none.
  ///   - label: the label of all images.
  ///   - logProb: log p(x) of a batch, [n]; nats.
  ///   - term: the terms of an image.
  /// - Throws: `KernelError` if there is not enough memory.
  package func sum(
    classes: Int, label: Int, _ trained: Trained, of logProb: (Batch) -> Tensor,
    _ term: @Sendable (_ code: Int, _ logProb: Double) -> (Double, Double)
  ) throws -> (Double, Double) {
    let chunk = min(256, count)
    let batch = Batch(count: chunk, exampleShape: [height, width, 1], classes: classes)
    let evaluator = try BatchEvaluator([[logProb(batch)]], chunk: chunk, trained)
    let sums = evaluator.mapChunks(count, of: "image") { range, worker in
      if let input = worker.input() {
        for (slot, code) in range.enumerated() {
          write(code) { input.examples[slot * pixels + $0] = Double($1) }
          input.labels?.write(class: label, of: classes, at: slot)
        }
      }
      let values = worker.run()
      return range.enumerated().reduce((0.0, 0.0)) { sum, place in
        let terms = term(place.element, values[place.offset])
        return (sum.0 + terms.0, sum.1 + terms.1)
      }
    }
    return sums.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
  }
}
