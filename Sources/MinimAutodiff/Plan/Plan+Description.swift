extension Plan: CustomStringConvertible {
  /// One line per instruction: the result's place, the kernel, and what it computes. The same text for the same
  /// expression.
  public var description: String {
    var lines = ["plan: \(arenaCount) elements per worker, \(prologueCount) in the prologue, \(outputCount) results"]
    lines += inputs.sorted { $0.value.offset < $1.value.offset }.map {
      "  arena+\($0.value.offset) = input \($0.key) \($0.value.shape)"
    }
    if !once.isEmpty { lines += ["once:"] + once.map { "  \($0)" } }
    if !prologue.isEmpty { lines += ["once per step:"] + prologue.map { "  \($0)" } }
    lines += ["each shard:"] + body.map { "  \($0)" }
    return lines.joined(separator: "\n")
  }
}

extension Plan.Entry: CustomStringConvertible {
  package var description: String {
    let paths = parameterPaths.isEmpty ? "" : "  <- " + parameterPaths.joined(separator: ", ")
    return "\(result) = \(instruction.kernelName) | \(self.operations)\(paths)"
  }
}

extension Slot: CustomStringConvertible {
  package var description: String { "\(space.rawValue)+\(offset)" }
}

extension Instruction {
  /// The kernel and its extents.
  package var kernelName: String {
    switch self {
    case .gemm(let gemm):
      let groups = gemm.groups.cOffsets.count
      let sums = groups == 1 && gemm.groups.aOffsets.count == 1 ? "" : " x\(groups) of \(gemm.groups.aOffsets.count)"
      return "gemm \(gemm.m)x\(gemm.n)x\(gemm.k)\(sums)\(gemm.epilogue.label)"
    case .map(let map): return "map \(map.count) in \(map.steps.count) steps"
    case .reduce(let reduce):
      return "\(reduce.reduction) \(reduce.kept.map(\.extent)) over \(reduce.reduced.map(\.extent))"
    case .firstMaximum(let mask): return "first maximum \(mask.rows)x\(mask.columns)"
    case .copy(let copy): return "copy \(copy.axes.map(\.extent))"
    case .fill(let fill): return "fill \(fill.count)"
    case .gather(let rows): return "gather \(rows.rows)x\(rows.columns)"
    case .scatterAdd(let rows): return "scatter-add \(rows.rows)x\(rows.columns)"
    case .random(let random): return "random \(random.distribution) \(random.examples)x\(random.perExample)"
    case .sequence(let instructions): return instructions.map(\.kernelName).joined(separator: "; ")
    }
  }
}
