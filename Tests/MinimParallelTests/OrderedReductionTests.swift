import CMinimKernels
import MinimParallel
import Testing

@Suite struct OrderedReductionTests {
  /// Lengths around the block length, and one block, none, and many.
  static let lengths = [0, 1, 4095, 4096, 4097, 10_497, 40_000]

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

  /// The definition: slots in order for each element, elements in order within a block, blocks in order.
  @Test(arguments: lengths)
  func addsInTheOrderOfTheDefinition(length: Int) {
    let slots = Slots(count: 4, length: length)
    let weights = [0.4, 0.3, 0.2, 0.1]
    let y = (0..<length).map { j in
      (0..<4).reduce(0.0) { $0 + weights[$1] * slots.values[$1][j] }
    }
    let blocks = stride(from: 0, to: length, by: 4096).map { first in
      y[first..<min(first + 4096, length)].reduce(0) { $0 + $1 * $1 }
    }
    let sum = slots.reduce(weights, workers: 3)
    #expect(sum.y == y)
    #expect(sum.square == blocks.reduce(0, +))
  }

  /// Another order of the slots gives other bits: the control of the two tests above, whose sums do round.
  @Test func theOrderMatters() {
    let slots = Slots(count: 5, length: 10_497)
    let weights = [0.25, 0.25, 0.25, 0.125, 0.125]
    let forwards = slots.reduce(weights, workers: 2)
    let backwards = slots.reversed().reduce(weights.reversed(), workers: 2)
    #expect(forwards.y != backwards.y)
    #expect(zip(forwards.y, backwards.y).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func fewerWeightsAddFewerSlots() {
    let slots = Slots(count: 4, length: 5000)
    let sum = slots.reduce([0.5, 0.5], workers: 2)
    #expect(sum.y == zip(slots.values[0], slots.values[1]).map { 0.0 + 0.5 * $0 + 0.5 * $1 })
  }
}

/// Arrays of doubles of mixed magnitude and sign, so that sums round.
private struct Slots {
  let values: [[Double]]

  init(count: Int, length: Int) {
    var state: UInt64 = 1
    values = (0..<count).map { _ in
      (0..<length).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(Int64(bitPattern: state) >> 11) / Double(1 << (40 + state % 12))
      }
    }
  }

  private init(values: [[Double]]) { self.values = values }

  func reversed() -> Slots { Slots(values: values.reversed()) }

  func reduce(_ weights: [Double], workers: Int) -> (y: [Double], square: Double) {
    let length = values[0].count
    let memory = values.map { slot -> UnsafeMutableBufferPointer<Double> in
      let copy = UnsafeMutableBufferPointer<Double>.allocate(capacity: length + 1)
      _ = copy.initialize(from: slot)
      return copy
    }
    let y = UnsafeMutablePointer<Double>.allocate(capacity: length + 1)
    defer {
      for slot in memory { slot.deallocate() }
      y.deallocate()
    }
    y[length] = -7  // a sentinel behind the end
    var table = referenceTable()
    let slots = memory.compactMap { $0.baseAddress.map { UnsafeRawPointer($0) } }
    let reduction = OrderedReduction(kernels: &table, slots: slots, result: y, count: length)
    let pool = WorkerPool(workers: workers)
    let square = weights.withUnsafeBufferPointer { reduction.run(weights: $0, on: pool) }
    precondition(y[length] == -7, "the reduction wrote behind its result")
    return (Array(UnsafeBufferPointer(start: y, count: length)), square)
  }
}

/// The weighted sum as a plain loop over doubles.
private func referenceTable() -> minim_kernel_table {
  var table = minim_kernel_table()
  table.element = MINIM_FLOAT64
  table.element_size = 8
  table.weighted_sum = { call in
    guard let call, let slot = call.pointee.slot, let weight = call.pointee.weight, let y = call.pointee.y else {
      return
    }
    var square = 0.0
    for j in 0..<Int(call.pointee.count) {
      var sum = 0.0
      for i in 0..<Int(call.pointee.slots) {
        guard let x = slot[i] else { return }
        sum += weight[i] * x.assumingMemoryBound(to: Double.self)[j]
      }
      y.assumingMemoryBound(to: Double.self)[j] = sum
      square += sum * sum
    }
    call.pointee.square = square
  }
  return table
}
