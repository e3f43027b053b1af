import CMinimKernels

/// The weighted sum of gradient slots, sum over i of weight i times slot i, with the same bits for any number of workers. It
/// takes the place of the first slot.
///
/// Slots are added in pairs, the pairs in pairs and so on: a tree that the number of slots alone fixes. Whoever has filled
/// both halves of a branch adds them up at once, while they are in its cache; what is left when all slots are filled is
/// added by all workers together, each its own elements. So no more than a slot a worker goes from core to core, however
/// many shards there are. Nothing is allocated after `init`.
package final class OrderedReduction: @unchecked Sendable {
  /// Elements a block: few enough that the ten thousand parameters of a tiny model can be shared evenly, and so many that
  /// a block lasts longer than it takes to claim it.
  package static let blockLength = 1024

  private let kernel: @convention(c) (UnsafeMutablePointer<minim_weighted_sum>?) -> Void
  private let elementSize: Int
  private let count: Int
  private let tree: SlotTree
  private let slots: UnsafeMutableBufferPointer<UnsafeMutableRawPointer>
  private let squares: UnsafeMutableBufferPointer<Double>
  private var weights = UnsafeBufferPointer<Double>(start: nil, count: 0)

  /// - Parameters:
  ///   - kernels: the table of the element type of the slots.
  ///   - slots: the arrays to add, each of `count` elements, which are overwritten; they must outlive the reduction and
  ///     overlap nowhere.
  ///   - workers: the numbers that `filled` is called with are below it.
  package init(
    kernels: UnsafePointer<minim_kernel_table>, slots: [UnsafeMutableRawPointer], count: Int, workers: Int
  ) {
    kernel = kernels.pointee.weighted_sum
    elementSize = Int(kernels.pointee.element_size)
    self.count = count
    self.slots = .allocate(capacity: slots.count)
    _ = self.slots.initialize(fromContentsOf: slots)
    squares = .allocate(capacity: (count + Self.blockLength - 1) / Self.blockLength)
    squares.initialize(repeating: 0)
    tree = SlotTree(slots: slots.count, workers: workers)
  }

  deinit {
    slots.deallocate()
    squares.deallocate()
  }

  /// Begins the sum of the first `weights.count` slots; the weights must stay where they are until it has ended.
  package func begin(_ weights: UnsafeBufferPointer<Double>) {
    precondition(
      1...slots.count ~= weights.count, "\(weights.count) weights for \(slots.count) slots")
    self.weights = weights
    tree.begin(weights.count)
  }

  /// A worker has filled a slot: it adds up what it alone has filled.
  package func filled(_ slot: Int, by worker: Int) {
    tree.filled(slot, by: worker) { branch in add(branch, 0..<count) }
  }

  /// Adds up the rest; returns the sum of the squares of the result.
  package func finish(on pool: WorkerPool) -> Double {
    tree.findRest()
    pool.run(squares.count) { block in
      let range = block * Self.blockLength..<min(count, (block + 1) * Self.blockLength)
      tree.forEachOfRest { branch in add(branch, range) }
      squares[block] = add(tree.root, range, squares: true)
    }
    return squares.reduce(0, +)
  }

  /// Adds a branch's second half to its first, over some elements.
  @discardableResult
  private func add(_ branch: SlotTree.Branch, _ range: Range<Int>, squares: Bool = false) -> Double {
    let offset = range.lowerBound * elementSize
    let sum = slots[branch.first] + offset
    var call = minim_weighted_sum(
      a: sum, b: branch.second.map { UnsafeRawPointer(slots[$0] + offset) }, y: sum,
      count: Int64(range.count), a_weight: weight(branch.first, branch.firstIsSlot),
      b_weight: branch.second.map { weight($0, branch.secondIsSlot) } ?? 0, squares: squares ? 1 : 0, square: 0)
    kernel(&call)
    return call.square
  }

  /// A slot counts with its weight once: where it is first added to another.
  private func weight(_ slot: Int, _ isSlot: Bool) -> Double { isSlot ? weights[slot] : 1 }
}
