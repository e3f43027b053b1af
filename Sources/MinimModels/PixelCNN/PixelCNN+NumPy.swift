import MinimAutodiff
import MinimNN

extension PixelCNN: NumPyExpressible {
  /// The logits of pixels and, if no pixel sees itself, log p(x) and samples, pixel by pixel.
  package func numpyMethods(_ batch: Batch, _ trained: Trained) throws -> [NumPyMethod] {
    let own = logits(batch.examples, labels: isConditional ? batch.labels : nil)
    let logits = NumPyMethod("logits", "The logits of pixels given those before: [n, height, width, logits].", [own])
    guard configuration.stack.isAutoregressive(height: height, width: width) else { return [logits] }
    let labels = isConditional ? ", labels" : ""
    return [
      logits,
      NumPyMethod(
        "log_prob", "log p(x), in nats: [n].",
        arguments: [.init("examples")] + (isConditional ? [.init("labels")] : []),
        text: "return -self.losses(examples\(labels))"),
      NumPyMethod(
        "sample", sampling,
        arguments: [.count, .seed] + (isConditional ? [.init("labels=None")] : []) + [.init("given=()")],
        text: samplingText),
    ]
  }

  private var sampling: String {
    "Images, those of `minim sample` with the same seed: [count, height, width, 1]; `given` are their first pixels."
  }

  /// Pixels in reading order, from the highest level down, by a uniform number each.
  private var samplingText: String {
    let inTurn = "np.arange(count) % self.classes if labels is None else labels"
    let classes = isConditional ? "labels = np.broadcast_to(\(inTurn), count)\n" : ""
    let own = levels == 2 ? "np.concatenate((0 * own, own), axis=-1)" : "own"
    return classes + """
      key = Key(self.seed if seed is None else seed).folding("sampling").folding(\(height * width))
      images = np.zeros((count, *self.example_shape), self.dtype)
      images.reshape(count, -1)[:, : len(given)] = given
      uniforms = np.stack([key.folding(image).uniform(np.arange(\(height * width))) for image in range(count)])
      for pixel in range(len(given), \(height * width)):
          place = (slice(None), pixel // \(width), pixel % \(width))
          own = self.logits(images\(isConditional ? ", labels" : ""))[place].astype(float)
          logits = \(own)
          sums = np.exp(logits - logits.max(axis=-1, keepdims=True))[:, ::-1].cumsum(axis=-1)
          passed = (uniforms[:, pixel, None] * sums[:, -1:] >= sums).sum(axis=-1)
          images[place] = np.maximum(\(levels - 1) - passed, 0)[:, None]
      return images
      """
  }
}
