/// Repeats axes of extent 1. The adjoint of `Sum`.
package struct Broadcast: Operation {
  package let shape: Shape
  package var signature: String { "broadcast \(shape)" }
  package var role: Role { .broadcast }
  package var layoutRule: LayoutRule { .anyOutput }

  package func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] {
    let x = y.inputs[0]
    let repeated = x.shape.indices.filter { x.shape[$0] != shape[$0] }
    return [dy.sum(axes: repeated).reshape(x.shape)]
  }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    let x = inputs[0]
    let strides = x.shape.indices.map { x.shape[$0] == shape[$0] ? x.strides[$0] : 0 }
    return .copy(CopyInstruction(from: x, strides: strides, to: output, extent: shape))
  }
}

/// The ways in which an elementwise program can read a broadcast operand without a copy.
package enum BroadcastKind {
  case scalar, row, column

  /// Nil if the broadcast needs a copy. A column is read in the order of its own elements, so it remains a column in
  /// any layout that source and result share.
  package init?(source: Shape, result: Shape) {
    guard let last = result.last else { return nil }
    if source.elementCount == 1 {
      self = .scalar
    } else if source.last == last, source.elementCount == last {
      self = .row
    } else if source.last == 1, source.dropLast() == result.dropLast() {
      self = .column
    } else {
      return nil
    }
  }
}

extension Tensor {
  /// The tensor repeated to `shape`: axes are matched from the last one backward, and extents of 1 are repeated.
  public func broadcast(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    require(
      self.shape.broadcast(with: shape) == shape, "a tensor of shape \(self.shape) does not broadcast to \(shape)")
    let aligned = reshape(Shape(repeating: 1, count: shape.count - rank) + self.shape)
    return aligned.shape == shape ? aligned : Tensor(Broadcast(shape: shape), [aligned], shape: shape)
  }
}

/// Sums over axes, which disappear from the shape, times a factor. The adjoint of `Broadcast`.
package struct Sum: Operation {
  package let axes: [Int]
  package let scale: Double
  package var signature: String { "sum over \(axes)" + (scale == 1 ? "" : " * \(scale)") }
  package var layoutRule: LayoutRule { .anyInput }

  package func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] {
    let x = y.inputs[0]
    var kept = x.shape
    for axis in axes { kept[axis] = 1 }
    let scaled = scale == 1 ? dy : dy * scale
    return [scaled.reshape(kept).broadcast(to: x.shape)]
  }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    .reduce(ReduceInstruction(.sum, of: inputs[0], over: axes, scale: scale, to: output))
  }
}

extension Tensor {
  /// The sum over `axes` (all of them if nil), which disappear from the shape. Its order is fixed by the shapes alone.
  public func sum(axes: [Int]? = nil) -> Tensor { scaledSum(axes: axes, scale: 1) }

  /// The mean over `axes` (all of them if nil), which disappear from the shape.
  public func mean(axes: [Int]? = nil) -> Tensor {
    let axes = axes ?? Array(shape.indices)
    return scaledSum(axes: axes, scale: 1 / Double(axes.map { shape[$0] }.elementCount))
  }

  /// The sum over one axis, which disappears from the shape unless it is kept with extent 1; an axis below 0 counts from the
  /// end.
  public func sum(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    let axis = place(ofAxis: axis, "sum")
    return sum(axes: [axis]).reshape(shape(reducing: axis, keepingDimensions: keepingDimensions))
  }

  /// The mean over one axis, which disappears from the shape unless it is kept with extent 1; an axis below 0 counts from the
  /// end.
  public func mean(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    let axis = place(ofAxis: axis, "mean")
    return mean(axes: [axis]).reshape(shape(reducing: axis, keepingDimensions: keepingDimensions))
  }

  private func scaledSum(axes: [Int]?, scale: Double) -> Tensor {
    let axes = (axes ?? Array(shape.indices)).sorted()
    require(axes.allSatisfy(shape.indices.contains), "sum over axes \(axes) of a tensor of shape \(shape)")
    let kept = shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
    // Nothing to add up, as over the one changed dimension of a coupling.
    if axes.allSatisfy({ shape[$0] == 1 }) { return (scale == 1 ? self : self * scale).reshape(kept) }
    return Tensor(Sum(axes: axes, scale: scale), [self], shape: kept)
  }
}
