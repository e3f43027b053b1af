/// An expression as the planner sees it: nodes in an order in which inputs come first, equal nodes merged, layouts
/// decided, relayouts inserted.
struct Graph {
  struct Node {
    let operation: any Operation
    let inputs: [Int]
    let shape: Shape
    let layout: Layout
    let recurrence: Recurrence
  }

  private(set) var nodes: [Node] = []
  private(set) var outputs: [Int] = []
  /// The origins of nodes, if they were recorded; never iterated.
  private(set) var origins: [Int: TensorOrigin] = [:]
  private var interned: [String: Int] = [:]
  /// The origin of the nodes that are being added.
  private var origin: TensorOrigin?

  init(outputs tensors: [Tensor]) {
    var indices: [ObjectIdentifier: Int] = [:]
    for tensor in topologicalOrder(tensors) {
      let inputs = tensor.inputs.map { indices[ObjectIdentifier($0)] ?? 0 }  // inputs come first in the order
      origin = tensor.origin
      indices[ObjectIdentifier(tensor)] = add(tensor.operation, inputs, shape: tensor.shape)
    }
    outputs = tensors.map { self.inLayout(indices[ObjectIdentifier($0)] ?? 0, .standard) }
    requireDistinctDraws()
  }

  /// Stops if two different draws read the same random words: they would be correlated. Equal draws were merged into
  /// one node; the same draws in another shape are still the same.
  private func requireDistinctDraws() {
    var known: [UInt64: Int] = [:]  // never iterated
    for (index, node) in nodes.enumerated() {
      guard case .draws(let source) = node.operation.role else { continue }
      if let other = known.updateValue(index, forKey: source), !areSameDraws(nodes[other], node) {
        mistake(
          "two random tensors of one plan read the same words: \(description(of: other)) and \(description(of: index)). "
            + "Give one of them another stream")
      }
    }
  }

  private func areSameDraws(_ a: Node, _ b: Node) -> Bool {
    a.operation.signature == b.operation.signature && a.shape[0] == b.shape[0]
      && a.shape.elementCount == b.shape.elementCount
  }

  /// Adds an operation in the layout that its rule and inputs ask for.
  private mutating func add(_ operation: any Operation, _ inputs: [Int], shape: Shape) -> Int {
    // The one rewrite of a single operation: it needs to know which factor is transposed.
    if let product = operation as? MatrixProduct, let index = addNarrow(product, inputs, shape) { return index }
    if let index = addColumns(operation, inputs, shape) { return index }
    switch operation.layoutRule {
    case .standard, .anyOutput:
      return intern(operation, inputs.map { inLayout($0, .standard) }, shape, .standard)
    case .anyInput:
      return intern(operation, inputs, shape, .standard)
    case .positionMajor:
      return intern(operation, inputs.map { inLayout($0, .positionMajor) }, shape, .positionMajor)
    case .positionMajorInputs:
      return intern(operation, inputs.map { inLayout($0, .positionMajor) }, shape, .standard)
    case .elementwise:
      let layout = inputs.contains { nodes[$0].layout == .positionMajor } ? Layout.positionMajor : .standard
      return intern(operation, inputs.map { inLayout($0, layout) }, shape, layout)
    }
  }

  /// Rewrites a product of a constant A with few columns, which the kernel reads column by column: A's columns are laid
  /// side by side once and for all. The order of each sum is the same.
  private mutating func addNarrow(_ product: MatrixProduct, _ inputs: [Int], _ shape: Shape) -> Int? {
    let a = nodes[inputs[0]]
    guard !product.transposesA, shape[1] <= MatrixProduct.narrow, a.recurrence == .once, a.shape[0] > 1 else {
      return nil
    }
    let transposed = add(Transpose(permutation: [1, 0]), [inputs[0]], shape: a.shape.reversed())
    return add(MatrixProduct(transposesA: true), [transposed, inputs[1]], shape: shape)
  }

  private mutating func addColumns(_ operation: any Operation, _ inputs: [Int], _ shape: Shape) -> Int? {
    guard case let (moves, sources)? = simplifiedColumns(operation, inputs, shape) else { return nil }
    guard let moves else { return sources[0] }
    return intern(moves, sources, shape, .standard)
  }

  /// The node itself, or the same value in another layout. Tensors of any rank but 4 have only one layout.
  private mutating func inLayout(_ index: Int, _ layout: Layout) -> Int {
    let node = nodes[index]
    guard node.shape.count == 4, node.layout != layout else { return index }
    if node.operation.layoutRule == .anyOutput {
      // A broadcast along channels is read as a column in the order of its own elements, which must then be the result's.
      let inputs = node.operation.role.isBroadcast ? node.inputs.map { inLayout($0, layout) } : node.inputs
      return intern(node.operation, inputs, node.shape, layout)
    }
    return intern(Relayout(layout: layout), [index], node.shape, layout)
  }

  private mutating func intern(
    _ operation: any Operation, _ inputs: [Int], _ shape: Shape, _ layout: Layout
  ) -> Int {
    let key = "\(operation.signature)|\(inputs)|\(shape)|\(layout)"
    if let index = interned[key] {
      guard case .leaf(.constant(let values)) = operation.role else { return index }
      // The signature of a long constant holds a hash of its values only.
      if case .leaf(.constant(let known)) = nodes[index].operation.role, values.hasSameBits(as: known) { return index }
    }
    let recurrence = inputs.reduce(operation.recurrence) { max($0, nodes[$1].recurrence) }
    nodes.append(
      Node(operation: operation, inputs: inputs, shape: shape, layout: layout, recurrence: recurrence))
    interned[key] = nodes.count - 1
    if let origin { origins[nodes.count - 1] = origin }
    return nodes.count - 1
  }

  // MARK: - Queries

  /// The nodes that an output depends on.
  func liveNodes() -> [Bool] {
    var live = [Bool](repeating: false, count: nodes.count)
    for output in outputs { live[output] = true }
    for index in nodes.indices.reversed() where live[index] {
      for input in nodes[index].inputs { live[input] = true }
    }
    return live
  }

  /// The recurrence of each node's value. If nothing changes from shard to shard, shards have nothing to share: what
  /// depends on parameters then belongs to the one shard.
  func recurrences() -> [Recurrence] {
    let live = liveNodes()
    let result = nodes.map(\.recurrence)
    if zip(result, live).contains(where: { $0 == .shard && $1 }) { return result }
    return result.map { $0 == .step ? .shard : $0 }
  }

  /// The node whose memory holds the value: through reshapes and stopped gradients.
  func storage(of index: Int) -> Int {
    var index = index
    while nodes[index].operation.role.isAlias { index = nodes[index].inputs[0] }
    return index
  }

  /// A node's name in a report: its operation, and the parameters nearest above it.
  func description(of index: Int) -> String {
    "\(nodes[index].operation.signature) \(nodes[index].shape)"
  }

  /// The paths of the parameters that a node reads, directly or through its nearest inputs. A parameter that is moved
  /// about before it is used counts as read where it is used: a bias is as near as the product that it is added to.
  func parameterPaths(near index: Int) -> [String] {
    var frontier = [index]
    for _ in 0..<4 {
      frontier = frontier.flatMap { nodes[$0].inputs.map(origin) }
      let paths = frontier.compactMap { index -> String? in
        if case .leaf(.parameter(let path, _)) = nodes[index].operation.role { path } else { nil }
      }
      if !paths.isEmpty { return paths.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
    }
    return []
  }

  /// The node that the elements belong to, before they were moved or repeated.
  private func origin(of index: Int) -> Int {
    var index = index
    while nodes[index].operation.role.keepsElements { index = nodes[index].inputs[0] }
    return index
  }
}
