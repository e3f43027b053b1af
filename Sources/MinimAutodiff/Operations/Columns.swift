/// Columns of matrices moved into one matrix: column j of the result is the one that `sources[j]` names, or zeros. No
/// column is taken twice, so the adjoint moves columns too.
package struct Columns: Operation {
  package struct Source: Sendable, Equatable {
    package let input: Int, column: Int
  }
  package let sources: [Source?]

  package var signature: String {
    "columns [" + sources.map { $0.map { "\($0.input):\($0.column)" } ?? "-" }.joined(separator: " ") + "]"
  }

  package func columnSources(of inputs: [Shape], shape: Shape) -> [Source?]? { sources }

  package func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] {
    y.inputs.enumerated().map { input, x in
      var back = [Source?](repeating: nil, count: x.shape[1])
      for case (let j, let source?) in sources.enumerated() where source.input == input {
        back[source.column] = Source(input: 0, column: j)
      }
      return Self.moved([dy], back)
    }
  }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    let copies = inputs.indices.flatMap { input in
      runs(of: input).map { run in
        Instruction.copy(
          CopyInstruction(
            from: inputs[input].advanced(by: run.source), strides: [inputs[input].shape[1], run.sourceStep],
            to: output.advanced(by: run.destination), written: [output.shape[1], run.destinationStep],
            extent: [output.shape[0], run.count]))
      }
    }
    let fills = sources.contains(nil) ? [Instruction.fill(FillInstruction(to: output, value: 0))] : []
    return .sequence(fills + copies)
  }

  /// Columns in equal steps, which one strided copy moves.
  private struct Run {
    let source: Int, destination: Int
    var sourceStep = 1, destinationStep = 1, count = 1
  }

  private func runs(of input: Int) -> [Run] {
    var runs: [Run] = []
    for case (let j, let source?) in sources.enumerated() where source.input == input {
      if var run = runs.last {
        let steps = (source.column - run.source, j - run.destination)
        if run.count == 1 { (run.sourceStep, run.destinationStep) = steps }
        if steps == (run.count * run.sourceStep, run.count * run.destinationStep) {
          run.count += 1
          runs[runs.count - 1] = run
          continue
        }
      }
      runs.append(Run(source: source.column, destination: j))
    }
    return runs
  }

  /// The node, or the plain slice or concatenation that it amounts to.
  static func moved(_ inputs: [Tensor], _ sources: [Source?]) -> Tensor {
    let (rows, width) = (inputs[0].shape[0], sources.count)
    let start = sources.first.flatMap { $0?.column } ?? 0
    if inputs.count == 1, sources == (start..<start + width).map({ Source(input: 0, column: $0) }) {
      return inputs[0].slice([0, start], shape: [rows, width])
    }
    let inOrder = inputs.enumerated().flatMap { input, x in
      (0..<x.shape[1]).map { Source(input: input, column: $0) }
    }
    if inputs.count > 1, sources == inOrder { return concatenate(inputs, axis: 1) }
    return Tensor(Columns(sources: sources), inputs, shape: [rows, width])
  }
}

extension Tensor {
  /// Columns of a matrix by number, none of them twice: [n, d] to [n, columns.count]. The adjoint puts them back among
  /// zeros.
  public func columns(_ columns: [Int]) -> Tensor {
    require(
      rank == 2 && Set(columns).count == columns.count && columns.allSatisfy { (0..<shape[1]).contains($0) },
      "columns \(columns) of a tensor of shape \(shape)")
    return Columns.moved([self], columns.map { Columns.Source(input: 0, column: $0) })
  }
}

/// The matrix in which the columns of `parts[i]` are those numbered `columns[i]`: the inverse of `columns`.
///
/// - Parameters:
///   - parts: [n, columns[i].count] each.
///   - columns: every number from 0 on once.
public func interleave(_ parts: [Tensor], columns: [[Int]]) -> Tensor {
  require(
    parts.map(\.rank) == columns.map { _ in 2 } && parts.map { $0.shape[1] } == columns.map(\.count)
      && columns.joined().sorted() == Array(0..<columns.joined().count) && Set(parts.map { $0.shape[0] }).count == 1,
    "interleave of shapes \(parts.map(\.shape)) as columns \(columns)")
  // Parts that are adjacent form a plain concatenation, in whatever order they are given.
  let order = parts.indices.sorted { (columns[$0].first ?? -1, $0) < (columns[$1].first ?? -1, $1) }
  var sources = [Columns.Source?](repeating: nil, count: columns.joined().count)
  for (input, part) in order.enumerated() {
    for (column, number) in columns[part].enumerated() {
      sources[number] = Columns.Source(input: input, column: column)
    }
  }
  return Columns.moved(order.map { parts[$0] }, sources)
}
