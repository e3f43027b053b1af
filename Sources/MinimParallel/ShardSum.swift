import CMinimKernels

/// The weighted sum over the shards of a batch, of one slot per shard, with the same bits for any number of workers and of
/// processes. It takes the place of the first slot.
///
/// Slots are added in pairs, the pairs in pairs and so on: a tree that the number of slots alone fixes (`SlotTree`). Whoever
/// has filled both halves of a branch adds them up at once, while they are in its cache; what is left when all slots are
/// filled is added by all workers together, each its own elements. So at most one slot per worker moves to another core, and one
/// per head of the schedule to another process, however many shards there are. Nothing is allocated after `init`.
package final class ShardSum: @unchecked Sendable {
  /// Elements per block: few enough that the ten thousand parameters of a tiny model can be shared evenly, and so many that
  /// a block lasts longer than it takes to claim it.
  package static let blockLength = 1024

  /// Two numbers behind the elements of each slot, added in Double, which travel with them.
  package struct Note: BitwiseCopyable {
    /// The loss of a shard; the sum has the weighted mean.
    package var loss: Double
    /// Above 0 if a process asks all of them to stop.
    package var stop: Double
  }

  /// The result of a sum.
  package struct Result {
    /// The sum of the squares of the elements.
    package let square: Double
    /// The weighted mean of the losses.
    package let loss: Double
    /// Whether any process asked to stop.
    package let isStopRequested: Bool
  }

  private let kernel: @convention(c) (UnsafeMutablePointer<minim_weighted_sum>?) -> Void
  private let elementSize: Int
  private let count: Int
  private let tree: SlotTree
  private let group: any ShardGroup
  private let slots: UnsafeMutableBufferPointer<UnsafeMutableRawPointer>
  private let squares: UnsafeMutableBufferPointer<Double>
  /// Changes only between two sums, when nobody reads it. Swift's check of exclusive access would cost more than a small sum.
  @exclusivity(unchecked) private var weights = UnsafeBufferPointer<Double>(start: nil, count: 0)

  /// The bytes of a slot of `count` elements: elements up to a full cache line, one line that is free for what is written
  /// next to them, and the note.
  package static func slotBytes(_ count: Int, elementSize: Int) -> Int { noteOffset(count, elementSize) + 64 }

  private static func noteOffset(_ count: Int, _ elementSize: Int) -> Int {
    (Int(minim_padded(Int64(count))) + 16) * elementSize
  }

  /// - Parameters:
  ///   - kernels: the table of the element type of the slots.
  ///   - slots: the arrays to add, each of `count` elements in `slotBytes` bytes, which are overwritten; they must outlive
  ///     the sum and overlap nowhere. Those of other processes are memory for what these spread.
  ///   - workers: the numbers that `filled` is called with are below it.
  ///   - group: the processes that share the slots.
  package init(
    kernels: UnsafePointer<minim_kernel_table>, slots: [UnsafeMutableRawPointer], count: Int, workers: Int,
    group: any ShardGroup = SingleProcess()
  ) {
    kernel = kernels.pointee.weighted_sum
    elementSize = Int(kernels.pointee.element_size)
    self.count = count
    self.group = group
    self.slots = .allocate(capacity: slots.count)
    _ = self.slots.initialize(fromContentsOf: slots)
    squares = .allocate(capacity: (count + Self.blockLength - 1) / Self.blockLength)
    squares.initialize(repeating: 0)
    tree = SlotTree(slots: slots.count, workers: workers, ownership: group.ownership)
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
  package func filled(_ slot: Int, loss: Double = 0, by worker: Int) {
    note(slot).pointee = Note(loss: loss, stop: 0)
    tree.filled(slot, by: worker) { branch in
      add(branch, 0..<count)
      addNotes(branch)
    }
  }

  /// Adds up the rest, once all slots of this process are filled.
  ///
  /// - Parameter isStopRequested: whether this process asks all of them to stop.
  package func finish(on pool: WorkerPool, isStopRequested: Bool = false) -> Result {
    tree.schedule()
    if let schedule = tree.group { return finishTogether(schedule, on: pool, isStopRequested) }
    pool.run(squares.count) { block in
      let range = self.range(block)
      tree.forEachOfRest { add($0, range) }
      squares[block] = add(tree.root, range, squares: true)
    }
    tree.forEachOfRest(addNotes)
    addNotes(tree.root)
    return Result(square: squares.reduce(0, +), loss: note(0).pointee.loss, isStopRequested: isStopRequested)
  }

  /// The same for a process among others. Apart, so that one that is alone pays nothing for it.
  @inline(never)
  private func finishTogether(_ schedule: GroupSchedule, on pool: WorkerPool, _ isStopRequested: Bool) -> Result {
    pool.run(squares.count) { block in
      let range = self.range(block)
      tree.forEachOfRest { add($0, range) }
    }
    tree.forEachOfRest(addNotes)
    passRequests(schedule, isStopRequested)
    schedule.forEachStage { stage, messages in
      send(messages)
      pool.run(squares.count) { squares[$0] = add(stage.branch, range($0), squares: true) }
      addNotes(stage.branch)
    }
    passSum(schedule, on: pool)
    let sum = note(0).pointee
    return Result(square: squares.reduce(0, +), loss: sum.loss, isStopRequested: sum.stop > 0)
  }

  private func send(_ messages: UnsafeBufferPointer<GroupSchedule.Message>) {
    let bytes = Self.slotBytes(count, elementSize: elementSize)
    withUnsafeTemporaryAllocation(of: GroupMessage.self, capacity: messages.count) { all in
      for (index, message) in messages.enumerated() {
        all.initializeElement(
          at: index,
          to: GroupMessage(slots[message.slot], byteCount: bytes, process: message.process, isSent: message.isSent))
      }
      group.exchange(UnsafeBufferPointer(all))
    }
  }

  /// Notes a request to stop with what this process adds next. One without slots tells the process that stands in for it.
  private func passRequests(_ schedule: GroupSchedule, _ isStopRequested: Bool) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: schedule.partners.count) { requests in
      requests.initialize(repeating: isStopRequested ? 1 : 0)
      withUnsafeTemporaryAllocation(of: GroupMessage.self, capacity: schedule.partners.count) { all in
        for (index, process) in schedule.partners.enumerated() {
          guard let start = requests.baseAddress else { continue }
          all.initializeElement(
            at: index, to: GroupMessage(start + index, byteCount: 8, process: process, isSent: schedule.isIdle))
        }
        group.exchange(UnsafeBufferPointer(all))
      }
      guard let slot = schedule.firstSlot else { return }
      if isStopRequested || requests.contains(where: { $0 > 0 }) { note(slot).pointee.stop = 1 }
    }
  }

  /// Lets the processes without slots have the sum.
  private func passSum(_ schedule: GroupSchedule, on pool: WorkerPool) {
    let bytes = Self.slotBytes(count, elementSize: elementSize)
    withUnsafeTemporaryAllocation(of: GroupMessage.self, capacity: schedule.partners.count) { all in
      for (index, process) in schedule.partners.enumerated() {
        all.initializeElement(
          at: index, to: GroupMessage(slots[0], byteCount: bytes, process: process, isSent: !schedule.isIdle))
      }
      group.exchange(UnsafeBufferPointer(all))
    }
    guard schedule.isIdle else { return }
    // The sum is there, its squares are not.
    let whole = SlotTree.Branch(first: 0, firstIsSlot: false, second: nil, secondIsSlot: false)
    pool.run(squares.count) { squares[$0] = add(whole, range($0), squares: true) }
  }

  private func range(_ block: Int) -> Range<Int> {
    block * Self.blockLength..<min(count, (block + 1) * Self.blockLength)
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

  private func addNotes(_ branch: SlotTree.Branch) {
    let sum = note(branch.first)
    let own = weight(branch.first, branch.firstIsSlot)
    sum.pointee.loss *= own
    sum.pointee.stop *= own
    guard let second = branch.second else { return }
    let (other, weight) = (note(second).pointee, weight(second, branch.secondIsSlot))
    sum.pointee.loss += weight * other.loss
    sum.pointee.stop += weight * other.stop
  }

  private func note(_ slot: Int) -> UnsafeMutablePointer<Note> {
    (slots[slot] + Self.noteOffset(count, elementSize)).assumingMemoryBound(to: Note.self)
  }

  /// A slot counts with its weight once: where it is first added to another.
  private func weight(_ slot: Int, _ isSlot: Bool) -> Double { isSlot ? weights[slot] : 1 }
}
