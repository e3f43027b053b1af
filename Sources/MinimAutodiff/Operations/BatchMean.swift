/// The mean of a value over the shards of a batch, each with its share. Where a batch is not cut it is the value itself.
///
/// The loss of a batch is the mean of the losses L_t of its shards with the shares w_t. Of x_s in one shard its derivative is
/// w_s sum_t w_t dL_t/dm, and a shard's plan makes what is weighted by w_s later: so the adjoint is the mean over the
/// shards of their own adjoints, the same operation again.
package struct BatchMean: Operation {
  package var signature: String { "batch mean" }
  package var role: Role { .exchange }

  package func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] { [dy.batchMean()] }

  /// Puts the shard's own value where whoever runs the shards exchanges it, see `Plan.exchanges`.
  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    .copy(CopyInstruction(from: inputs[0], strides: inputs[0].strides, to: output, extent: inputs[0].shape))
  }
}

extension Tensor {
  /// The mean over the whole batch of what is a mean over each of its shards, such as `x.mean(axes: [0])`: statistics of a
  /// batch do then not depend on how it is cut. A step of training exchanges them between its shards.
  public func batchMean() -> Tensor { Tensor(BatchMean(), [self], shape: shape) }
}
