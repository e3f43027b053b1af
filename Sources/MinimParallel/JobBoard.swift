import Dispatch
import Synchronization

/// The common memory of a team's caller and helpers: the job, the tickets that its indices are claimed from, the count of
/// finished indices, and the parking place of idle helpers.
///
/// Each worker has a ticket of its own, for a run of neighboring indices, and takes from the others' when its own is used
/// up. The same worker then meets the same memory step after step: a line that another core has written last costs ten
/// times as much, more where the cores share no cache.
///
/// A ticket is one word, `end << 32 | next`, so that no thread can join the limit of one job to the position of another.
/// The job is read after the claim: a helper that slept between looking at a ticket and claiming either fails or, where a
/// later job has come to the very same word, claims an index of that later job and runs its body.
final class JobBoard: @unchecked Sendable {
  /// The work of a job for one index. The second number is the worker that does it, 0 for the caller: no two calls at once
  /// have the same.
  typealias Body = (_ index: Int, _ worker: Int) -> Void

  let helpers: Int
  private let spin: UInt64
  /// One per worker.
  private let tickets: UnsafeMutablePointer<AloneWord>
  /// Counts jobs: what idle helpers look at.
  private let posted: UnsafeMutablePointer<AloneWord>
  /// Indices of the job that the helpers have finished.
  private let done: UnsafeMutablePointer<AloneWord>
  private let parked = Atomic<Int>(0)
  private let closed = Atomic<Bool>(false)
  private let bell = DispatchSemaphore(value: 0)
  private let present = DispatchGroup()
  /// Written by the caller before the tickets, read by whoever has claimed an index; claiming orders the two.
  private var body: UnsafePointer<Body>?

  init(helpers: Int, spin: UInt64) {
    self.helpers = helpers
    self.spin = spin
    tickets = .allocate(capacity: helpers + 3)
    for index in 0..<helpers + 3 { (tickets + index).initialize(to: AloneWord()) }
    posted = tickets + helpers + 1
    done = tickets + helpers + 2
  }

  deinit {
    tickets.deinitialize(count: helpers + 3)
    tickets.deallocate()
  }

  private var workers: Int { helpers + 1 }

  /// The indices of a job that a worker takes first.
  static func indices(of worker: Int, workers: Int, count: Int) -> Range<Int> {
    func start(_ worker: Int) -> Int { worker * (count / workers) + min(worker, count % workers) }
    return start(worker)..<start(worker + 1)
  }

  // MARK: - The caller

  /// Runs one job. One caller at a time: `Team` sees to it.
  func run(_ count: Int, _ body: UnsafePointer<Body>) {
    precondition(count <= Int(UInt32.max), "a job has at most 2^32 - 1 indices")
    self.body = body
    done.pointee.value.store(0, ordering: .relaxed)
    for worker in 0..<workers {
      let own = Self.indices(of: worker, workers: workers, count: count)
      tickets[worker].value.store(UInt64(own.upperBound) << 32 | UInt64(own.lowerBound), ordering: .releasing)
    }
    posted.pointee.value.wrappingAdd(1, ordering: .sequentiallyConsistent)
    wake(for: count)
    let left = UInt64(count - work(as: 0))
    var patience = Patience(nanoseconds: spin)
    while done.pointee.value.load(ordering: .acquiring) != left { patience.pauseOrYield() }
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

  /// Claims indices of one job and runs them until none is left, its own first; returns how many. The job stays on the
  /// board until whoever claimed has reported that number.
  private func work(as worker: Int) -> Int {
    var finished = 0
    for turn in 0..<workers {
      let owner = worker + turn < workers ? worker + turn : worker + turn - workers
      while let index = claim(of: owner) {
        guard let body = body?.pointee else {
          // `run` puts the body up before the tickets, and takes it down after the last claim was reported.
          preconditionFailure("an index can be claimed only while its job is up")
        }
        body(index, worker)
        finished += 1
      }
    }
    return finished
  }

  private func claim(of owner: Int) -> Int? {
    var seen = tickets[owner].value.load(ordering: .relaxed)
    while seen & 0xffff_ffff < seen >> 32 {
      let (won, current) = tickets[owner].value.weakCompareExchange(
        expected: seen, desired: seen &+ 1, ordering: .acquiringAndReleasing)
      if won { return Int(seen & 0xffff_ffff) }
      seen = current
    }
    return nil
  }

  // MARK: - The helpers

  /// The life of a helper. It enters here and not when it is sent for, so that closing never waits for a helper that
  /// found no thread.
  func help(as worker: Int) {
    present.enter()
    defer { present.leave() }
    while !closed.load(ordering: .relaxed) {
      let seen = posted.pointee.value.load(ordering: .acquiring)
      let finished = work(as: worker)
      if finished > 0 { done.pointee.value.wrappingAdd(UInt64(finished), ordering: .releasing) }
      if !spinUntilPosted(after: seen) { park(after: seen) }
    }
  }

  private func spinUntilPosted(after seen: UInt64) -> Bool {
    var patience = Patience(nanoseconds: spin)
    repeat {
      if posted.pointee.value.load(ordering: .relaxed) != seen || closed.load(ordering: .relaxed) { return true }
    } while patience.pause()
    return false
  }

  /// Counts itself as parked, looks once more, and sleeps. The caller counts the job and then reads the number of those
  /// parked, all in one total order, so that at least one of the two sees the other. Threads that sleep or are about to
  /// equal `parked` and the rings not yet heard together; a ring heard by another helper than it was meant for does no harm.
  private func park(after seen: UInt64) {
    parked.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if posted.pointee.value.load(ordering: .sequentiallyConsistent) != seen, leaveParking() { return }
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

/// A word on two cache lines of its own (processors fetch them in pairs): neighbors of a word that others write would wait
/// for it.
private struct AloneWord: ~Copyable {
  let value = Atomic<UInt64>(0)
  private let padding: FifteenWords = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

  // An inline array needs a newer language than this package asks for.
  private typealias FifteenWords = (
    UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64,
    UInt64
  )
}
