import CMinimKernels

/// The tree by which slots are added: a branch of level l holds the 2^l slots from a multiple of 2^l on, as far as there are
/// so many, and keeps its sum in its first slot. It knows who has added what, and nothing of numbers.
package final class SlotTree: @unchecked Sendable {
  /// Two neighbors that are added: the slots that hold their sums, and whether these are single slots still.
  package struct Branch {
    package let first: Int
    package let firstIsSlot: Bool
    /// Nil if there is one slot in all.
    package let second: Int?
    package let secondIsSlot: Bool
  }

  private let capacity: Int
  private let workers: Int
  private var count = 0
  private var turn = 0
  /// For each worker, level and branch the last turn in which this worker had all of it. Each writes and reads its own
  /// until all are done.
  private let owned: UnsafeMutableBufferPointer<Int>
  /// A worker's part of `owned`; a multiple of two cache lines.
  private let stride: Int
  /// The branches that nobody had whole, halves before wholes, without the root.
  private let rest: UnsafeMutableBufferPointer<Branch>
  private var restCount = 0

  package init(slots: Int, workers: Int) {
    capacity = max(1, slots)
    self.workers = workers
    let levels = Self.rootLevel(slots) + 1
    stride = Int(minim_padded(Int64(levels * capacity)))
    owned = .allocate(capacity: stride * workers)
    owned.initialize(repeating: 0)
    rest = .allocate(capacity: capacity)
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

  /// The whole sum.
  package private(set) var root = Branch(first: 0, firstIsSlot: true, second: nil, secondIsSlot: false)
  private var rootLevel = 0

  /// Begins anew with the first `count` slots.
  package func begin(_ count: Int) {
    if count != self.count {
      self.count = count
      rootLevel = Self.rootLevel(count)
      root = branch(rootLevel, 0)
    }
    turn += 1
  }

  /// A branch of a level above 0 whose second half is not empty, or a single slot.
  private func branch(_ level: Int, _ index: Int) -> Branch {
    guard level > 0 else { return Branch(first: index, firstIsSlot: true, second: nil, secondIsSlot: false) }
    let second = (2 * index + 1) << (level - 1)
    return Branch(
      first: index << level, firstIsSlot: level == 1, second: second, secondIsSlot: level == 1 || second == count - 1)
  }

  private func isEmpty(_ level: Int, _ index: Int) -> Bool { index << level >= count }

  /// Notes that a worker has filled a slot, and lets it `add` each branch that it now has whole. The root is left for
  /// everyone.
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

  // MARK: - What is left

  /// Finds the branches that no worker had whole.
  package func findRest() {
    restCount = 0
    guard rootLevel > 0 else { return }
    collect(rootLevel - 1, 0)
    collect(rootLevel - 1, 1)
  }

  private func collect(_ level: Int, _ index: Int) {
    guard level > 0, !isOwned(level, index) else { return }
    collect(level - 1, 2 * index)
    guard !isEmpty(level - 1, 2 * index + 1) else { return }
    collect(level - 1, 2 * index + 1)
    rest[restCount] = branch(level, index)
    restCount += 1
  }

  private func isOwned(_ level: Int, _ index: Int) -> Bool {
    for worker in 0..<workers where owned[worker * stride + level * capacity + index] == turn { return true }
    return false
  }

  /// Calls `body` for each of them, halves before wholes.
  package func forEachOfRest(_ body: (Branch) -> Void) {
    for index in 0..<restCount { body(rest[index]) }
  }
}
