import CMinimKernels

/// The weighted sum of gradient slots, y = sum over i of weight i times slot i, with the same bits for any number of
/// workers.
///
/// The slots are added in the order of i for every element. Workers split the elements into blocks of a fixed length;
/// the sum of squares is the sum of the blocks' results in the order of the blocks, in double. Nothing is allocated
/// after `init`.
package final class OrderedReduction {
  /// Elements a block: 4 slots of floats and the result fill 80 KiB, well inside a second-level cache, and last about
  /// a microsecond.
  package static let blockLength = 4096

  private let kernel: @convention(c) (UnsafeMutablePointer<minim_weighted_sum>?) -> Void
  private let calls: UnsafeMutableBufferPointer<minim_weighted_sum>
  private let addresses: UnsafeMutableBufferPointer<UnsafeRawPointer?>
  private let slots: Int

  /// - Parameters:
  ///   - kernels: the table of the element type of the slots.
  ///   - slots: the arrays to add, each of `count` elements; they and `result` must outlive the reduction, and
  ///     `result` overlaps none of them.
  ///   - result: the sum, `count` elements.
  package init(
    kernels: UnsafePointer<minim_kernel_table>, slots: [UnsafeRawPointer], result: UnsafeMutableRawPointer, count: Int
  ) {
    let blocks = (count + Self.blockLength - 1) / Self.blockLength
    kernel = kernels.pointee.weighted_sum
    self.slots = slots.count
    calls = .allocate(capacity: blocks)
    addresses = .allocate(capacity: blocks * slots.count)
    for block in 0..<blocks {
      let first = block * Self.blockLength
      let offset = first * Int(kernels.pointee.element_size)
      for (index, slot) in slots.enumerated() {
        addresses.initializeElement(at: block * slots.count + index, to: slot + offset)
      }
      var call = minim_weighted_sum()
      call.slot = addresses.baseAddress.map { UnsafePointer($0 + block * slots.count) }
      call.y = result + offset
      call.count = Int64(min(Self.blockLength, count - first))
      calls.initializeElement(at: block, to: call)
    }
  }

  deinit {
    calls.deallocate()
    addresses.deallocate()
  }

  /// Adds the first `weights.count` slots, each times its weight, and returns the sum of the squares of the result.
  package func run(weights: UnsafeBufferPointer<Double>, on pool: WorkerPool) -> Double {
    precondition(weights.count <= slots, "\(weights.count) weights for \(slots) slots")
    let calls = calls
    let kernel = kernel
    pool.run(calls.count) { block in
      calls[block].weight = weights.baseAddress
      calls[block].slots = Int64(weights.count)
      kernel(&calls[block])
    }
    return calls.reduce(0) { $0 + $1.square }
  }
}
