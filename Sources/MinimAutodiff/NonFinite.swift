import MinimKernels

/// The first value of a step that is not finite, and where it arose: in a parameter, an input or a constant that is bad
/// itself, or else in the first operation.
public struct NonFiniteValue: Error, Sendable, CustomStringConvertible {
  /// The operation that computed it, or the kind of leaf that it is, with its shape.
  public let operation: String
  /// The parameters that the operation reads, or the parameter itself.
  public let parameterPaths: [String]
  /// The flat index in the operation's result, in memory order.
  public let index: Int
  /// The value itself.
  public let value: Double
  /// The indices of the element, outermost axis first.
  package let position: [Int]
  /// What the operation read; empty for a leaf.
  package let inputs: [ReadValue]
  /// The line of source that asks for the operation, if origins were recorded.
  package let origin: TensorOrigin?

  /// A value that an operation read.
  package struct ReadValue: Sendable {
    /// The operation or leaf that it is, with its shape.
    package let name: String
    package let parameterPaths: [String]
    /// The square root of the sum of the squares, and the largest magnitude.
    package let norm: Double, largest: Double
  }

  package init(
    operation: String, parameterPaths: [String], index: Int, value: Double, position: [Int], inputs: [ReadValue] = [],
    origin: TensorOrigin? = nil
  ) {
    self.operation = operation
    self.parameterPaths = parameterPaths
    self.index = index
    (self.position, self.inputs, self.origin) = (position, inputs, origin)
    // The sign of a NaN says nothing, and would be printed.
    self.value = value.isNaN ? .nan : value
  }

  /// The operation, its parameters, the element and its value.
  public var description: String {
    let parameters = parameterPaths.isEmpty ? "" : " (parameters: \(parameterPaths.joined(separator: ", ")))"
    return "\(operation)\(parameters): element \(index) is \(value)"
  }
}

extension Replay {
  /// Checks what the plan reads, then runs the body instruction by instruction and stops at the first result that is
  /// not finite. Meant for a plan without fusion after a step went wrong. Write the inputs again before the call.
  public func firstNonFinite(result: UnsafeMutableRawPointer) -> NonFiniteValue? {
    for leaf in plan.leaves {
      if let bad = nonFinite(leaf.slot, leaf.count, result) {
        return NonFiniteValue(
          operation: leaf.label, parameterPaths: leaf.parameterPaths, index: bad.index, value: bad.value,
          position: leaf.shape.position(of: bad.index))
      }
    }
    for entry in plan.once + plan.prologue {
      if let bad = nonFinite(entry.result, entry.count, result) { return report(bad, entry, result) }
    }
    for (index, entry) in plan.body.enumerated() {
      binding.run(entry: index, result: result)
      guard let bad = nonFinite(entry.result, entry.count, result) else { continue }
      // The result may have taken the place of what was read: back to before the instruction.
      for earlier in 0..<index { binding.run(entry: earlier, result: result) }
      return report(bad, entry, result)
    }
    return nil
  }

  private func report(
    _ bad: (index: Int, value: Double), _ entry: Plan.Entry, _ result: UnsafeMutableRawPointer
  ) -> NonFiniteValue {
    let inputs = entry.inputs.map { input in
      let values = values(input.slot, input.count, result)
      return NonFiniteValue.ReadValue(
        name: input.label, parameterPaths: input.parameterPaths,
        norm: values.reduce(0) { $0 + $1 * $1 }.squareRoot(), largest: values.reduce(0) { max($0, abs($1)) })
    }
    return NonFiniteValue(
      operation: entry.operations, parameterPaths: entry.parameterPaths, index: bad.index, value: bad.value,
      position: entry.layout.position(of: bad.index, in: entry.shape), inputs: inputs, origin: entry.origin)
  }

  /// The first element of a value in memory that is not finite.
  private func nonFinite(
    _ slot: Slot, _ count: Int, _ result: UnsafeMutableRawPointer
  ) -> (index: Int, value: Double)? {
    let values = values(slot, count, result)
    return values.firstIndex { !$0.isFinite }.map { ($0, values[$0]) }
  }

  private func values(_ slot: Slot, _ count: Int, _ result: UnsafeMutableRawPointer) -> [Double] {
    let precision = shared.kernels.precision
    return precision.load(count, from: binding.addresses.pointer(slot) ?? result + slot.offset * precision.elementSize)
  }
}
