import MinimKernels

/// The first value of a step that is not a finite number, and where it arose.
public struct NonFiniteValue: Error, Sendable, CustomStringConvertible {
  /// The operation that made it, with its shape.
  public let operation: String
  /// The parameters that the operation reads.
  public let parameterPaths: [String]
  /// The flat index in the operation's result, in memory order.
  public let index: Int
  public let value: Double

  package init(operation: String, parameterPaths: [String], index: Int, value: Double) {
    self.operation = operation
    self.parameterPaths = parameterPaths
    self.index = index
    self.value = value
  }

  public var description: String {
    let parameters = parameterPaths.isEmpty ? "" : " (parameters: \(parameterPaths.joined(separator: ", ")))"
    return "\(operation)\(parameters): element \(index) is \(value)"
  }
}

extension Replay {
  /// Looks at the inputs, then runs the body instruction by instruction and stops at the first result that is not finite. Meant for a plan without
  /// fusion, after a step went wrong; inputs must be written again before.
  public func firstNonFinite(result: UnsafeMutableRawPointer) -> NonFiniteValue? {
    let precision = shared.kernels.precision
    if let found = firstNonFiniteInput(precision) { return found }
    if let found = firstNonFinite(in: plan.prologue, at: shared.prologue.pointer, precision) { return found }
    for (index, entry) in plan.body.enumerated() {
      binding.run(entry: index, result: result)
      let base = entry.result.space == .output ? result : arena.pointer
      if let found = firstNonFinite(in: [entry], at: base, precision) { return found }
    }
    return nil
  }

  private func firstNonFiniteInput(_ precision: Precision) -> NonFiniteValue? {
    // In the order of memory: that of a dictionary must not reach a report.
    for (name, input) in plan.inputs.sorted(by: { $0.value.offset < $1.value.offset }) {
      guard let memory = self.input(name) else { continue }
      let values = precision.load(input.shape.elementCount, from: memory)
      guard let bad = values.firstIndex(where: { !$0.isFinite }) else { continue }
      return NonFiniteValue(
        operation: "input \(name) \(input.shape)", parameterPaths: [], index: bad, value: values[bad])
    }
    return nil
  }

  private func firstNonFinite(
    in entries: [Plan.Entry], at base: UnsafeMutableRawPointer, _ precision: Precision
  ) -> NonFiniteValue? {
    for entry in entries {
      let values = precision.load(entry.count, from: base + entry.result.offset * precision.elementSize)
      guard let bad = values.firstIndex(where: { !$0.isFinite }) else { continue }
      return NonFiniteValue(
        operation: entry.operations, parameterPaths: entry.parameterPaths, index: bad, value: values[bad])
    }
    return nil
  }
}
