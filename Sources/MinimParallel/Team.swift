import Dispatch
import Synchronization

/// Threads that share the indices of a job: a caller, which works too, and up to `helpers` Dispatch blocks.
///
/// A sleeping thread needs 30 to 60 microseconds to wake, longer than many shards last, so that a helper spins for a
/// moment after a job, and only then parks. Helpers are optional: a job ends without them, because the caller claims
/// whatever nobody else has claimed. A team has as many as the system gives it, and its results do not depend on that.
///
/// Several teams may exist at once. A job started while the team is at work, from inside a shard or from another
/// thread, runs on its own caller alone.
final class Team: Sendable {
  private let board: JobBoard
  private let busy = Atomic<Bool>(false)

  /// The number of helpers that the system has threads for.
  var helpers: Int { board.helpers }

  /// - Parameters:
  ///   - helpers: threads besides the caller, 0 or more.
  ///   - spin: nanoseconds of spinning before a helper parks and before a waiting caller yields. It is 0 where threads
  ///     outnumber CPUs: a spinning thread would keep a working one from its CPU.
  init(helpers: Int, spin: UInt64) {
    // Dispatch itself would try again without end.
    board = JobBoard(helpers: SystemThread.available(atMost: helpers), spin: spin)
    for index in 0..<board.helpers {
      // One queue each: Dispatch gives a serial queue a thread of its own, besides the pool that others count on.
      DispatchQueue(label: "minim.helper.\(index)", qos: .userInitiated).async { [board] in board.help(as: index + 1) }
    }
  }

  deinit { board.close() }

  /// Calls `body` once for every index in `0..<count`, at once on several threads, and returns when all have returned; tells
  /// it its worker too, a number that no other call has at the same time. What the caller wrote before is visible to `body`, and what `body` wrote is visible after. It allocates at most
  /// the context of the closure.
  func run(_ count: Int, _ body: JobBoard.Body) {
    guard count > 1, helpers > 0, !busy.exchange(true, ordering: .acquiring) else {
      for index in 0..<max(0, count) { body(index, 0) }
      return
    }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { board.run(count, $0) }
    }
    busy.store(false, ordering: .releasing)
  }
}
