/// The mean of a value over the shards of a batch, weighted by their shares. In a batch that is not cut, the value
/// itself.
///
/// The loss of a batch is the mean of the losses L_t of its shards with the shares w_t. Its derivative with respect to
/// x_s in one shard is w_s sum_t w_t dL_t/dm, and the weight w_s is applied later, after the shard's plan. The adjoint
/// is therefore the mean over the shards of their own adjoints: the same operation again.
package struct BatchMean: Operation {
  package var signature: String { "batch mean" }
  package var role: Role { .exchange }

  package func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] { [dy.batchMean()] }

  /// Leaves the shard's own value where the code that runs the shards exchanges it; see `Plan.exchanges`.
  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    .copy(CopyInstruction(from: inputs[0], strides: inputs[0].strides, to: output, extent: inputs[0].shape))
  }
}

extension Tensor {
  /// The mean over the whole batch of what is a mean over each of its shards, such as `x.mean(axes: [0])`. Statistics
  /// of a batch then do not depend on how it is cut. A step of training exchanges the values between its shards.
  public func batchMean() -> Tensor { Tensor(BatchMean(), [self], shape: shape) }
}
