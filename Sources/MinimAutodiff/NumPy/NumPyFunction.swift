/// The body of a Python function that computes an expression by NumPy: a statement for each value that is needed twice or has
/// become long, with the extents of the array in a comment.
///
///     v1 = np.tanh(examples @ p["encoder.0.weight"] + p["encoder.0.bias"])  # [n, 64]
///
/// It follows the expression as the model wrote it, not the plan that the engine makes of it, and so it checks both.
package struct NumPyFunction: Sendable {
  /// The statements, one a line.
  package private(set) var statements: [String] = []
  /// The expressions of the outputs, in order.
  package private(set) var results: [String] = []
  /// The inputs that the function reads, by name, in the order in which it meets them.
  package private(set) var inputs: [(name: String, shape: Shape)] = []
  /// Whether the function draws random numbers.
  package private(set) var isRandom = false
  /// Whether it depends on the number of examples.
  package private(set) var readsCount = false

  /// The longest expression that becomes a part of another one, and the longest that is made of parts.
  private static let longestPart = 64, longest = 100

  /// Writes the function that computes `outputs`.
  package init(_ outputs: [Tensor], in writer: inout NumPyWriter) {
    let (nodes, places) = Self.merged(outputs)
    var uses = [Int](repeating: 0, count: nodes.count)
    for node in nodes { for input in node.inputs { uses[input] += 1 } }
    for output in places { uses[output] += 1 }
    var values: [NumPyValue] = []
    for (index, node) in nodes.enumerated() {
      note(node.tensor, writer)
      let value = expression(of: node, &values, &writer)
      let isPart = uses[index] == 1 && value.text.count <= Self.longestPart
      values.append(value.isName || isPart ? value : named(value, writer))
    }
    results = places.map { writer.whole(values[$0]).text }
  }

  /// The expression of a node. If it becomes too long, its inputs get names first, the longest ones before others.
  private mutating func expression(
    of node: Node, _ values: inout [NumPyValue], _ writer: inout NumPyWriter
  ) -> NumPyValue {
    let tensor = node.tensor
    while true {
      let value = tensor.operation.numpy(node.inputs.map { values[$0] }, shape: tensor.shape, &writer)
      let parts = node.inputs.filter { !values[$0].isName }
      guard value.text.count > Self.longest, let part = parts.max(by: { values[$0].text.count < values[$1].text.count })
      else { return value.standing(for: tensor.shape) }
      values[part] = named(values[part], writer)
    }
  }

  /// Gives a value a name, by a statement.
  private mutating func named(_ value: NumPyValue, _ writer: NumPyWriter) -> NumPyValue {
    let name = "v\(statements.count + 1)"
    let extents = value.shape.map(writer.extent).joined(separator: ", ")
    statements.append("\(name) = \(value.text)  # [\(extents)]")
    return NumPyValue(name, shape: value.shape, of: value.tensorShape)
  }

  private mutating func note(_ tensor: Tensor, _ writer: NumPyWriter) {
    if tensor.shape.contains(where: writer.dependsOnCount) { readsCount = true }
    switch tensor.operation.role {
    case .leaf(.input(let name)): inputs.append((name, tensor.shape))
    case .draws: isRandom = true
    default: break
    }
  }

  /// Whether a statement or a result contains a text.
  package func mentions(_ text: String) -> Bool { (statements + results).contains { $0.contains(text) } }

  /// Whether another function does the same, word for word.
  package func hasSameText(as other: NumPyFunction) -> Bool {
    statements == other.statements && results == other.results
  }

  // MARK: - Order

  private struct Node {
    let tensor: Tensor
    let inputs: [Int]
  }

  /// The nodes behind the outputs, inputs first and equal ones merged, and the outputs' places among them.
  private static func merged(_ outputs: [Tensor]) -> (nodes: [Node], outputs: [Int]) {
    var nodes: [Node] = []
    var places: [ObjectIdentifier: Int] = [:]
    var known: [String: Int] = [:]
    for tensor in topologicalOrder(outputs) {
      // Inputs come before their users, so each is known.
      let inputs = tensor.inputs.map { places[ObjectIdentifier($0)] ?? 0 }
      let key = "\(tensor.operation.signature)|\(inputs)|\(tensor.shape)"
      if let place = known[key], isSame(nodes[place].tensor, tensor) {
        places[ObjectIdentifier(tensor)] = place
        continue
      }
      nodes.append(Node(tensor: tensor, inputs: inputs))
      known[key] = nodes.count - 1
      places[ObjectIdentifier(tensor)] = nodes.count - 1
    }
    return (nodes, outputs.map { places[ObjectIdentifier($0)] ?? 0 })
  }

  /// Whether two nodes with equal signatures and inputs are equal: the signature of a long constant has only a hash of it.
  private static func isSame(_ a: Tensor, _ b: Tensor) -> Bool {
    guard case .leaf(.constant(let values)) = a.operation.role,
      case .leaf(.constant(let others)) = b.operation.role
    else { return true }
    return values.hasSameBits(as: others)
  }
}
