/// The same elements in the same order under another shape.
package struct Reshape: Operation {
  package let shape: Shape
  package var signature: String { "reshape \(shape)" }
  package var role: Role { .alias }
  package func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] { [dy.reshape(y.inputs[0].shape)] }
}

/// Axes in another order: axis i of the result is axis permutation[i] of the input.
package struct Transpose: Operation {
  package let permutation: [Int]
  package var signature: String { "transpose \(permutation)" }
  package var role: Role { .permutation }
  package var layoutRule: LayoutRule { .anyOutput }

  package func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] {
    var inverse = permutation
    for (axis, source) in permutation.enumerated() { inverse[source] = axis }
    return [dy.transpose(inverse)]
  }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    let strides = permutation.map { inputs[0].strides[$0] }
    return .copy(CopyInstruction(from: inputs[0], strides: strides, to: output, extent: output.shape))
  }
}

/// The box [start, start + shape) of a tensor. The adjoint of `Pad`.
package struct Slice: Operation {
  package let start: [Int]
  package let shape: Shape
  package var signature: String { "slice \(start) \(shape)" }
  package func columnSources(of inputs: [Shape], shape: Shape) -> [Columns.Source?]? {
    guard shape[0] == inputs[0][0] else { return nil }
    return (0..<shape[1]).map { Columns.Source(input: 0, column: start[1] + $0) }
  }

  package var layoutRule: LayoutRule { .anyOutput }

  package func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] { [dy.pad(start, to: y.inputs[0].shape)] }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    let x = inputs[0]
    let offset = zip(start, x.strides).map { $0 * $1 }.reduce(0, +)
    return .copy(CopyInstruction(from: x.advanced(by: offset), strides: x.strides, to: output, extent: shape))
  }
}

/// A tensor inside a larger one of zeros. The adjoint of `Slice`.
package struct Pad: Operation {
  package let start: [Int]
  package let shape: Shape
  package var signature: String { "pad \(start) \(shape)" }
  package func columnSources(of inputs: [Shape], shape: Shape) -> [Columns.Source?]? {
    guard shape[0] == inputs[0][0] else { return nil }
    let own = start[1]..<start[1] + inputs[0][1]
    return (0..<shape[1]).map { own.contains($0) ? Columns.Source(input: 0, column: $0 - own.lowerBound) : nil }
  }

  package func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] { [dy.slice(start, shape: y.inputs[0].shape)] }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    .sequence([.fill(FillInstruction(to: output, value: 0)), .copy(.into(output, at: start, from: inputs[0]))])
  }
}

/// Tensors joined along an axis.
package struct Concatenate: Operation {
  package let axis: Int
  package var signature: String { "concatenate along \(axis)" }
  package func columnSources(of inputs: [Shape], shape: Shape) -> [Columns.Source?]? {
    guard axis == 1 else { return nil }
    return inputs.enumerated().flatMap { input, shape in (0..<shape[1]).map { Columns.Source(input: input, column: $0) }
    }
  }

  package func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] {
    var start = [Int](repeating: 0, count: y.rank)
    return y.inputs.map { x in
      defer { start[axis] += x.shape[axis] }
      return dy.slice(start, shape: x.shape)
    }
  }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    var start = [Int](repeating: 0, count: output.shape.count)
    return .sequence(
      inputs.map { x in
        defer { start[axis] += x.shape[axis] }
        return .copy(.into(output, at: start, from: x))
      })
  }
}

/// The input, which `gradient` treats as a constant.
package struct StopGradient: Operation {
  package var signature: String { "stop gradient" }
  package var role: Role { .alias }
}

/// `x` as a value without a derivative.
public func stopGradient(_ x: Tensor) -> Tensor { Tensor(StopGradient(), [x], shape: x.shape) }

/// Tensors joined along `axis`; their other extents agree.
public func concatenate(_ tensors: [Tensor], axis: Int) -> Tensor {
  var shape = tensors[0].shape
  shape[axis] = tensors.map { $0.shape[axis] }.reduce(0, +)
  for x in tensors {
    var other = x.shape
    other[axis] = shape[axis]
    require(other == shape, "concatenate along axis \(axis): shapes \(tensors.map(\.shape))")
  }
  return Tensor(Concatenate(axis: axis), tensors, shape: shape)
}

extension Tensor {
  /// The same elements under another shape of the same count.
  public func reshape(_ shape: Shape) -> Tensor {
    require(
      shape.elementCount == self.shape.elementCount, "reshape of \(self.shape) to \(shape): the counts differ")
    return shape == self.shape ? self : Tensor(Reshape(shape: shape), [self], shape: shape)
  }

  /// Axis i of the result is axis permutation[i] of this tensor; by default all axes are reversed.
  public func transpose(_ permutation: [Int]? = nil) -> Tensor {
    let permutation = permutation ?? shape.indices.reversed()
    require(permutation.sorted() == Array(shape.indices), "transpose \(permutation) of a tensor of shape \(shape)")
    if permutation == Array(shape.indices) { return self }
    // A transpose undoes another: w^T^T is w, so that second derivatives copy nothing twice.
    if let inner = operation as? Transpose, permutation.map({ inner.permutation[$0] }) == Array(shape.indices) {
      return inputs[0]
    }
    return Tensor(Transpose(permutation: permutation), [self], shape: permutation.map { shape[$0] })
  }

  /// The box of extent `shape` from `start` on.
  public func slice(_ start: [Int], shape: Shape) -> Tensor {
    require(
      start.count == rank && shape.count == rank
        && self.shape.indices.allSatisfy { start[$0] >= 0 && shape[$0] >= 0 && start[$0] + shape[$0] <= self.shape[$0] },
      "slice from \(start) of extent \(shape) in a tensor of shape \(self.shape)")
    return shape == self.shape ? self : Tensor(Slice(start: start, shape: shape), [self], shape: shape)
  }

  /// This tensor at `start` inside a tensor of zeros of extent `shape`.
  public func pad(_ start: [Int], to shape: Shape) -> Tensor {
    require(
      start.count == rank && shape.count == rank
        && shape.indices.allSatisfy { start[$0] >= 0 && start[$0] + self.shape[$0] <= shape[$0] },
      "pad of a tensor of shape \(self.shape) at \(start) to \(shape)")
    return shape == self.shape ? self : Tensor(Pad(start: start, shape: shape), [self], shape: shape)
  }
}
