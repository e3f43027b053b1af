import Dispatch
import Foundation
import MinimParallel
import Synchronization

/// Processes that compute batches together, each played by a thread with memory of its own.
package struct SimulatedGroup: ShardGroup {
  package let ownership: ShardOwnership
  private let place: MeetingPlace

  /// The results of a body that each process runs, in their order.
  ///
  /// - Throws: the error of the lowest process that failed. All must fail at the same place, as they do in a step: the others
  ///   would wait forever.
  package static func run<Value: Sendable>(
    _ owners: Int, _ body: @escaping @Sendable (any ShardGroup) throws -> Value
  ) throws -> [Value] {
    let place = MeetingPlace(owners)
    let results = Mutex([Result<Value, any Error>?](repeating: nil, count: owners))
    let all = DispatchGroup()
    for owner in 0..<owners {
      // A queue each has a thread of its own: all of them wait for each other.
      DispatchQueue(label: "minim.process.\(owner)").async(group: all) {
        let group = SimulatedGroup(ownership: ShardOwnership(owner: owner, of: owners), place: place)
        let result = Result { try body(group) }
        results.withLock { $0[owner] = result }
      }
    }
    all.wait()
    return try results.withLock { $0 }.compactMap { try $0?.get() }
  }

  package func spread(_ block: UnsafeMutableRawPointer, byteCount: Int, from owner: Int) {
    place.spread(block, byteCount: byteCount, isOwner: owner == ownership.owner)
  }

  package func exchange(_ messages: UnsafeBufferPointer<GroupMessage>) {
    for message in messages where message.isSent { place.send(message, from: ownership.owner) }
    for message in messages where !message.isSent { place.receive(message, at: ownership.owner) }
  }
}

/// A place where all threads meet: the owner of a block shows it, and leaves when the others have copied it.
private final class MeetingPlace: @unchecked Sendable {
  private let barrier = UnsafeMutablePointer<pthread_barrier_t>.allocate(capacity: 1)
  private var shown: UnsafeMutableRawPointer?
  private let posted = NSCondition()
  /// What was sent and is not received yet, by sender and receiver.
  private var letters: [[Int]: [[UInt8]]] = [:]

  init(_ count: Int) { pthread_barrier_init(barrier, nil, UInt32(count)) }

  func send(_ message: GroupMessage, from sender: Int) {
    posted.withLock {
      let bytes = [UInt8](UnsafeRawBufferPointer(start: message.block, count: message.byteCount))
      letters[[sender, message.process], default: []].append(bytes)
      posted.broadcast()
    }
  }

  func receive(_ message: GroupMessage, at receiver: Int) {
    let way = [message.process, receiver]
    posted.withLock {
      while letters[way, default: []].isEmpty { posted.wait() }
      let bytes = letters[way, default: []].removeFirst()
      precondition(bytes.count == message.byteCount, "\(message.byteCount) bytes are expected, and \(bytes.count) came")
      bytes.withUnsafeBytes {
        if let start = $0.baseAddress { message.block.copyMemory(from: start, byteCount: $0.count) }
      }
    }
  }

  deinit {
    pthread_barrier_destroy(barrier)
    barrier.deallocate()
  }

  func spread(_ block: UnsafeMutableRawPointer, byteCount: Int, isOwner: Bool) {
    if isOwner { shown = block }
    pthread_barrier_wait(barrier)
    if !isOwner, let shown { block.copyMemory(from: shown, byteCount: byteCount) }
    pthread_barrier_wait(barrier)
  }
}
