/// The nodes of a graph grouped into kernels, one instruction each.
struct Fusion {
  /// For each node the last node of its kernel; a node alone is its own root.
  private(set) var root: [Int]
  /// For the root of a product with an epilogue, the product's node.
  private(set) var product: [Int: Int] = [:]
  private(set) var epilogue: [Int: Epilogue<Int>] = [:]

  private let graph: Graph
  private let live: [Bool]
  private let recurrence: [Recurrence]
  private var consumers: [[Int]]
  /// For each root the nodes of its kernel, inputs first.
  private var members: [[Int]]

  init(_ graph: Graph, fuse: Bool) {
    self.graph = graph
    live = graph.liveNodes()
    recurrence = graph.recurrences()
    root = Array(graph.nodes.indices)
    members = graph.nodes.indices.map { [$0] }
    consumers = [[Int]](repeating: [], count: graph.nodes.count)
    for index in graph.nodes.indices where live[index] {
      for input in graph.nodes[index].inputs { consumers[input].append(index) }
    }
    // A result must be stored as it is: it counts as one more reader, which is not a node.
    for output in graph.outputs { consumers[output].append(-1) }
    guard fuse else { return }
    for index in graph.nodes.indices where live[index] { fuseEpilogue(into: index) }
    for index in graph.nodes.indices.reversed() where live[index] { fuseElementwise(index) }
  }

  private func role(_ index: Int) -> Role { graph.nodes[index].operation.role }

  // MARK: - Epilogues of products

  /// Follows the only reader of a product, and of what is made of it, as long as an epilogue can do the same and the
  /// node is not yet in another product's epilogue: a sum of two products is the epilogue of one of them.
  private mutating func fuseEpilogue(into index: Int) {
    guard role(index).isProduct else { return }
    var steps = Epilogue<Int>(), slopes: [Int] = []
    var current = index
    while consumers[current].count == 1, consumers[current][0] >= 0,
      let next = Optional(consumers[current][0]), root[next] == next, product[next] == nil,
      extend(&steps, from: current, by: next)
    {
      if steps.steps.last?.step == .siluSlope { slopes += graph.nodes[next].inputs.filter { $0 != current } }
      current = next
    }
    guard current != index else { return }
    var node = index
    while node != current {
      move(node, to: current)
      node = consumers[node][0]
    }
    for slope in slopes { move(slope, to: current) }
    product[current] = index
    epilogue[current] = steps
  }

  /// Whether `next` can follow `current` in an epilogue; if so, appends it as the first allowed step that does the same.
  private func extend(_ epilogue: inout Epilogue<Int>, from current: Int, by next: Int) -> Bool {
    let node = graph.nodes[next]
    guard case .map(let primitive, _) = role(next), node.shape == graph.nodes[current].shape,
      recurrence[next] == recurrence[current]
    else { return false }
    let other = node.inputs.first { $0 != current }
    for step in epilogue.allowed where step.primitive == primitive && (step.commutes || node.inputs[0] == current) {
      if let operands = operands(of: step, other) {
        epilogue.append(step, operands)
        return true
      }
    }
    return false
  }

  /// What a step reads if the other input of its node is `other`; nil if the step cannot do what the node does.
  private func operands(of step: EpilogueStep, _ other: Int?) -> [Int]? {
    if step.operands.isEmpty { return [] }
    guard let other else { return nil }
    switch step {
    case .bias: return rowSource(of: other).map { [$0] }
    case .siluSlope:
      // The slope is computed again where it is used, so that it never has to be stored.
      guard case .map(.siluSlope, _) = role(other), consumers[other].count == 1, root[other] == other else {
        return nil
      }
      let inputs = graph.nodes[other].inputs
      return inputs.allSatisfy { broadcastKind(of: $0) == nil } ? inputs : nil
    default: return broadcastKind(of: other) == nil ? [other] : nil
    }
  }

  private func rowSource(of index: Int) -> Int? {
    let node = graph.nodes[index]
    guard node.operation.role.isBroadcast, case let source = node.inputs[0],
      graph.nodes[source].shape.elementCount == node.shape.last, graph.nodes[source].shape.last == node.shape.last
    else { return nil }
    return source
  }

  /// The way in which an elementwise reader can read a broadcast without a copy; nil for any other node.
  func broadcastKind(of index: Int) -> BroadcastKind? {
    let node = graph.nodes[index]
    guard node.operation.role.isBroadcast else { return nil }
    return BroadcastKind(source: graph.nodes[node.inputs[0]].shape, result: node.shape)
  }

  // MARK: - Chains of elementwise operations

  /// Moves a node whose readers are all in one elementwise kernel into that kernel: its value never leaves L1. No cycle
  /// can arise, since every path from it leads through that kernel. What depends on parameters only is not moved into a
  /// kernel that runs for each shard.
  private mutating func fuseElementwise(_ index: Int) {
    guard role(index).isMap, root[index] == index, product[index] == nil,
      let reader = consumers[index].first, reader >= 0
    else { return }
    let target = root[reader]
    guard product[target] == nil, role(target).isMap,
      graph.nodes[target].shape == graph.nodes[index].shape, recurrence[target] == recurrence[index],
      consumers[index].allSatisfy({ $0 >= 0 && root[$0] == target && role($0).isMap })
    else { return }
    move(index, to: target)
    if MapProgram(members[target], graph, self) == nil { move(index, to: index) }
  }

  private mutating func move(_ index: Int, to target: Int) {
    members[root[index]].removeAll { $0 == index }
    root[index] = target
    let place = members[target].firstIndex { $0 > index } ?? members[target].endIndex
    members[target].insert(index, at: place)
  }

  /// The nodes of a kernel, inputs first.
  func members(of target: Int) -> [Int] { members[target] }

  // MARK: - The kernels

  /// The roots of all kernels, in an order in which inputs come first. Leaves, aliases and broadcasts that every reader
  /// reads in place have none.
  func kernels() -> [Int] {
    graph.nodes.indices.filter { live[$0] && root[$0] == $0 && needsKernel($0) }
  }

  private func needsKernel(_ index: Int) -> Bool {
    switch role(index) {
    case .leaf, .alias: false
    case .broadcast: broadcastKind(of: index) == nil || consumers[index].contains { !readsInPlace($0) }
    case .permutation, .map, .product, .draws, .exchange, .kernel: true
    }
  }

  private func readsInPlace(_ reader: Int) -> Bool {
    reader >= 0 && role(reader).isMap
  }

  /// The nodes whose memory a kernel reads.
  func inputs(of target: Int) -> [Int] {
    let inside = Set(members(of: target))
    var result: [Int] = []
    for member in inside.sorted() {
      for input in graph.nodes[member].inputs where !inside.contains(input) {
        let source = role(member).isMap && broadcastKind(of: input) != nil ? graph.nodes[input].inputs[0] : input
        if !result.contains(source) { result.append(source) }
      }
    }
    return result
  }
}
