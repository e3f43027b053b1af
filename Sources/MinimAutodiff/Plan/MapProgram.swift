import CMinimKernels

/// The steps of an elementwise kernel, with registers assigned: operands that are arrays, and temporaries in L1.
struct MapProgram {
  /// The arrays read, each by the node that holds it and how it is read. The result is one more operand, the last.
  private(set) var operands: [(node: Int, kind: MapInstruction.Kind)] = []
  private(set) var steps: [MapInstruction.Step] = []

  /// The length limit of a program. No formula of a model comes near it; without a limit the time to plan a chain of n
  /// operations would grow with n^2.
  static let mostSteps = 64

  /// The program of `members` (inputs first, the result last), or nil if it needs more registers than a kernel has.
  init?(_ members: [Int], _ graph: Graph, _ fusion: Fusion) {
    guard let result = members.last, members.count <= Self.mostSteps else { return nil }
    for member in members {
      for input in graph.nodes[member].inputs where !members.contains(input) { addOperand(input, graph, fusion) }
    }
    let output = operands.count
    guard output < Int(MINIM_MAP_OPERANDS) else { return nil }

    var register: [Int: Int] = [:]
    var free = Array((output + 1..<output + 1 + Int(MINIM_MAP_TEMPORARIES)).reversed())
    for member in members {
      let node = graph.nodes[member]
      guard case .map(let primitive, let constant) = node.operation.role else { return nil }
      let sources = node.inputs.map { register[$0] ?? operandIndex($0, graph, fusion) }
      // A register is free again after its last reader; the reader itself may write to it.
      for (position, input) in node.inputs.enumerated()
      where members.contains(input) && !node.inputs[..<position].contains(input) {
        let isLast = !members.contains { $0 > member && graph.nodes[$0].inputs.contains(input) }
        if isLast, let freed = register[input] { free.append(freed) }
      }
      let destination: Int
      if member == result {
        destination = output
      } else {
        guard let next = free.popLast() else { return nil }
        destination = next
        register[member] = next
      }
      steps.append(
        MapInstruction.Step(
          primitive: primitive, constant: constant, destination: destination,
          a: sources[0], b: sources.count > 1 ? sources[1] : 0))
    }
  }

  private mutating func addOperand(_ input: Int, _ graph: Graph, _ fusion: Fusion) {
    let operand = Self.operand(input, graph, fusion)
    if !operands.contains(where: { $0 == operand }) { operands.append(operand) }
  }

  private func operandIndex(_ input: Int, _ graph: Graph, _ fusion: Fusion) -> Int {
    let operand = Self.operand(input, graph, fusion)
    return operands.firstIndex { $0 == operand } ?? 0  // every input of a member was added before
  }

  private static func operand(_ input: Int, _ graph: Graph, _ fusion: Fusion) -> (node: Int, kind: MapInstruction.Kind)
  {
    let source = graph.nodes[input].inputs.first ?? input
    switch fusion.broadcastKind(of: input) {
    case nil: return (input, .full)
    case .scalar: return (source, .scalar)
    case .row: return (source, .row)
    case .column: return (source, .column)
    }
  }
}
