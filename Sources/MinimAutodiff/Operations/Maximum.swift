/// The maximum over the last axis, which disappears.
package struct Maximum: Operation {
  package var signature: String { "max over the last axis" }

  package func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] {
    let x = y.inputs[0]
    let mask = Tensor(FirstMaximum(), [x], shape: x.shape)
    return [dy.reshape(dy.shape + [1]) * mask]
  }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    let x = inputs[0]
    return .reduce(ReduceInstruction(.max, of: x, over: [x.shape.count - 1], scale: 1, to: output))
  }
}

/// 1 at the first maximum of each row along the last axis, else 0: where a maximum's derivative goes. Its own
/// derivative is 0.
package struct FirstMaximum: Operation {
  package init() {}
  package var signature: String { "first maximum of the last axis" }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    let columns = output.shape.last ?? 1
    return .firstMaximum(
      FirstMaximumInstruction(
        x: inputs[0].slot, mask: output.slot, rows: columns == 0 ? 0 : output.shape.elementCount / columns,
        columns: columns))
  }
}

extension Tensor {
  /// The maximum over `axis` (the last one by default), which disappears from the shape unless it is kept with extent 1. At
  /// a tie the derivative goes to the first.
  public func max(axis: Int = -1, keepingDimensions: Bool = false) -> Tensor {
    let axis = place(ofAxis: axis, "max")
    let last = withLast(axis)
    let result = Tensor(Maximum(), [last], shape: Shape(last.shape.dropLast()))
    return keepingDimensions ? result.reshape(shape(reducing: axis, keepingDimensions: true)) : result
  }

  /// The index of the maximum over `axis` (the last one by default), as a number; of equal ones the first. It has no
  /// derivative.
  public func argmax(axis: Int = -1, keepingDimensions: Bool = false) -> Tensor {
    let axis = place(ofAxis: axis, "argmax")
    let last = stopGradient(withLast(axis))
    let indices = Tensor.constant((0..<shape[axis]).map(Double.init), shape: [shape[axis]])
    let result = (Tensor(FirstMaximum(), [last], shape: last.shape) * indices).sum(axes: [rank - 1])
    return keepingDimensions ? result.reshape(shape(reducing: axis, keepingDimensions: true)) : result
  }

  private func withLast(_ axis: Int) -> Tensor {
    axis == rank - 1 ? self : transpose(shape.indices.filter { $0 != axis } + [axis])
  }

  /// log of the sum of exponentials over `axis` (the last one by default), which disappears from the shape unless it is kept
  /// with extent 1; stable for large inputs.
  public func logSumExp(axis: Int = -1, keepingDimensions: Bool = false) -> Tensor {
    let axis = place(ofAxis: axis, "logSumExp")
    let kept = shape(reducing: axis, keepingDimensions: true)
    let largest = stopGradient(max(axis: axis))
    let result = log(exp(self - largest.reshape(kept)).sum(axes: [axis])) + largest
    return keepingDimensions ? result.reshape(kept) : result
  }
}
