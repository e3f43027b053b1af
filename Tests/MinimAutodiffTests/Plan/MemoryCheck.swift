import MinimAutodiff

/// Runs the instructions of a plan on tags instead of numbers: who wrote each element last. It knows what kernels read
/// and write from the definitions of the kernels alone, nothing of how places were chosen.
struct MemoryCheck {
  /// What is wrong, in words; empty for a good plan.
  private(set) var faults: [String] = []
  private var writer: [Slot.Space: [Int]] = [:]
  private let nobody = -1, caller = -2

  init(_ plan: Plan, outputs: [Tensor]) {
    writer[.arena] = [Int](repeating: nobody, count: plan.arenaCount)
    writer[.prologue] = [Int](repeating: nobody, count: plan.prologueCount)
    writer[.output] = [Int](repeating: nobody, count: plan.outputCount)
    for (_, input) in plan.inputs {
      for element in 0..<input.shape.elementCount { writer[.arena]?[input.offset + element] = caller }
    }
    let shared = plan.once + plan.prologue
    for (index, entry) in (shared + plan.body).enumerated() {
      run(entry.instruction, entry, tag: index, isPrologue: index < shared.count)
      checkWritten(entry, tag: index)
    }
    checkInputs(plan)
    checkOutputs(outputs)
  }

  private mutating func run(_ instruction: Instruction, _ entry: Plan.Entry, tag: Int, isPrologue: Bool) {
    if case .sequence(let parts) = instruction {
      for part in parts { run(part, entry, tag: tag, isPrologue: isPrologue) }
      return
    }
    let reads = instruction.reads
    let written = Set(instruction.writes.elements)
    for read in reads {
      check(read, of: entry, isPrologue: isPrologue)
      let clash =
        read.slot.space == instruction.writes.slot.space && !read.elements.allSatisfy { !written.contains($0) }
      // In place is right where element i of the result needs element i of the operand and no other.
      if clash, !read.isElementwise || read.slot.offset != instruction.writes.slot.offset {
        faults.append("\(entry): writes what it still reads")
      }
    }
    for element in instruction.writes.elements {
      guard let count = writer[instruction.writes.slot.space]?.count, element < count, element >= 0 else {
        faults.append("\(entry): writes outside \(instruction.writes.slot.space)")
        return
      }
      writer[instruction.writes.slot.space]?[element] = tag
    }
  }

  private mutating func check(_ read: Region, of entry: Plan.Entry, isPrologue: Bool) {
    guard let owners = writer[read.slot.space] else { return }  // parameters and constants: never written
    if isPrologue, read.slot.space != .prologue { faults.append("\(entry): once per step, but reads \(read.slot)") }
    guard read.elements.allSatisfy({ $0 >= 0 && $0 < owners.count }) else {
      faults.append("\(entry): reads outside \(read.slot.space)")
      return
    }
    let seen = Set(read.elements.map { owners[$0] })
    if seen.contains(nobody) { faults.append("\(entry): reads what nobody wrote") }
    if seen.count > 1 { faults.append("\(entry): reads a value that others wrote into") }
  }

  private mutating func checkWritten(_ entry: Plan.Entry, tag: Int) {
    let owners = writer[entry.result.space] ?? []
    let range = entry.result.offset..<entry.result.offset + entry.count
    if !range.allSatisfy({ $0 < owners.count && owners[$0] == tag }) {
      faults.append("\(entry): result not all written")
    }
  }

  /// A step can be replayed to find where it went wrong, so an input is still there at the end.
  private mutating func checkInputs(_ plan: Plan) {
    for (name, input) in plan.inputs {
      let range = input.offset..<input.offset + input.shape.elementCount
      if !range.allSatisfy({ writer[.arena]?[$0] == caller }) { faults.append("input \(name) was overwritten") }
    }
  }

  private mutating func checkOutputs(_ outputs: [Tensor]) {
    var offset = 0
    for output in outputs {
      let owners = Set((offset..<offset + output.shape.elementCount).map { writer[.output]?[$0] ?? nobody })
      if owners.count > 1 || owners.contains(nobody) { faults.append("output \(output.shape) is not whole") }
      offset += (max(1, output.shape.elementCount) + 15) / 16 * 16
    }
  }
}

/// The elements of one memory that a kernel touches.
struct Region {
  let slot: Slot
  let elements: [Int]
  var isElementwise = false

  init(_ slot: Slot, _ elements: some Sequence<Int>, isElementwise: Bool = false) {
    self.slot = slot
    self.elements = elements.map { slot.offset + $0 }
    self.isElementwise = isElementwise
  }
}

extension Instruction {
  /// What a kernel reads, operand by operand.
  var reads: [Region] {
    switch self {
    case .gemm(let gemm): return gemm.reads
    case .map(let map):
      return map.operands.dropLast().map { operand in
        switch operand.kind {
        case .full: Region(operand.slot, 0..<map.count, isElementwise: true)
        case .scalar: Region(operand.slot, 0..<min(1, map.count))
        case .row: Region(operand.slot, (0..<map.count).map { $0 % map.columns })
        case .column: Region(operand.slot, (0..<map.count).map { $0 / map.columns })
        }
      }
    case .reduce(let reduce):
      return [Region(reduce.x, strided((reduce.kept + reduce.reduced).map { ($0.extent, $0.stride) }))]
    case .firstMaximum(let mask): return [Region(mask.x, 0..<mask.rows * mask.columns)]
    case .copy(let copy): return [Region(copy.src, strided(copy.axes.map { ($0.extent, $0.source) }))]
    case .gather(let rows):
      return [Region(rows.src, 0..<rows.otherRows * rows.columns), Region(rows.index, 0..<rows.rows)]
    case .scatterAdd(let rows):
      return [Region(rows.src, 0..<rows.rows * rows.columns), Region(rows.index, 0..<rows.rows)]
    case .fill, .random, .sequence: return []
    }
  }

  /// What a kernel writes.
  var writes: Region {
    switch self {
    case .gemm(let gemm): return gemm.result
    case .map(let map): return Region(map.operands[map.operands.count - 1].slot, 0..<map.count)
    case .reduce(let reduce): return Region(reduce.y, 0..<reduce.kept.reduce(1) { $0 * $1.extent })
    case .firstMaximum(let mask): return Region(mask.mask, 0..<mask.rows * mask.columns)
    case .copy(let copy): return Region(copy.dst, strided(copy.axes.map { ($0.extent, $0.destination) }))
    case .fill(let fill): return Region(fill.dst, 0..<fill.count)
    case .gather(let rows): return Region(rows.dst, 0..<rows.rows * rows.columns)
    case .scatterAdd(let rows): return Region(rows.dst, 0..<rows.otherRows * rows.columns)
    case .random(let random): return Region(random.dst, 0..<random.examples * random.perExample)
    case .sequence(let parts): return parts[0].writes
    }
  }

  private func strided(_ axes: [(extent: Int, stride: Int)]) -> [Int] {
    axes.reduce([0]) { places, axis in places.flatMap { place in (0..<axis.extent).map { place + $0 * axis.stride } } }
  }
}

extension GemmInstruction {
  /// The rectangle of `rows` by `columns` at each offset.
  private func rectangles(_ offsets: [Int], _ rows: (Int, Int), _ columns: (Int, Int)) -> Set<Int> {
    var places: Set<Int> = []
    for offset in Set(offsets) {
      for row in 0..<rows.0 {
        for column in 0..<columns.0 { places.insert(offset + row * rows.1 + column * columns.1) }
      }
    }
    return places
  }

  fileprivate var result: Region { Region(c, rectangles(groups.cOffsets, (m, n), (n, 1))) }

  fileprivate var reads: [Region] {
    let likeResult = rectangles(groups.cOffsets, (m, n), (n, 1))
    let factors = [
      Region(a, rectangles(groups.aOffsets, (m, aRow), (k, aColumn))),
      Region(b, rectangles(groups.bOffsets, (k, n), (n, 1))),
    ]
    let operands = epilogue.steps.flatMap { step, operands in
      operands.map { step == .bias ? Region($0, 0..<n) : Region($0, likeResult) }
    }
    return factors + operands
  }
}
