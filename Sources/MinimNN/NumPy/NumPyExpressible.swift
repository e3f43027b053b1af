import MinimAutodiff

/// A model that offers more in Python than its losses: log p(x), samples, or the maps between noise and examples.
package protocol NumPyExpressible: Model {
  /// The methods beyond those of the objective.
  ///
  /// - Parameters:
  ///   - batch: the examples that expressions are traced with.
  ///   - trained: the parameters, for a model that has computed constants from them and the data.
  /// - Throws: `KernelError` if there is not enough memory.
  func numpyMethods(_ batch: Batch, _ trained: Trained) throws -> [NumPyMethod]
}

extension NumPyMethod {
  /// The methods `decode` and `sample` of a model whose samples are a function of standard normals.
  ///
  /// - Parameters:
  ///   - width: the number of normals per sample.
  ///   - batch: the number of samples to trace with.
  ///   - levels: the number of levels if samples are rounded down to whole numbers; nil if they are not.
  ///   - decode: the function, [n, width] to [n, values of an example].
  package static func decoder(
    width: Int, _ batch: Batch, levels: Int? = nil, _ decode: (Tensor) -> Tensor
  ) -> [NumPyMethod] {
    let z = Tensor.input("z", shape: [batch.count, width])
    return [
      NumPyMethod(
        "decode", "What normals stand for: [n, \(width)] to rows of values, in the unit of the data.", [decode(z)],
        inputs: [Argument("z", preparation: "z, n = self.array(z), len(z)")]),
      NumPyMethod(
        "sample", "Samples, those of `minim sample` with the same seed: [count, ...].",
        arguments: [.count, .seed],
        text: """
          z = Key(self.seed if seed is None else seed).folding("sampling").normal(np.arange(count * \(width)))
          values = self.decode(z.reshape(count, \(width))).reshape(-1, *self.example_shape)
          return \(levels.map { "np.clip(np.floor(values), 0, \($0 - 1))" } ?? "values")
          """),
    ]
  }
}

extension NumPyMethod.Argument {
  /// The number of samples.
  package static let count = NumPyMethod.Argument("count")
  /// The seed of samples.
  package static let seed = NumPyMethod.Argument("seed=None")
}
