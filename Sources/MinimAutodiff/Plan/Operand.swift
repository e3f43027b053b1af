/// A place in one of the memories of a replay, in elements.
package struct Slot: Sendable, Hashable {
  package enum Space: String, Sendable {
    /// Reused within one run of the body; one per worker.
    case arena
    /// Values that depend on parameters only; each worker has its own, computed once per step.
    case prologue
    case parameters
    case constants
    /// The caller's memory for results, at another address in each run.
    case output
  }

  package let space: Space
  package let offset: Int

  package func advanced(by elements: Int) -> Slot { Slot(space: space, offset: offset + elements) }
}

/// The physical order of the axes of a tensor.
package enum Layout: Sendable, Hashable {
  /// Row-major: the last axis contiguous, the first outermost.
  case standard
  /// [batch, height, width, channels] stored as [height][width][batch][channels]: the images of one position are the rows
  /// of a matrix, so that each tap of a convolution is a plain matrix product.
  case positionMajor

  package func strides(of shape: Shape) -> [Int] {
    guard self == .positionMajor else { return shape.denseStrides }
    let (images, width, channels) = (shape[0], shape[2], shape[3])
    return [channels, width * images * channels, images * channels, 1]
  }

  /// The indices of an element by its place in memory.
  package func position(of place: Int, in shape: Shape) -> [Int] {
    guard self == .positionMajor else { return shape.position(of: place) }
    let stored = [shape[1], shape[2], shape[0], shape[3]].position(of: place)
    return [stored[2], stored[0], stored[1], stored[3]]
  }
}

/// A value as an instruction sees it.
package struct Operand: Sendable {
  package let slot: Slot
  package let shape: Shape
  package let layout: Layout

  package var strides: [Int] { layout.strides(of: shape) }

  package func advanced(by elements: Int) -> Operand {
    Operand(slot: slot.advanced(by: elements), shape: shape, layout: layout)
  }
}

/// Exchanges the two layouts. Inserted by the planner, and printed like any other instruction.
package struct Relayout: Operation {
  package let layout: Layout
  package var signature: String { "relayout to \(layout)" }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    .copy(CopyInstruction(from: inputs[0], strides: inputs[0].strides, to: output, extent: output.shape))
  }
}
