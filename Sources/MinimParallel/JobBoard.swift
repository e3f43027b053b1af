import Dispatch
import Synchronization

/// What the caller and the helpers of a team share: the job, the ticket its indices are claimed from, the count of
/// finished indices, and the parking place of idle helpers.
///
/// The ticket is one word, `count << 32 | next`, so that no thread can join the limit of one job to the position of
/// another. The job is read after the claim: a helper that slept between looking at the ticket and claiming either
/// fails or, where a later job has come to the very same word, claims an index of that later job and runs its body.
/// No generation is needed, and none can wrap around.
final class JobBoard: @unchecked Sendable {
  typealias Body = (Int) -> Void

  let helpers: Int
  private let spin: UInt64
  private let ticket = Atomic<UInt64>(0)
  /// Indices of the job that the helpers have finished.
  private let done = Atomic<Int>(0)
  private let parked = Atomic<Int>(0)
  private let closed = Atomic<Bool>(false)
  private let bell = DispatchSemaphore(value: 0)
  private let present = DispatchGroup()
  /// Written by the caller before the ticket, read by whoever has claimed an index; claiming orders the two.
  private var body: UnsafePointer<Body>?

  init(helpers: Int, spin: UInt64) {
    self.helpers = helpers
    self.spin = spin
  }

  // MARK: - The caller

  /// Runs one job. One caller at a time: `Team` sees to it.
  func run(_ count: Int, _ body: UnsafePointer<Body>) {
    precondition(count <= Int(UInt32.max), "a job has at most 2^32 - 1 indices")
    self.body = body
    done.store(0, ordering: .relaxed)
    ticket.store(UInt64(count) << 32, ordering: .sequentiallyConsistent)
    wake(for: count)
    let left = count - work()
    var patience = Patience(nanoseconds: spin)
    while done.load(ordering: .acquiring) != left { patience.pauseOrYield() }
    self.body = nil
  }

  /// Sends all helpers home and waits for those that came.
  func close() {
    closed.store(true, ordering: .sequentiallyConsistent)
    for _ in 0..<helpers { bell.signal() }
    present.wait()
  }

  /// Rings for as many parked helpers as the job can use beside the caller and the helpers that are awake.
  private func wake(for count: Int) {
    var sleeping = parked.load(ordering: .sequentiallyConsistent)
    while sleeping > 0 {
      let wanted = min(sleeping, count - 1 - (helpers - sleeping))
      guard wanted > 0 else { return }
      let (won, current) = parked.compareExchange(
        expected: sleeping, desired: sleeping - wanted, ordering: .sequentiallyConsistent)
      if won {
        for _ in 0..<wanted { bell.signal() }
        return
      }
      sleeping = current
    }
  }

  // MARK: - Everyone

  /// Claims indices of one job and runs them until none is left; returns how many. The job stays on the board until
  /// whoever claimed has reported that number, so that the body is looked up once.
  private func work() -> Int {
    guard var index = claim() else { return 0 }
    guard let body = body?.pointee else { preconditionFailure("an index can be claimed only while its job is up") }
    var finished = 0
    while true {
      body(index)
      finished += 1
      guard let next = claim() else { return finished }
      index = next
    }
  }

  private func claim() -> Int? {
    var seen = ticket.load(ordering: .relaxed)
    while Self.hasWork(seen) {
      let (won, current) = ticket.weakCompareExchange(
        expected: seen, desired: seen &+ 1, ordering: .acquiringAndReleasing)
      if won { return Int(seen & 0xffff_ffff) }
      seen = current
    }
    return nil
  }

  private static func hasWork(_ ticket: UInt64) -> Bool { ticket & 0xffff_ffff < ticket >> 32 }

  // MARK: - The helpers

  /// The life of a helper. It enters here and not when it is sent for, so that closing never waits for a helper that
  /// found no thread.
  func help() {
    present.enter()
    defer { present.leave() }
    while !closed.load(ordering: .relaxed) {
      let finished = work()
      if finished > 0 { done.wrappingAdd(finished, ordering: .releasing) }
      if !spinUntilWork() { park() }
    }
  }

  private func spinUntilWork() -> Bool {
    var patience = Patience(nanoseconds: spin)
    repeat {
      if Self.hasWork(ticket.load(ordering: .relaxed)) || closed.load(ordering: .relaxed) { return true }
    } while patience.pause()
    return false
  }

  /// Counts itself as parked, looks once more, and sleeps. The caller writes the ticket and then reads the count, all
  /// in one total order, so that at least one of the two sees the other. Threads that sleep or are about to equal
  /// `parked` and the rings not yet heard together; a ring heard by another helper than it was meant for does no harm.
  private func park() {
    parked.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if Self.hasWork(ticket.load(ordering: .sequentiallyConsistent)), leaveParking() { return }
    bell.wait()
  }

  private func leaveParking() -> Bool {
    var sleeping = parked.load(ordering: .relaxed)
    while sleeping > 0 {
      let (won, current) = parked.weakCompareExchange(
        expected: sleeping, desired: sleeping - 1, ordering: .sequentiallyConsistent)
      if won { return true }
      sleeping = current
    }
    return false
  }
}
