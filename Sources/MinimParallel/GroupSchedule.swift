/// What a process of a group sends and receives, so that in the end all have the sum of all slots: where two parts of the group have
/// the halves of a branch, each process of one part gets the other half from a process of the other, and both add them.
///
/// This is recursive doubling (Thakur, Rabenseifner and Gropp 2005, "Optimization of Collective Communication Operations in MPICH",
/// section 4.1) along the branches of the tree, whose order stays that of a single process. A sum moves as often as the tree has levels
/// above those of one process.
package final class GroupSchedule {
  /// A sum that goes from one process to another, or the other way.
  package struct Message: BitwiseCopyable {
    /// The slot that holds the sum.
    package let slot: Int
    /// The other process.
    package let process: Int
    package let isSent: Bool
  }

  /// A branch that this process adds, once the messages have arrived.
  package struct Stage: BitwiseCopyable {
    package let branch: SlotTree.Branch
    /// The places of the messages in their list.
    let start: Int, end: Int
  }

  /// A branch that belongs to no larger one of the same process.
  struct Head: BitwiseCopyable {
    let level: Int, index: Int
  }

  private let ownership: ShardOwnership
  /// The branches that this process adds alone, before anything is sent.
  let heads: Listed<Head>
  private let stages: Listed<Stage>
  private let messages: Listed<Message>
  /// The processes that have a slot, in order, and the place of this one among them; nil if it has none.
  private var active: [Int] = []
  private var place: Int?

  init(slots: Int, levels: Int, _ ownership: ShardOwnership) {
    self.ownership = ownership
    heads = Listed(capacity: slots)
    stages = Listed(capacity: slots)
    // Of each level, a process has one branch at most. It gets one half of it and sends the other, to all others at most.
    messages = Listed(capacity: levels * (ownership.owners + 1))
  }

  deinit {
    heads.deallocate()
    stages.deallocate()
    messages.deallocate()
  }

  /// The processes without slots that this one stands in for: they have nothing to add but a request to stop, and get the sum from
  /// it. Of a process without slots, the one that stands in for it.
  package private(set) var partners: [Int] = []

  /// Whether this process has no slot.
  package var isIdle: Bool { place == nil }

  /// The slot of the first branch that this process adds alone; nil if it has none.
  private(set) var firstSlot: Int?

  /// Makes the schedule for another number of slots. It allocates, but batches of one run seldom differ in their number of shards.
  func update(_ tree: SlotTree, count: Int, rootLevel: Int) {
    for list in [heads.removeAll, stages.removeAll, messages.removeAll] { list() }
    let hasSlots = (0..<ownership.owners).map { !ownership.range(of: $0, of: count).isEmpty }
    active = hasSlots.indices.filter { hasSlots[$0] }
    place = active.firstIndex(of: ownership.owner)
    let idle = hasSlots.indices.filter { !hasSlots[$0] }
    partners = idle.enumerated().filter { active[$0.offset % active.count] == ownership.owner }.map(\.element)
    if let number = idle.firstIndex(of: ownership.owner) { partners = [active[number % active.count]] }
    firstSlot = place == nil ? nil : ownership.own(of: count).lowerBound
    _ = unite(tree, count, level: rootLevel, index: 0, isRoot: true)
  }

  /// Schedules a branch, and returns the places of the processes that then have its sum.
  private func unite(_ tree: SlotTree, _ count: Int, level: Int, index: Int, isRoot: Bool = false) -> Range<Int> {
    let last = min(count, (index + 1) << level) - 1
    let (first, end) = (placeOfOwner(of: index << level, count), placeOfOwner(of: last, count) + 1)
    // The root is a branch of its own, since its squares are wanted.
    guard end - first > 1 || (isRoot && level > 0) else {
      if first == place {
        heads.append(Head(level: level, index: index))
        if isRoot { stages.append(Stage(branch: tree.root, start: 0, end: 0)) }
      }
      return first..<end
    }
    let left = unite(tree, count, level: level - 1, index: 2 * index)
    guard (2 * index + 1) << (level - 1) < count else { return left }
    let right = unite(tree, count, level: level - 1, index: 2 * index + 1)
    add(tree.branch(level, index), left, right)
    return first..<end
  }

  private func placeOfOwner(of slot: Int, _ count: Int) -> Int {
    let owner = ownership.owner(of: slot, of: count)
    return active.firstIndex(of: owner) ?? 0
  }

  /// Lets the processes that have one half of a branch have the other.
  private func add(_ branch: SlotTree.Branch, _ left: Range<Int>, _ right: Range<Int>) {
    guard let place, left.contains(place) || right.contains(place), let second = branch.second else { return }
    let start = messages.count
    exchange(branch.first, from: left, to: right, place)
    exchange(second, from: right, to: left, place)
    stages.append(Stage(branch: branch, start: start, end: messages.count))
  }

  /// Sends a sum from some processes to those of others that lack it. One that has slots of both halves lacks none.
  private func exchange(_ slot: Int, from source: Range<Int>, to target: Range<Int>, _ place: Int) {
    for receiver in target where !source.contains(receiver) {
      let sender = source.lowerBound + (receiver - target.lowerBound) % source.count
      if receiver == place { messages.append(Message(slot: slot, process: active[sender], isSent: false)) }
      if sender == place { messages.append(Message(slot: slot, process: active[receiver], isSent: true)) }
    }
  }

  /// How often the process that waits the most waits for a sum of others.
  package static func rounds(slots: Int, owners: Int) -> Int {
    let schedules = (0..<owners).compactMap { owner -> GroupSchedule? in
      let tree = SlotTree(slots: slots, workers: 1, ownership: ShardOwnership(owner: owner, of: owners))
      tree.begin(slots)
      return tree.group
    }
    let most =
      schedules.map { schedule in
        var count = 0
        schedule.forEachStage { _, messages in count += messages.contains { !$0.isSent } ? 1 : 0 }
        return count
      }.max() ?? 0
    // A process without slots waits for the sum once more.
    return schedules.contains(where: \.isIdle) ? most + 1 : most
  }

  /// Calls `body` for each branch that this process adds, with what it must send and receive first, halves before wholes. The last is
  /// the root.
  package func forEachStage(_ body: (Stage, UnsafeBufferPointer<Message>) -> Void) {
    stages.forEach { body($0, messages[$0.start..<$0.end]) }
  }
}
