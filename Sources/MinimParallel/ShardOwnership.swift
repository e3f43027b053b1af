/// The division of a batch's shards among processes: a run of neighbors for each, of nearly equal lengths.
///
/// It is made once and asked by all code that counts shards. A single process owns them all.
public struct ShardOwnership: Equatable, Sendable {
  /// The number of this process, in `0..<owners`.
  public let owner: Int
  /// The number of processes that share each batch.
  public let owners: Int

  /// The ownership of a process that computes alone.
  public static let all = ShardOwnership(owner: 0, of: 1)

  /// The share of one process among several.
  public init(owner: Int, of owners: Int) {
    precondition(owners >= 1 && 0..<owners ~= owner, "there is no owner \(owner) of \(owners)")
    self.owner = owner
    self.owners = owners
  }

  /// The shards of a process, of `count` shards.
  public func range(of owner: Int, of count: Int) -> Range<Int> {
    owner * count / owners..<(owner + 1) * count / owners
  }

  /// The shards of this process, of `count` shards; none if there are more processes than shards.
  public func own(of count: Int) -> Range<Int> { range(of: owner, of: count) }

  /// The process that computes a shard, of `count` shards.
  public func owner(of shard: Int, of count: Int) -> Int {
    // The last process whose first shard is not behind this one.
    ((shard + 1) * owners - 1) / count
  }
}
