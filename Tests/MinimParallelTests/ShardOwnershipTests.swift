import MinimParallel
import Testing

@Suite struct ShardOwnershipTests {
  @Test("every shard has one owner, owners have neighbors, and their numbers differ by at most one")
  func owners() {
    for owners in 1...9 {
      for count in 1...20 {
        let ranges = (0..<owners).map { ShardOwnership.all.with(owners).range(of: $0, of: count) }
        #expect(ranges.flatMap { Array($0) } == Array(0..<count))
        let sizes = ranges.map(\.count)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        for (owner, range) in ranges.enumerated() {
          let ownership = ShardOwnership(owner: owner, of: owners)
          #expect(ownership.own(of: count) == range)
          for shard in range { #expect(ownership.owner(of: shard, of: count) == owner) }
        }
      }
    }
  }

  @Test("one process owns all") func all() {
    #expect(ShardOwnership.all.own(of: 7) == 0..<7)
    #expect(SingleProcess().ownership == .all)
  }
}

extension ShardOwnership {
  fileprivate func with(_ owners: Int) -> ShardOwnership { ShardOwnership(owner: 0, of: owners) }
}
