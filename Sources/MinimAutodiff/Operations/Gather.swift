/// Rows of a tensor by index: y[i] = x[index[i]]. Indices are whole numbers in the plan's own scalar type and have no
/// derivative. The adjoint of `ScatterAdd`.
package struct Gather: Operation {
  package var signature: String { "gather" }

  package func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] {
    [dy.scatterAdd(y.inputs[1], rows: y.inputs[0].shape[0]), nil]
  }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    .gather(
      RowsInstruction(
        src: inputs[0].slot, index: inputs[1].slot, dst: output.slot, rows: output.shape[0],
        columns: output.shape.dropFirst().reduce(1, *), otherRows: inputs[0].shape[0]))
  }
}

/// Rows added into a tensor of zeros, in order: y[index[i]] += x[i]. The adjoint of `Gather`.
package struct ScatterAdd: Operation {
  package let rows: Int
  package var signature: String { "scatter-add into \(rows) rows" }

  package func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] { [dy.gather(y.inputs[1]), nil] }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    .scatterAdd(
      RowsInstruction(
        src: inputs[0].slot, index: inputs[1].slot, dst: output.slot, rows: inputs[0].shape[0],
        columns: output.shape.dropFirst().reduce(1, *), otherRows: rows))
  }
}

extension Tensor {
  /// Rows by index: [rows, ...] and [n] give [n, ...]. An index out of range gives NaN.
  public func gather(_ index: Tensor) -> Tensor {
    require(rank >= 1 && index.rank == 1, "gather of rows of shape \(shape) by an index of shape \(index.shape)")
    return Tensor(Gather(), [self, index], shape: index.shape + shape.dropFirst())
  }

  /// Row i of this tensor added to row index[i] of a tensor of zeros with `rows` rows.
  public func scatterAdd(_ index: Tensor, rows: Int) -> Tensor {
    require(
      rank >= 1 && index.shape == [shape[0]], "scatter-add of shape \(shape) by an index of shape \(index.shape)")
    return Tensor(ScatterAdd(rows: rows), [self, index], shape: [rows] + shape.dropFirst())
  }
}
