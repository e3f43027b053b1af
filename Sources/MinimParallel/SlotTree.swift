import CMinimKernels

/// The tree by which slots are added, and its schedule: what each worker adds at once, what a process adds when its slots are
/// filled, and what several processes then exchange (`GroupSchedule`). It knows nothing of numbers.
///
/// A branch of level l holds the 2^l slots from a multiple of 2^l on, or those that there are, and keeps its sum in its first
/// slot. The tree is a function of the number of slots alone. Who owns or fills them decides only who adds.
package final class SlotTree: @unchecked Sendable {
  /// Two neighbors that are added: the slots that hold their sums, and whether these are single slots still.
  package struct Branch: BitwiseCopyable {
    package let first: Int
    package let firstIsSlot: Bool
    /// Nil if there is one slot in all.
    package let second: Int?
    package let secondIsSlot: Bool
  }

  private let capacity: Int
  private let workers: Int
  /// What the processes of a group exchange; nil for a single process.
  package let group: GroupSchedule?
  private var count = 0
  private var turn = 0
  /// For each worker, level and branch the last turn in which this worker had all of it. Each writes and reads its own
  /// until all are done.
  private let owned: UnsafeMutableBufferPointer<Int>
  /// A worker's part of `owned`; a multiple of two cache lines.
  private let stride: Int
  /// The branches of this process that none of its workers had whole, without the root.
  private let rest: Listed<Branch>

  /// A tree of up to `slots` slots, which the workers of each process of an ownership fill.
  package init(slots: Int, workers: Int, ownership: ShardOwnership = .all) {
    capacity = max(1, slots)
    self.workers = workers
    let levels = Self.rootLevel(slots) + 1
    group = ownership.owners > 1 ? GroupSchedule(slots: capacity, levels: levels, ownership) : nil
    stride = Int(minim_padded(Int64(levels * capacity)))
    owned = .allocate(capacity: stride * workers)
    owned.initialize(repeating: 0)
    rest = Listed(capacity: capacity)
  }

  deinit {
    owned.deallocate()
    rest.deallocate()
  }

  /// The level whose one branch holds `count` slots.
  private static func rootLevel(_ count: Int) -> Int {
    var level = 0
    while 1 << level < count { level += 1 }
    return level
  }

  /// The whole sum, which every process adds for itself.
  @exclusivity(unchecked)
  package private(set) var root = Branch(first: 0, firstIsSlot: true, second: nil, secondIsSlot: false)
  private var rootLevel = 0

  /// Begins anew with the first `count` slots.
  package func begin(_ count: Int) {
    if count != self.count {
      self.count = count
      rootLevel = Self.rootLevel(count)
      root = branch(rootLevel, 0)
      group?.update(self, count: count, rootLevel: rootLevel)
    }
    turn += 1
  }

  /// A branch of a level above 0 whose second half is not empty, or a single slot.
  func branch(_ level: Int, _ index: Int) -> Branch {
    guard level > 0 else { return Branch(first: index, firstIsSlot: true, second: nil, secondIsSlot: false) }
    let second = (2 * index + 1) << (level - 1)
    return Branch(
      first: index << level, firstIsSlot: level == 1, second: second, secondIsSlot: level == 1 || second == count - 1)
  }

  private func isEmpty(_ level: Int, _ index: Int) -> Bool { index << level >= count }

  /// Notes that a worker has filled a slot of this process, and lets it `add` each branch that it now has whole. The root is
  /// left for everyone.
  package func filled(_ slot: Int, by worker: Int, add: (Branch) -> Void) {
    var (level, index) = (0, slot)
    while level < rootLevel {
      owned[worker * stride + level * capacity + index] = turn
      let sibling = index ^ 1
      if !isEmpty(level, sibling) {
        guard owned[worker * stride + level * capacity + sibling] == turn, level + 1 < rootLevel else { return }
        add(branch(level + 1, index >> 1))
      }
      (level, index) = (level + 1, index >> 1)
    }
  }

  // MARK: - What is left when all slots are filled

  /// Lists what is left to this process: all but the root, or the branches that it has alone among several processes.
  package func schedule() {
    rest.removeAll()
    if let group { return group.heads.forEach { collect($0.level, $0.index) } }
    guard rootLevel > 1 else { return }
    collect(rootLevel - 1, 0)
    collect(rootLevel - 1, 1)
  }

  private func collect(_ level: Int, _ index: Int) {
    guard level > 0, !isWhole(level, index) else { return }
    collect(level - 1, 2 * index)
    guard !isEmpty(level - 1, 2 * index + 1) else { return }
    collect(level - 1, 2 * index + 1)
    rest.append(branch(level, index))
  }

  private func isWhole(_ level: Int, _ index: Int) -> Bool {
    for worker in 0..<workers where owned[worker * stride + level * capacity + index] == turn { return true }
    return false
  }

  /// Calls `body` for each branch that is left to this process, halves before wholes.
  package func forEachOfRest(_ body: (Branch) -> Void) { rest.forEach(body) }
}
