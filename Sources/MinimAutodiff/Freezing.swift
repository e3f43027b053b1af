extension Tensor {
  /// The expression in which every tensor behind a stop-gradient is an input, and these tensors by the names of the inputs.
  /// With the inputs at their values at some place, the differences of the expression around that place are those that
  /// `gradient` is the derivative of.
  package func freezing() -> (expression: Tensor, stopped: [(name: String, value: Tensor)]) {
    let (expression, replaced) = replacing("stopped") { $0.operation is StopGradient }
    return (expression, replaced.map { ($0.name, $0.node.inputs[0]) })
  }

  /// The expression in which all random numbers are inputs, and these tensors by the names of the inputs: with given numbers
  /// it is the same in every precision.
  package func givingDraws() -> (expression: Tensor, draws: [(name: String, value: Tensor)]) {
    let (expression, replaced) = replacing("draws") { $0.operation is Random }
    return (expression, replaced.map { ($0.name, $0.node) })
  }

  /// The expression with an input in the place of some nodes, and these nodes.
  private func replacing(
    _ prefix: String, _ isReplaced: (Tensor) -> Bool
  ) -> (expression: Tensor, replaced: [(name: String, node: Tensor)]) {
    var rebuilt: [ObjectIdentifier: Tensor] = [:]
    var replaced: [(name: String, node: Tensor)] = []
    for node in topologicalOrder([self]) {
      let id = ObjectIdentifier(node)
      if isReplaced(node) {
        let name = "\(prefix) \(replaced.count)"
        replaced.append((name, node))
        rebuilt[id] = .input(name, shape: node.shape)
        continue
      }
      // Inputs come before their users, so each is known.
      let inputs = node.inputs.map { rebuilt[ObjectIdentifier($0)] ?? $0 }
      let isSame = zip(inputs, node.inputs).allSatisfy { $0 === $1 }
      rebuilt[id] = isSame ? node : Tensor(node.operation, inputs, shape: node.shape)
    }
    return (rebuilt[ObjectIdentifier(self)] ?? self, replaced)
  }

  /// Whether the expression has random numbers.
  package var isRandom: Bool { topologicalOrder([self]).contains { $0.operation is Random } }
}
