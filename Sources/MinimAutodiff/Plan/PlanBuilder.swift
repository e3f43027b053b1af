/// The steps from an expression to a plan.
struct PlanBuilder {
  private let graph: Graph
  private let fusion: Fusion
  private let listsInputs: Bool
  private var slots: [Int: Slot] = [:]
  private var lastUse: [Int: Int] = [:]
  private(set) var once: [Plan.Entry] = []
  private(set) var prologue: [Plan.Entry] = []
  private(set) var body: [Plan.Entry] = []
  private(set) var inputs: [String: (offset: Int, shape: Shape)] = [:]
  private(set) var constants: [Double] = []
  private(set) var leaves: [Plan.Leaf] = []
  private(set) var arena = MemoryPlan()
  private(set) var prologueMemory = MemoryPlan()

  init(_ outputs: [Plan.Output], fuse: Bool) {
    listsInputs = !fuse
    graph = Graph(outputs: outputs.map(\.tensor))
    fusion = Fusion(graph, fuse: fuse)
    let kernels = fusion.kernels()
    let recurrence = graph.recurrences()
    let inOrder = [Recurrence.once, .step, .shard].flatMap { time in kernels.filter { recurrence[$0] == time } }

    placeLeaves()
    listLeaves()
    let direct = placeOutputs(outputs, recurrence)
    for (time, kernel) in inOrder.enumerated() {
      for input in fusion.inputs(of: kernel) { lastUse[graph.storage(of: input)] = time }
    }
    for index in graph.outputs { lastUse[graph.storage(of: index)] = Int.max }
    for (time, kernel) in inOrder.enumerated() {
      place(kernel, at: time, recurrence[kernel])
      switch recurrence[kernel] {
      case .once: once.append(entry(kernel))
      case .step: prologue.append(entry(kernel))
      case .shard: body.append(entry(kernel))
      }
      releaseInputs(of: kernel, at: time)
    }
    for (position, output) in outputs.enumerated() where !direct[position] { appendCopy(to: output, at: position) }
  }

  private func role(_ index: Int) -> Role { graph.nodes[index].operation.role }

  // MARK: - Places

  private mutating func placeLeaves() {
    let live = graph.liveNodes()
    for (index, node) in graph.nodes.enumerated() where live[index] {
      guard case .leaf(let leaf) = node.operation.role else { continue }
      switch leaf {
      case .parameter(_, let offset): slots[index] = Slot(space: .parameters, offset: offset)
      case .input(let name):
        // Its place is never reused: a step can be replayed to find where it went wrong.
        require(inputs[name] == nil, "two inputs of one plan are called \(name): each needs a name of its own")
        let offset = arena.allocate(node.shape.elementCount)
        slots[index] = Slot(space: .arena, offset: offset)
        inputs[name] = (offset, node.shape)
      case .constant(let values):
        slots[index] = Slot(space: .constants, offset: constants.count)
        let padding = MemoryPlan.aligned(values.count) - values.count
        constants += values + [Double](repeating: 0, count: padding)
      }
    }
  }

  /// Lists the leaves in the order in which a report checks them: parameters, inputs, constants.
  private mutating func listLeaves() {
    var kinds = [[Plan.Leaf]](repeating: [], count: 3)
    for (index, node) in graph.nodes.enumerated() {
      guard let slot = slots[index], case .leaf(let leaf) = node.operation.role else { continue }
      let (kind, text, paths): (Int, String, [String]) =
        switch leaf {
        case .parameter(let path, _): (0, "parameter", [path])
        case .input(let name): (1, "input \(name)", [])
        case .constant: (2, "constant", [])
        }
      kinds[kind].append(
        Plan.Leaf(
          label: "\(text) \(node.shape)", parameterPaths: paths, slot: slot, shape: node.shape))
    }
    leaves = kinds.flatMap { $0 }
  }

  /// Places outputs: one that a kernel of the body computes is written straight to its place, others are copied there
  /// at the end.
  private mutating func placeOutputs(_ outputs: [Plan.Output], _ recurrence: [Recurrence]) -> [Bool] {
    var direct = [Bool](repeating: false, count: outputs.count)
    for (position, index) in graph.outputs.enumerated() {
      let storage = graph.storage(of: index)
      // Values that shards exchange stay in the shards' own memory.
      guard slots[storage] == nil, recurrence[storage] == .shard, !role(storage).isExchange else { continue }
      slots[storage] = Slot(space: .output, offset: outputs[position].offset)
      direct[position] = true
    }
    return direct
  }

  private mutating func place(_ kernel: Int, at time: Int, _ recurrence: Recurrence) {
    guard slots[kernel] == nil else { return }
    let count = graph.nodes[kernel].shape.elementCount
    if recurrence < .shard {
      slots[kernel] = Slot(space: .prologue, offset: prologueMemory.allocate(count))
    } else if let reused = inPlaceInput(of: kernel, at: time) {
      slots[kernel] = slots[reused]
      lastUse[reused] = nil
    } else {
      slots[kernel] = Slot(space: .arena, offset: arena.allocate(count))
    }
  }

  /// An input of the arena that an elementwise kernel reads for the last time, element by element: the result can take
  /// its place.
  private func inPlaceInput(of kernel: Int, at time: Int) -> Int? {
    guard role(kernel).isMap, fusion.product[kernel] == nil,
      let program = MapProgram(fusion.members(of: kernel), graph, fusion)
    else { return nil }
    return program.operands.lazy.map { (graph.storage(of: $0.node), $0.kind) }.first { node, kind in
      kind == .full && lastUse[node] == time && slots[node]?.space == .arena
        && !role(node).isInput
        && graph.nodes[node].shape.elementCount == graph.nodes[kernel].shape.elementCount
        && program.operands.filter { graph.storage(of: $0.node) == node }.count == 1
    }?.0
  }

  private mutating func releaseInputs(of kernel: Int, at time: Int) {
    var storages: [Int] = []
    for input in fusion.inputs(of: kernel) {
      let storage = graph.storage(of: input)
      if lastUse[storage] == time, !storages.contains(storage) { storages.append(storage) }
    }
    for storage in storages {
      guard let slot = slots[storage], slot.space == .arena, !role(storage).isInput else { continue }
      arena.release(slot.offset, graph.nodes[storage].shape.elementCount)
    }
  }

  // MARK: - Instructions

  private func slot(of index: Int) -> Slot {
    slots[graph.storage(of: index)] ?? Slot(space: .arena, offset: 0)  // every kernel follows those of its inputs
  }

  private func operand(_ index: Int) -> Operand {
    let node = graph.nodes[index]
    return Operand(slot: slot(of: index), shape: node.shape, layout: node.layout)
  }

  private func entry(_ kernel: Int) -> Plan.Entry {
    let members = fusion.members(of: kernel)
    return Plan.Entry(
      instruction: instruction(kernel, members),
      operations: members.map { graph.nodes[$0].operation.signature }
        .joined(separator: ", ") + " \(graph.nodes[kernel].shape)"
        + (graph.nodes[kernel].layout == .positionMajor ? "p" : ""),
      parameterPaths: graph.parameterPaths(near: members[0]), result: slot(of: kernel),
      shape: graph.nodes[kernel].shape, layout: graph.nodes[kernel].layout,
      inputs: listsInputs ? fusion.inputs(of: kernel).map(read) : [], origin: graph.origins[kernel],
      isBatchMean: role(kernel).isExchange)
  }

  /// A value that an instruction reads.
  private func read(_ index: Int) -> Plan.Leaf {
    // What was only reshaped is called by what computed it.
    let storage = graph.storage(of: index), shape = graph.nodes[storage].shape
    guard case .leaf(.parameter(let path, _)) = role(storage) else {
      return Plan.Leaf(label: graph.description(of: storage), parameterPaths: [], slot: slot(of: index), shape: shape)
    }
    return Plan.Leaf(
      label: "parameter \(path) \(shape)", parameterPaths: [path], slot: slot(of: index), shape: shape)
  }

  private func instruction(_ kernel: Int, _ members: [Int]) -> Instruction {
    if let product = fusion.product[kernel], let epilogue = fusion.epilogue[kernel] {
      let node = graph.nodes[product]
      guard case .gemm(var gemm) = node.operation.instruction(node.inputs.map(operand), operand(kernel)) else {
        // `Fusion` gives an epilogue to nothing else, so no expression can cause this.
        fatalError("a product lowers to a gemm: only products are given an epilogue")
      }
      gemm.epilogue = epilogue.map(slot)
      return .gemm(gemm)
    }
    let node = graph.nodes[kernel]
    if role(kernel).isMap, let program = MapProgram(members, graph, fusion) {
      return .map(
        MapInstruction(
          operands: program.operands.map { (slot(of: $0.node), $0.kind) } + [(slot(of: kernel), .full)],
          steps: program.steps, count: node.shape.elementCount, columns: node.shape.last ?? 1))
    }
    return node.operation.instruction(node.inputs.map(operand), operand(kernel))
  }

  private mutating func appendCopy(to output: Plan.Output, at position: Int) {
    let source = operand(graph.outputs[position])
    let slot = Slot(space: .output, offset: output.offset)
    let destination = Operand(slot: slot, shape: source.shape, layout: .standard)
    body.append(
      Plan.Entry(
        instruction: .copy(
          CopyInstruction(from: source, strides: source.strides, to: destination, extent: source.shape)),
        operations: "copy to result \(source.shape)", parameterPaths: [], result: slot,
        shape: source.shape, layout: .standard, inputs: [], origin: nil, isBatchMean: false))
  }
}
