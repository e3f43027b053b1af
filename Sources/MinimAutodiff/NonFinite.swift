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

  package init(operation: String, parameterPaths: [String], index: Int, value: Double) {
    self.operation = operation
    self.parameterPaths = parameterPaths
    self.index = index
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
          operation: leaf.label, parameterPaths: leaf.parameterPaths, index: bad.index, value: bad.value)
      }
    }
    for entry in plan.once + plan.prologue {
      if let found = nonFinite(entry, result) { return found }
    }
    for (index, entry) in plan.body.enumerated() {
      binding.run(entry: index, result: result)
      if let found = nonFinite(entry, result) { return found }
    }
    return nil
  }

  private func nonFinite(_ entry: Plan.Entry, _ result: UnsafeMutableRawPointer) -> NonFiniteValue? {
    nonFinite(entry.result, entry.count, result).map {
      NonFiniteValue(
        operation: entry.operations, parameterPaths: entry.parameterPaths, index: $0.index, value: $0.value)
    }
  }

  /// The first element of a value in memory that is not finite.
  private func nonFinite(
    _ slot: Slot, _ count: Int, _ result: UnsafeMutableRawPointer
  ) -> (index: Int, value: Double)? {
    let precision = shared.kernels.precision
    let memory = binding.addresses.pointer(slot) ?? result + slot.offset * precision.elementSize
    let values = precision.load(count, from: memory)
    return values.firstIndex { !$0.isFinite }.map { ($0, values[$0]) }
  }
}
