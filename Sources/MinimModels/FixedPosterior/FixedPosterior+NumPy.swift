import MinimAutodiff
import MinimNN

extension FixedPosterior: NumPyExpressible {
  /// Samples, and log p(x).
  package func numpyMethods(_ batch: Batch, _ trained: Trained) throws -> [NumPyMethod] {
    let (weight, bias) = theta(), deviation = start.variance.squareRoot()
    return [NumPyMethod("log_prob", "log p(x), in nats: [n].", [logProb(batch.examples)])]
      // The latent variable and the noise of x.
      + NumPyMethod.decoder(width: 2, batch) { z in
        let n = z.shape[0]
        return weight * z.slice([0, 0], shape: [n, 1]) + bias + deviation * z.slice([0, 1], shape: [n, 1])
      }
  }
}
