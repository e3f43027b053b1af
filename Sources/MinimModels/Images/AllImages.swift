import MinimAutodiff
import MinimData
import MinimNN

/// All binary images of a small canvas: pixel i of image `code` is bit i.
package enum AllImages {
  /// The images, row-major.
  package static func values(pixels: Int) -> [Float] {
    (0..<1 << pixels).flatMap { code in (0..<pixels).map { Float((code >> $0) & 1) } }
  }

  /// Two sums over all images of terms that depend on the image's code and on its log-probability. The forward pass is
  /// in the parameters' precision, the sum in Double, in an order that depends only on the number of images.
  ///
  /// - Parameters:
  ///   - height: the rows of the canvas.
  ///   - width: the columns of the canvas.
  ///   - classes: the number of classes that the model is conditional on; 0 for none.
  ///   - label: the label of all images.
  ///   - logProb: log p(x) of a batch, [n]; nats.
  ///   - term: the terms of an image.
  /// - Throws: `KernelError` if there is not enough memory.
  package static func sum(
    height: Int, width: Int, classes: Int, label: Int, _ trained: Trained, of logProb: (Batch) -> Tensor,
    _ term: @Sendable (_ code: Int, _ logProb: Double) -> (Double, Double)
  ) throws -> (Double, Double) {
    let pixels = height * width
    let count = 1 << pixels
    let chunk = min(256, count)
    let batch = Batch(count: chunk, exampleShape: [height, width, 1], classes: classes)
    let evaluator = try BatchEvaluator([[logProb(batch)]], chunk: chunk, trained)
    let sums = evaluator.mapChunks(count, of: "image") { range, worker in
      if let input = worker.input() {
        for (slot, code) in range.enumerated() {
          for pixel in 0..<pixels { input.examples[slot * pixels + pixel] = Double((code >> pixel) & 1) }
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
