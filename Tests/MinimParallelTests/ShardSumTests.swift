import CMinimKernels
import MinimParallel
import TestSupport
import Testing

@Suite struct ShardSumTests {
  /// Lengths around the block length, and one block, none, and many.
  static let lengths = [0, 1, 1023, 1024, 1025, 10_497, 40_000]

  @Test(arguments: lengths)
  func sameBitsForEveryNumberOfWorkers(length: Int) {
    let slots = Slots(count: 5, length: length)
    let weights = [0.25, 0.25, 0.25, 0.125, 0.125]
    let alone = slots.reduce(weights, workers: 1)
    for workers in workerCounts {
      for _ in 0..<20 {
        let together = slots.reduce(weights, workers: workers)
        #expect(together.y == alone.y)
        #expect(together.square.bitPattern == alone.square.bitPattern)
      }
    }
  }

  /// The definition: a tree of the slots for each element, elements in order within a block, blocks in order.
  @Test(arguments: lengths)
  func addsInTheOrderOfTheDefinition(length: Int) {
    let slots = Slots(count: 5, length: length)
    let weights = [0.4, 0.3, 0.15, 0.1, 0.05]
    let y = (0..<length).map { j in
      let x = (0..<5).map { weights[$0] * slots.values[$0][j] }
      return ((x[0] + x[1]) + (x[2] + x[3])) + x[4]
    }
    let blocks = stride(from: 0, to: length, by: 1024).map { first in
      y[first..<min(first + 1024, length)].reduce(0) { $0 + $1 * $1 }
    }
    let sum = slots.reduce(weights, workers: 3)
    #expect(sum.y == y)
    #expect(sum.square == blocks.reduce(0, +))
  }

  /// Another order of the slots gives other bits: the control of the two tests above, whose sums do round.
  @Test func theOrderMatters() {
    let slots = Slots(count: 5, length: 10_497)
    let weights = [0.25, 0.25, 0.25, 0.125, 0.125]
    let forward = slots.reduce(weights, workers: 2)
    let backward = slots.reversed().reduce(weights.reversed(), workers: 2)
    #expect(forward.y != backward.y)
    #expect(zip(forward.y, backward.y).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  /// The kernels of this machine's processor, in both precisions: near the plain loop, and the same bits for any workers.
  @Test(arguments: [MINIM_FLOAT32, MINIM_FLOAT64], lengths)
  func theMachinesKernels(element: minim_element, length: Int) throws {
    let levels = (0..<MINIM_LEVELS.rawValue).map { minim_level(rawValue: $0) }
    let table = try #require(levels.lazy.compactMap { minim_kernels($0, element) }.first)
    let slots = Slots(count: 5, length: length, bits: element == MINIM_FLOAT32 ? 24 : 53)
    let weights = [0.25, 0.25, 0.25, 0.125, 0.125]
    let plain = slots.reduce(weights, workers: 1)
    let alone = slots.reduce(weights, workers: 1, kernels: table)
    let tolerance = element == MINIM_FLOAT32 ? 1e-5 : 1e-14
    let scale = slots.scale
    #expect(zip(plain.y, alone.y).allSatisfy { abs($0 - $1) <= tolerance * scale })
    #expect(abs(plain.square - alone.square) <= tolerance * plain.square)
    for workers in workerCounts {
      let together = slots.reduce(weights, workers: workers, kernels: table)
      #expect(together.y == alone.y)
      #expect(together.square.bitPattern == alone.square.bitPattern)
    }
  }

  @Test("any number of processes have the same bits, each in its own memory", arguments: [1, 1024, 10_497])
  func processes(length: Int) throws {
    let slots = Slots(count: 7, length: length)
    let weights = [0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.1]
    let alone = slots.reduce(weights, workers: 1)
    #expect(!alone.isStopRequested)
    for owners in [2, 3, 4, 7] {
      for workers in [1, 2] {
        let all = try SimulatedGroup.run(owners) { group in
          // Only the last process asks to stop, and all of them see it.
          slots.reduce(weights, workers: workers, group: group, isStopRequested: group.ownership.owner == owners - 1)
        }
        for one in all {
          #expect(one.y == alone.y && one.square == alone.square && one.loss == alone.loss && one.isStopRequested)
        }
        let others = try SimulatedGroup.run(owners) { slots.reduce(weights, workers: 1, group: $0) }
        #expect(others.allSatisfy { !$0.isStopRequested })
      }
    }
  }

  @Test("losses are added in Double, by the same tree") func losses() {
    let slots = Slots(count: 5, length: 3)
    let weights = [0.4, 0.3, 0.15, 0.1, 0.05]
    let x = (0..<5).map { weights[$0] * Slots.loss($0) }
    #expect(slots.reduce(weights, workers: 3).loss == ((x[0] + x[1]) + (x[2] + x[3])) + x[4])
  }

  @Test func fewerWeightsAddFewerSlots() {
    let slots = Slots(count: 4, length: 5000)
    let sum = slots.reduce([0.5, 0.5], workers: 2)
    #expect(sum.y == zip(slots.values[0], slots.values[1]).map { 0.0 + 0.5 * $0 + 0.5 * $1 })
  }
}

/// Arrays of numbers of mixed magnitude and sign, so that sums round.
private struct Slots {
  let values: [[Double]]

  /// The largest magnitude, or 1 for no values.
  var scale: Double { values.joined().map(abs).max() ?? 1 }

  /// - Parameter bits: significant bits of a value, so that 24 make it exact as a float.
  init(count: Int, length: Int, bits: Int = 53) {
    var state: UInt64 = 1
    values = (0..<count).map { _ in
      (0..<length).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(Int64(bitPattern: state) >> (65 - bits)) / Double(1 << (bits - 13 + Int(state >> 40) % 12))
      }
    }
  }

  private init(values: [[Double]]) { self.values = values }

  func reversed() -> Slots { Slots(values: values.reversed()) }

  /// The loss that comes with a slot; sums of them round.
  static func loss(_ slot: Int) -> Double { 1 / Double(slot + 3) }

  struct Sum {
    let y: [Double], square: Double, loss: Double, isStopRequested: Bool
  }

  /// By the plain loop below, over doubles.
  func reduce(
    _ weights: [Double], workers: Int, group: any ShardGroup = SingleProcess(), isStopRequested: Bool = false
  ) -> Sum {
    var table = referenceTable()
    return reduce(weights, workers, &table, Double.self, group, isStopRequested)
  }

  func reduce(_ weights: [Double], workers: Int, kernels: UnsafePointer<minim_kernel_table>) -> Sum {
    kernels.pointee.element == MINIM_FLOAT32
      ? reduce(weights, workers, kernels, Float.self) : reduce(weights, workers, kernels, Double.self)
  }

  private func reduce<Element: BinaryFloatingPoint>(
    _ weights: [Double], _ workers: Int, _ kernels: UnsafePointer<minim_kernel_table>, _: Element.Type,
    _ group: any ShardGroup = SingleProcess(), _ isStopRequested: Bool = false
  ) -> Sum {
    let length = values[0].count
    let bytes = ShardSum.slotBytes(length, elementSize: MemoryLayout<Element>.size)
    let own = group.ownership.own(of: weights.count)
    let memory = values.indices.map { slot -> UnsafeMutableRawPointer in
      let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      let elements = memory.bindMemory(to: Element.self, capacity: length + 1)
      // Slots of other processes have nothing yet, and a sentinel is behind the end.
      let value: (Double) -> Element =
        own.contains(slot) || group.ownership.owners == 1 ? { Element($0) } : { _ in .nan }
      for (index, number) in values[slot].enumerated() { (elements + index).initialize(to: value(number)) }
      (elements + length).initialize(to: -7)
      return memory
    }
    defer { for slot in memory { slot.deallocate() } }
    let pool = WorkerPool(workers: workers)
    let sum = ShardSum(kernels: kernels, slots: memory, count: length, workers: workers, group: group)
    let result = weights.withUnsafeBufferPointer { weights in
      sum.begin(weights)
      pool.share(own.count) { index, worker in
        let slot = own.lowerBound + index
        sum.filled(slot, loss: Self.loss(slot), by: worker)
      }
      return sum.finish(on: pool, isStopRequested: isStopRequested)
    }
    func elements(_ slot: Int) -> UnsafeMutablePointer<Element> { memory[slot].assumingMemoryBound(to: Element.self) }
    precondition(memory.indices.allSatisfy { elements($0)[length] == -7 }, "the sum wrote behind its slots")
    return Sum(
      y: (0..<length).map { Double(elements(0)[$0]) }, square: result.square, loss: result.loss,
      isStopRequested: result.isStopRequested)
  }
}

/// The weighted sum as a plain loop over doubles.
private func referenceTable() -> minim_kernel_table {
  var table = minim_kernel_table()
  table.element = MINIM_FLOAT64
  table.element_size = 8
  table.weighted_sum = { call in
    guard let call, let a = call.pointee.a, let y = call.pointee.y else { return }
    var square = 0.0
    for j in 0..<Int(call.pointee.count) {
      var sum = call.pointee.a_weight * a.assumingMemoryBound(to: Double.self)[j]
      if let b = call.pointee.b { sum += call.pointee.b_weight * b.assumingMemoryBound(to: Double.self)[j] }
      y.assumingMemoryBound(to: Double.self)[j] = sum
      square += sum * sum
    }
    call.pointee.square = square
  }
  return table
}
