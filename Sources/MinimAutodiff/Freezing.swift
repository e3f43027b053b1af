extension Tensor {
  /// The expression in which every tensor behind a stop-gradient is an input, and these tensors by the names of the inputs.
  /// With the inputs at their values at some place, the differences of the expression around that place are those that
  /// `gradient` is the derivative of.
  package func freezing() -> (expression: Tensor, stopped: [(name: String, value: Tensor)]) {
    var rebuilt: [ObjectIdentifier: Tensor] = [:]
    var stopped: [(name: String, value: Tensor)] = []
    for node in topologicalOrder([self]) {
      let id = ObjectIdentifier(node)
      if node.operation is StopGradient {
        let name = "stopped \(stopped.count)"
        stopped.append((name, node.inputs[0]))
        rebuilt[id] = .input(name, shape: node.shape)
        continue
      }
      // Inputs come before their users, so each is known.
      let inputs = node.inputs.map { rebuilt[ObjectIdentifier($0)] ?? $0 }
      let isSame = zip(inputs, node.inputs).allSatisfy { $0 === $1 }
      rebuilt[id] = isSame ? node : Tensor(node.operation, inputs, shape: node.shape)
    }
    return (rebuilt[ObjectIdentifier(self)] ?? self, stopped)
  }

  /// Whether the expression has random numbers.
  package var isRandom: Bool { topologicalOrder([self]).contains { $0.operation is Random } }
}
