import MinimAutodiff
import MinimNN

extension DiracGAN: NumPyExpressible {
  /// The generator's only point, as often as it is asked for.
  package func numpyMethods(_ batch: Batch, _ trained: Trained) throws -> [NumPyMethod] {
    let points = generator.broadcast(to: [batch.count, 1])
    return [NumPyMethod("sample", "The generator's only point, n times: [n, 1].", [points])]
  }
}
