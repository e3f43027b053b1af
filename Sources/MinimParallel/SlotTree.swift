import CMinimKernels

/// The tree by which slots are added, and its schedule: what each worker adds at once, what a process adds when its slots are
/// filled, which sums the processes then let each other have, and what each of them adds last. It knows nothing of numbers.
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

  /// A sum that one process makes alone and all need: a branch that belongs to no larger one of the same process.
  package struct Head: BitwiseCopyable {
    /// The slot that holds it.
    package let slot: Int
    package let owner: Int
  }

  private let capacity: Int
  private let workers: Int
  private let ownership: ShardOwnership
  private var count = 0
  private var turn = 0
  /// For each worker, level and branch the last turn in which this worker had all of it. Each writes and reads its own
  /// until all are done.
  private let owned: UnsafeMutableBufferPointer<Int>
  /// A worker's part of `owned`; a multiple of two cache lines.
  private let stride: Int
  /// The branches of this process that none of its workers had whole, without the root.
  private let rest: Listed<Branch>
  private let heads: Listed<Head>
  /// The branches above the heads, without the root.
  private let shared: Listed<Branch>

  /// A tree of up to `slots` slots, which the workers of each process of an ownership fill.
  package init(slots: Int, workers: Int, ownership: ShardOwnership = .all) {
    capacity = max(1, slots)
    self.workers = workers
    self.ownership = ownership
    let levels = Self.rootLevel(slots) + 1
    stride = Int(minim_padded(Int64(levels * capacity)))
    owned = .allocate(capacity: stride * workers)
    owned.initialize(repeating: 0)
    rest = Listed(capacity: capacity)
    heads = Listed(capacity: capacity)
    shared = Listed(capacity: capacity)
  }

  deinit {
    owned.deallocate()
    rest.deallocate()
    heads.deallocate()
    shared.deallocate()
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

  /// Schedules what is left: the rest of this process, and if there are several the heads of all and the branches above them.
  package func schedule() {
    rest.removeAll()
    guard ownership.owners == 1 else { return scheduleTogether() }
    guard rootLevel > 1 else { return }
    collect(rootLevel - 1, 0)
    collect(rootLevel - 1, 1)
  }

  private func scheduleTogether() {
    heads.removeAll()
    shared.removeAll()
    guard rootLevel > 0 else { return heads.append(Head(slot: 0, owner: ownership.owner(of: 0, of: count))) }
    divide(rootLevel - 1, 0)
    divide(rootLevel - 1, 1)
  }

  /// Descends to the largest branches that one process has whole.
  private func divide(_ level: Int, _ index: Int) {
    let last = min(count, (index + 1) << level) - 1
    let owner = ownership.owner(of: index << level, of: count)
    if owner == ownership.owner(of: last, of: count) {
      heads.append(Head(slot: index << level, owner: owner))
      if owner == ownership.owner { collect(level, index) }
      return
    }
    divide(level - 1, 2 * index)
    guard !isEmpty(level - 1, 2 * index + 1) else { return }
    divide(level - 1, 2 * index + 1)
    shared.append(branch(level, index))
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

  /// Calls `body` for each head, in the order of their slots.
  package func forEachHead(_ body: (Head) -> Void) { heads.forEach(body) }

  /// Calls `body` for each branch above the heads, halves before wholes, without the root.
  package func forEachShared(_ body: (Branch) -> Void) { shared.forEach(body) }
}

/// A list in memory that is allocated once. Its length is in that memory too: a stored variable would be checked for exclusive
/// access in every step.
private struct Listed<Element: BitwiseCopyable> {
  private let memory: UnsafeMutablePointer<Element>
  private let count: UnsafeMutablePointer<Int>

  init(capacity: Int) {
    memory = .allocate(capacity: capacity)
    count = .allocate(capacity: 1)
    count.initialize(to: 0)
  }

  func deallocate() {
    memory.deallocate()
    count.deallocate()
  }

  func removeAll() { count.pointee = 0 }

  func append(_ element: Element) {
    (memory + count.pointee).initialize(to: element)
    count.pointee += 1
  }

  @inline(__always)
  func forEach(_ body: (Element) -> Void) {
    for index in 0..<count.pointee { body(memory[index]) }
  }
}
