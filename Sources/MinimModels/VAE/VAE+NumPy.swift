import MinimAutodiff
import MinimNN

extension VAE: NumPyExpressible {
  /// Samples, and log p(x) by importance sampling.
  package func numpyMethods(_ batch: Batch, _ trained: Trained) throws -> [NumPyMethod] {
    let x = batch.examples.reshape([batch.count, inputs]), q = posterior(batch.examples)
    let z = q.sample(noise: .normal(shape: [batch.count, configuration.latent], purpose: .model))
    let weights = logLikelihood(x, decode(z)) + DiagonalNormal.standard(shape: z.shape).logProb(z) - q.logProb(z)
    return NumPyMethod.decoder(width: configuration.latent, batch, means) + [
      NumPyMethod(
        "log_weights", "log p(x, z) - log q(z | x) for a draw of z from the encoder, in nats: [n].", [weights]),
      NumPyMethod(
        "log_prob", "log p(x) estimated by draws from the encoder, in nats: [n]; on average too low.",
        arguments: [.init("examples"), .init("draws=1000"), .seed],
        text: """
          weights = [self.log_weights(examples, self.draws(seed, step)) for step in range(draws)]
          return np.logaddexp.reduce(weights, axis=0) - self.array(np.log(draws))
          """),
    ]
  }
}
