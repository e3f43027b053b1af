import MinimAutodiff
import MinimNN

extension RealNVP: NumPyExpressible {
  /// Samples, and log p(x); of whole numbers it is the density with noise, as in training.
  package func numpyMethods(_ batch: Batch, _ trained: Trained) throws -> [NumPyMethod] {
    let meaning = levels == nil ? "log p(x), in nats: [n]." : "log p of whole numbers with noise, in nats: [n]."
    return [NumPyMethod("log_prob", meaning, [logProb(unit.dequantized(batch))])]
      + NumPyMethod.decoder(width: dimensions, batch, levels: levels) { flow.forwardAndLogDet($0).y }
  }
}
