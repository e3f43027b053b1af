import MinimNN

extension ForwardReverse: NumPyExpressible {
  /// Those of the RealNVP under forward KL, whose samples the model shows.
  package func numpyMethods(_ batch: Batch, _ trained: Trained) throws -> [NumPyMethod] {
    try parts[2].model.numpyMethods(batch, trained)
  }
}
