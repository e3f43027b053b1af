import MinimParallel
import Testing

/// Several processes that carry out their schedules, with sums as text.
@Suite struct GroupScheduleTests {
  /// A process with a slot for each shard: its own are filled, and of the others it knows nothing.
  private final class Process {
    let tree: SlotTree
    private(set) var slots: [String]
    private(set) var received = 0
    private var steps: [(branch: SlotTree.Branch, messages: [GroupSchedule.Message])] = []
    private var hasSent = false

    init(_ owner: Int, of owners: Int, slots count: Int) {
      let ownership = ShardOwnership(owner: owner, of: owners)
      let own = ownership.own(of: count)
      tree = SlotTree(slots: count + 3, workers: 1, ownership: ownership)
      slots = (0..<count).map { own.contains($0) ? "x\($0)" : "?" }
      // Another number of slots before leaves nothing behind.
      for number in [count + 3, count] { tree.begin(number) }
      for slot in own { tree.filled(slot, by: 0, add: add) }
      tree.schedule()
      tree.forEachOfRest(add)
      tree.group?.forEachStage { stage, messages in steps.append((stage.branch, Array(messages))) }
    }

    var isDone: Bool { steps.isEmpty }
    var partners: [Int] { tree.group?.partners ?? [] }
    var isIdle: Bool { tree.group?.isIdle ?? false }

    private func add(_ branch: SlotTree.Branch) {
      let first = (branch.firstIsSlot ? "w\(branch.first)" : "") + slots[branch.first]
      guard let second = branch.second else { return slots[branch.first] = first }
      slots[branch.first] = "(\(first)+\(branch.secondIsSlot ? "w\(second)" : "")\(slots[second]))"
    }

    /// Sends what the next branch needs, and adds it if all has come.
    func advance(_ number: Int, _ letters: inout [[Int]: [(slot: Int, text: String)]]) {
      guard let step = steps.first else { return }
      if !hasSent {
        for message in step.messages where message.isSent {
          letters[[number, message.process], default: []].append((message.slot, slots[message.slot]))
        }
        hasSent = true
      }
      let wanted = step.messages.filter { !$0.isSent }
      guard wanted.allSatisfy({ !letters[[$0.process, number], default: []].isEmpty }) else { return }
      for message in wanted {
        let letter = letters[[message.process, number], default: []].removeFirst()
        #expect(letter.slot == message.slot)
        slots[message.slot] = letter.text
        received += 1
      }
      add(step.branch)
      steps.removeFirst()
      hasSent = false
    }
  }

  private static func run(_ owners: Int, slots count: Int) -> [Process] {
    let all = (0..<owners).map { Process($0, of: owners, slots: count) }
    var letters: [[Int]: [(slot: Int, text: String)]] = [:]
    for _ in 0..<100 where !all.allSatisfy({ $0.isDone }) {
      for (number, process) in all.enumerated() { process.advance(number, &letters) }
    }
    #expect(letters.values.allSatisfy { $0.isEmpty }, "\(owners) processes have not received all that was sent")
    return all
  }

  @Test("any number of processes come to the sum of one, those without slots by another") func sameSum() {
    for owners in 2...17 {
      for count in 1...20 {
        let all = Self.run(owners, slots: count)
        for (number, process) in all.enumerated() {
          #expect(process.isDone)
          let source = process.isIdle ? all[process.partners[0]] : process
          #expect(source.slots[0] == SlotTreeTests.expected(count), "\(count) slots, process \(number) of \(owners)")
          #expect(process.isIdle == ShardOwnership(owner: number, of: owners).own(of: count).isEmpty)
          // Each stands in for those that say so.
          for partner in process.partners { #expect(all[partner].partners.contains(number)) }
        }
      }
    }
  }

  @Test("a process receives as many sums as there are levels between the processes") func fewMessages() {
    for (owners, count, most) in [(2, 2, 1), (2, 16, 1), (4, 16, 2), (8, 8, 3), (8, 64, 3), (16, 16, 4)] {
      #expect(Self.run(owners, slots: count).map(\.received) == Array(repeating: most, count: owners))
    }
    // Of three processes, the middle one has slots 5 to 9 of 16, and so parts of both halves: it gets 4; 0 to 3; 10 and 11; 12 to 15.
    #expect(Self.run(3, slots: 16).map(\.received) == [3, 4, 2])
  }
}
