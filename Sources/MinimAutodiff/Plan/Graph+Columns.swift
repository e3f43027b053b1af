// Columns that were moved and are moved again. A flow of couplings joins the columns of each for the next one, which
// takes them apart; traced back to their sources, most are not moved at all. This is done to the graph and not to the
// expression, because a gradient with respect to any of its nodes may be wanted.

/// The source of each column of a matrix: a column of another node, or zeros.
private typealias ColumnOrigins = [(node: Int, column: Int)?]

extension Graph {
  /// A simpler operation for one that moves columns of moved columns, or that adds matrices each of whose columns is
  /// zero in one of them; nil for any other. Without an operation the value is that of the one input.
  func simplifiedColumns(
    _ operation: any Operation, _ inputs: [Int], _ shape: Shape
  ) -> (operation: (any Operation)?, inputs: [Int])? {
    guard shape.count == 2 else { return nil }
    if case .map(let primitive, _) = operation.role {
      guard primitive == .add, let sum = disjointSum(inputs[0], inputs[1]) else { return nil }
      return simplest(sum, rows: shape[0])
    }
    guard let own = moves(operation, inputs, shape) else { return nil }
    let origins = own.map { $0.flatMap(followed) }
    guard zip(origins, own).contains(where: { $0?.node != $1?.node || $0?.column != $1?.column }) else { return nil }
    let found = simplest(origins, rows: shape[0])
    // Naming the parts of a concatenation by their sources makes it no simpler if there are as many. (The two types are
    // this file's own vocabulary of moves.)
    if operation is Concatenate, found?.operation is Columns, (found?.inputs.count ?? 0) >= inputs.count { return nil }
    return found
  }

  /// The columns that an operation moves; nil if it does anything else.
  private func moves(_ operation: any Operation, _ inputs: [Int], _ shape: Shape) -> ColumnOrigins? {
    operation.columnSources(of: inputs.map { nodes[$0].shape }, shape: shape)?
      .map { source in source.map { (inputs[$0.input], $0.column) } }
  }

  /// The column itself, or the one that it is a copy of. One step back is enough: the node was traced when it was
  /// added.
  private func followed(_ origin: (node: Int, column: Int)) -> (node: Int, column: Int)? {
    let node = nodes[origin.node]
    guard node.shape.count == 2, let origins = moves(node.operation, node.inputs, node.shape) else { return origin }
    return origins[origin.column]
  }

  private func disjointSum(_ a: Int, _ b: Int) -> ColumnOrigins? {
    let (left, right) = (nodes[a], nodes[b])
    guard left.shape == right.shape, let x = moves(left.operation, left.inputs, left.shape),
      let y = moves(right.operation, right.inputs, right.shape), zip(x, y).allSatisfy({ $0 == nil || $1 == nil })
    else { return nil }
    return zip(x, y).map { $0 ?? $1 }
  }

  /// The simplest operation that makes the matrix of these columns: none, a slice, a concatenation, or columns; nil if
  /// all are zeros.
  private func simplest(
    _ origins: ColumnOrigins, rows: Int
  ) -> (operation: (any Operation)?, inputs: [Int])? {
    var inputs: [Int] = []
    for case let origin? in origins where !inputs.contains(origin.node) { inputs.append(origin.node) }
    guard let first = inputs.first else { return nil }
    func isRun(of inputs: [Int], from start: Int) -> Bool {
      let run = inputs.flatMap { input in (0..<nodes[input].shape[1]).map { (input, $0) } }.dropFirst(start)
      return run.count >= origins.count
        && zip(origins, run).allSatisfy { origin, column in origin.map { $0 == column } ?? false }
    }
    let start = origins[0]?.column ?? 0
    if inputs.count == 1, isRun(of: inputs, from: start) {
      if origins.count == nodes[first].shape[1] { return (nil, inputs) }
      return (Slice(start: [0, start], shape: [rows, origins.count]), inputs)
    }
    if inputs.map({ nodes[$0].shape[1] }).reduce(0, +) == origins.count, isRun(of: inputs, from: 0) {
      return (Concatenate(axis: 1), inputs)
    }
    let sources = origins.map { origin in
      origin.map { Columns.Source(input: inputs.firstIndex(of: $0.node) ?? 0, column: $0.column) }
    }
    return (Columns(sources: sources), inputs)
  }
}
