import MinimParallel
import TestSupport
import Testing

@Suite struct SlotTreeTests {
  /// The definition: neighbors are added, then neighboring sums; a last one without a neighbor waits.
  static func expected(_ count: Int) -> String {
    var terms = (0..<count).map { "w\($0)x\($0)" }
    while terms.count > 1 {
      terms = stride(from: 0, to: terms.count, by: 2).map {
        $0 + 1 < terms.count ? "(\(terms[$0])+\(terms[$0 + 1]))" : terms[$0]
      }
    }
    return terms[0]
  }

  private static func text(_ branch: SlotTree.Branch, _ slots: [String]) -> String {
    let first = (branch.firstIsSlot ? "w\(branch.first)" : "") + slots[branch.first]
    guard let second = branch.second else { return first }
    return "(\(first)+\(branch.secondIsSlot ? "w\(second)" : "")\(slots[second]))"
  }

  /// Sums as text, when `filler` says who fills a slot, in the order of `order`.
  private static func sum(
    _ tree: SlotTree, _ count: Int, order: [Int], filler: (Int) -> Int
  ) -> (text: String, early: Int) {
    var slots = (0..<count).map { "x\($0)" }
    var early = 0
    tree.begin(count)
    for slot in order {
      tree.filled(slot, by: filler(slot)) { branch in
        slots[branch.first] = text(branch, slots)
        early += 1
      }
    }
    tree.schedule()
    tree.forEachOfRest { slots[$0.first] = text($0, slots) }
    return (text(tree.root, slots), early)
  }

  @Test("the same sum whoever fills the slots, and in whatever order")
  func sameSum() {
    var generator = SplitMix(seed: 3)
    func below(_ n: Int) -> Int { Int(generator.next() % UInt64(n)) }
    for workers in [1, 2, 3, 7] {
      let tree = SlotTree(slots: 17, workers: workers)
      for count in 1...17 {
        for _ in 0..<30 {
          var order = Array(0..<count)
          for i in order.indices { order.swapAt(i, below(count)) }
          let fillers = order.map { _ in below(workers) }
          #expect(Self.sum(tree, count, order: order) { fillers[$0] }.text == Self.expected(count))
        }
      }
    }
  }

  @Test("a worker adds what it has whole, and leaves the last sum to all")
  func early() {
    let tree = SlotTree(slots: 16, workers: 2)
    #expect(Self.sum(tree, 16, order: Array(0..<16)) { _ in 0 }.early == 14)
    #expect(Self.sum(tree, 16, order: Array(0..<16)) { $0 / 8 }.early == 14)
    #expect(Self.sum(tree, 16, order: Array(0..<16)) { $0 % 2 }.early == 0)
    #expect(Self.sum(tree, 16, order: Array(0..<16)) { $0 < 5 ? 0 : 1 }.early == 3 + 8)
    #expect(Self.sum(tree, 1, order: [0]) { _ in 1 }.early == 0)
  }
}
