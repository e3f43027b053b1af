/// The derivatives of a scalar expression with respect to tensors in it, as expressions: reverse mode, one
/// vector-Jacobian product per operation. A pure function; the results can be differentiated again.
///
/// - Parameters:
///   - y: a tensor of one element.
///   - variables: tensors that `y` may depend on. One that it does not depend on has derivative zero.
/// - Returns: one tensor per variable, of its shape.
public func gradient(of y: Tensor, withRespectTo variables: [Tensor]) -> [Tensor] {
  require(y.shape.elementCount == 1, "the gradient of a tensor of shape \(y.shape); it must have one element")
  let order = topologicalOrder([y])
  var reaches = Set(variables.map(ObjectIdentifier.init))
  for node in order where node.inputs.contains(where: { reaches.contains(ObjectIdentifier($0)) }) {
    if !(node.operation is StopGradient) { reaches.insert(ObjectIdentifier(node)) }
  }

  var cotangents: [ObjectIdentifier: Tensor] = [ObjectIdentifier(y): .constant(1, shape: y.shape)]
  let wanted = Set(variables.map(ObjectIdentifier.init))
  for node in order.reversed() {
    let id = ObjectIdentifier(node)
    guard reaches.contains(id), let dy = cotangents[id], !node.inputs.isEmpty else { continue }
    if !wanted.contains(id) { cotangents[id] = nil }
    guard !(node.operation is StopGradient) else { continue }
    let derivatives = TensorOrigin.inheriting(node.origin) { node.operation.vjp(dy, of: node) }
    for (x, dx) in zip(node.inputs, derivatives) {
      guard let dx, reaches.contains(ObjectIdentifier(x)) else { continue }
      cotangents[ObjectIdentifier(x)] = cotangents[ObjectIdentifier(x)].map { $0 + dx } ?? dx
    }
  }
  return variables.map { cotangents[ObjectIdentifier($0)] ?? .constant(0, shape: $0.shape) }
}

/// Every node that the outputs depend on, inputs before users, in an order that the expression alone fixes. Iterative: an
/// expression may be deeper than the stack.
package func topologicalOrder(_ outputs: [Tensor]) -> [Tensor] {
  var order: [Tensor] = []
  var visited: Set<ObjectIdentifier> = []
  for output in outputs {
    var stack: [(node: Tensor, next: Int)] = []
    if visited.insert(ObjectIdentifier(output)).inserted { stack.append((output, 0)) }
    while let (node, next) = stack.last {
      if next == node.inputs.count {
        order.append(node)
        stack.removeLast()
      } else {
        stack[stack.count - 1].next += 1
        let input = node.inputs[next]
        if visited.insert(ObjectIdentifier(input)).inserted { stack.append((input, 0)) }
      }
    }
  }
  return order
}
