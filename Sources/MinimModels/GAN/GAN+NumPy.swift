import MinimAutodiff
import MinimNN

extension GAN: NumPyExpressible {
  /// Samples of the generator.
  package func numpyMethods(_ batch: Batch, _ trained: Trained) throws -> [NumPyMethod] {
    NumPyMethod.decoder(width: configuration.latent, batch) { scaling.restored(generate($0)) }
  }
}
