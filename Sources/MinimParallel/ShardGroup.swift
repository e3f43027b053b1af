/// The processes that compute each batch together. All of them call `spread` for the same blocks in the same order, and `exchange` for
/// what belongs together.
public protocol ShardGroup: Sendable {
  /// The share of this process.
  var ownership: ShardOwnership { get }
  /// Brings a block of memory from the process that owns it to all others, byte by byte.
  func spread(_ block: UnsafeMutableRawPointer, byteCount: Int, from owner: Int)
  /// Sends and receives blocks of memory, all at once. For each block that one process sends, the other must receive one of as many
  /// bytes in the same call, counted from the first.
  func exchange(_ messages: UnsafeBufferPointer<GroupMessage>)
}

/// A block of memory that goes to another process, or comes from it.
public struct GroupMessage: BitwiseCopyable {
  /// The first byte.
  public let block: UnsafeMutableRawPointer
  /// The number of bytes.
  public let byteCount: Int
  /// The other process.
  public let process: Int
  /// Whether this process sends the block.
  public let isSent: Bool

  /// Creates a message from its block and the other process.
  public init(_ block: UnsafeMutableRawPointer, byteCount: Int, process: Int, isSent: Bool) {
    (self.block, self.byteCount, self.process, self.isSent) = (block, byteCount, process, isSent)
  }
}

/// A process that computes alone, and has nobody to spread anything to.
public struct SingleProcess: ShardGroup {
  /// Creates the group of one.
  public init() {}
  /// All shards.
  public var ownership: ShardOwnership { .all }
  /// Does nothing.
  public func spread(_ block: UnsafeMutableRawPointer, byteCount: Int, from owner: Int) {}
  /// Does nothing.
  public func exchange(_ messages: UnsafeBufferPointer<GroupMessage>) {}
}

extension ShardGroup {
  /// Whether this process is the first of the group, which alone writes files and prints.
  package var isFirst: Bool { ownership.owner == 0 }

  /// The bytes that a process has, brought to all. All processes call this together.
  ///
  /// - Parameter bytes: those of this process; only those of the owner count.
  package func shared(_ bytes: [UInt8], from owner: Int = 0) -> [UInt8] {
    var count = Int64(bytes.count)
    withUnsafeMutableBytes(of: &count) { block in
      if let start = block.baseAddress { spread(start, byteCount: block.count, from: owner) }
    }
    var all = ownership.owner == owner ? bytes : [UInt8](repeating: 0, count: Int(count))
    all.withUnsafeMutableBytes { block in
      if let start = block.baseAddress { spread(start, byteCount: block.count, from: owner) }
    }
    return all
  }

  /// What each process has, in their order. All processes call this together.
  package func gathered(_ bytes: [UInt8]) -> [[UInt8]] { (0..<ownership.owners).map { shared(bytes, from: $0) } }

  /// Returns when all processes have called it.
  package func meet() { _ = gathered([]) }
}
