import MinimAutodiff
import MinimNN

extension LinearSimSiam: NumPyExpressible {
  /// The representations of views.
  package func numpyMethods(_ batch: Batch, _ trained: Trained) throws -> [NumPyMethod] {
    let views = Tensor.input("views", shape: [batch.count, inputs])
    return [
      NumPyMethod(
        "represent", "The representations W x of views x: [n, \(inputs)] to [n, \(outputs)].",
        [matmul(views, encoder.transpose([1, 0]))],
        inputs: [.init("views", preparation: "views, n = self.array(views), len(views)")])
    ]
  }
}
