import MinimAutodiff
import MinimNN

extension Bilinear: NumPyExpressible {
  /// Draws of the generator: g plus a standard normal for each value.
  package func numpyMethods(_ batch: Batch, _ trained: Trained) throws -> [NumPyMethod] {
    NumPyMethod.decoder(width: n, batch) { $0 + generator }
  }
}
