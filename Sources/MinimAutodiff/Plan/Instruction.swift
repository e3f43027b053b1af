/// One kernel call of a plan, with places instead of addresses as operands.
package enum Instruction: Sendable {
  case gemm(GemmInstruction)
  case map(MapInstruction)
  case reduce(ReduceInstruction)
  case firstMaximum(FirstMaximumInstruction)
  case copy(CopyInstruction)
  case fill(FillInstruction)
  case gather(RowsInstruction)
  case scatterAdd(RowsInstruction)
  case random(RandomInstruction)
  case sequence([Instruction])
}

/// Grouped matrix products: see `minim_gemm`.
package struct GemmInstruction: Sendable {
  package let a: Slot, b: Slot
  package var c: Slot
  package let groups: GemmGroups
  package let m: Int, n: Int, k: Int
  package let aRow: Int, aColumn: Int
  package var epilogue = Epilogue<Slot>()

  package init(
    a: Slot, b: Slot, c: Slot, groups: GemmGroups, m: Int, n: Int, k: Int, aRow: Int, aColumn: Int
  ) {
    self.a = a
    self.b = b
    self.c = c
    self.groups = groups
    self.m = m
    self.n = n
    self.k = k
    self.aRow = aRow
    self.aColumn = aColumn
  }

  package var floatingPointOperations: Int { 2 * m * n * k * groups.aOffsets.count }
}

/// The outputs of a grouped product and the segments that each sums.
package struct GemmGroups: Sendable {
  package let cOffsets: [Int], starts: [Int], aOffsets: [Int], bOffsets: [Int]

  package static let single = GemmGroups(count: 1, cStride: 0, segments: [(0, a: 0, b: 0)])

  /// - Parameter segments: their groups and the offsets of their factors; within a group their order is kept.
  package init(count: Int, cStride: Int, segments: [(group: Int, a: Int, b: Int)]) {
    var members = [[(a: Int, b: Int)]](repeating: [], count: count)
    for segment in segments { members[segment.group].append((segment.a, segment.b)) }
    cOffsets = (0..<count).map { $0 * cStride }
    starts = members.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    aOffsets = members.flatMap { $0.map(\.a) }
    bOffsets = members.flatMap { $0.map(\.b) }
  }
}

/// A blocked elementwise program: see `minim_map`.
package struct MapInstruction: Sendable {
  package enum Kind: Sendable { case full, scalar, row, column }
  package struct Step: Sendable {
    package let primitive: Primitive
    package let constant: Double
    /// Registers: operands first, then temporaries.
    package let destination: Int, a: Int, b: Int
  }

  package var operands: [(slot: Slot, kind: Kind)]
  package let steps: [Step]
  package let count: Int, columns: Int
}

/// A sum or maximum over axes read through strides: see `minim_reduce`.
package struct ReduceInstruction: Sendable {
  package enum Reduction: Sendable { case sum, max }
  package let reduction: Reduction
  package let x: Slot, y: Slot
  package let kept: [Axis], reduced: [Axis]
  package let scale: Double

  package struct Axis: Sendable {
    package let extent: Int, stride: Int
  }

  package init(_ reduction: Reduction, of x: Operand, over axes: [Int], scale: Double, to output: Operand) {
    let strides = x.strides
    func axis(_ i: Int) -> Axis { Axis(extent: x.shape[i], stride: strides[i]) }
    self.reduction = reduction
    self.x = x.slot
    y = output.slot
    kept = Self.merged(x.shape.indices.filter { !axes.contains($0) }.map(axis))
    // Memory order: a sum then runs through its input once, whatever the layout.
    reduced = Self.merged(axes.map(axis).sorted { $0.stride > $1.stride })
    self.scale = scale
  }

  /// The axes without those of extent 1, neighbors joined if one continues the other.
  private static func merged(_ axes: [Axis]) -> [Axis] {
    axes.filter { $0.extent != 1 }.reduce(into: []) { result, axis in
      if let last = result.last, last.stride == axis.extent * axis.stride {
        result[result.count - 1] = Axis(extent: last.extent * axis.extent, stride: axis.stride)
      } else {
        result.append(axis)
      }
    }
  }
}

package struct FirstMaximumInstruction: Sendable {
  package let x: Slot, mask: Slot
  package let rows: Int, columns: Int
}

/// A copy through strides; broadcast, transpose, slice, pad, concatenate and relayout all use it.
package struct CopyInstruction: Sendable {
  package struct Axis: Sendable {
    package let extent: Int, source: Int, destination: Int
  }
  package let src: Slot, dst: Slot
  package let axes: [Axis]

  /// Copies a box of `extent` from `x`, read through `strides`, to `output`, written through its own or through `written`.
  package init(from x: Operand, strides: [Int], to output: Operand, written: [Int]? = nil, extent: Shape) {
    src = x.slot
    dst = output.slot
    let written = written ?? output.strides
    let order = extent.indices.filter { extent[$0] != 1 }.sorted { written[$0] > written[$1] }
    axes = order.map { Axis(extent: extent[$0], source: strides[$0], destination: written[$0]) }.reduce(into: []) {
      result, axis in
      if let last = result.last, last.source == axis.extent * axis.source,
        last.destination == axis.extent * axis.destination
      {
        result[result.count - 1] = Axis(
          extent: last.extent * axis.extent, source: axis.source, destination: axis.destination)
      } else {
        result.append(axis)
      }
    }
  }

  /// Copies `x` into the box of `output` that starts at `start`.
  package static func into(_ output: Operand, at start: [Int], from x: Operand) -> CopyInstruction {
    let offset = zip(start, output.strides).map { $0 * $1 }.reduce(0, +)
    return CopyInstruction(from: x, strides: x.strides, to: output.advanced(by: offset), extent: x.shape)
  }
}

package struct FillInstruction: Sendable {
  package let dst: Slot
  package let count: Int
  package let value: Double

  package init(to output: Operand, value: Double) {
    dst = output.slot
    count = output.shape.elementCount
    self.value = value
  }
}

/// Rows moved by index: a gather or a scatter-add.
package struct RowsInstruction: Sendable {
  package let src: Slot, index: Slot, dst: Slot
  package let rows: Int, columns: Int, otherRows: Int
}

package struct RandomInstruction: Sendable {
  package let dst: Slot
  package let examples: Int, perExample: Int
  package let purpose: UInt64
  package let distribution: Random.Distribution
}
