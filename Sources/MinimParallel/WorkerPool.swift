/// Runs the indices of a job on a fixed number of threads: the one scheduler of the project.
///
/// Each thread has indices that it takes first, but whether it gets to them all is left to chance. A result must not depend on
/// it: index `i` writes what belongs to `i`, and whoever adds things up does so in an order that the number of indices
/// alone fixes (`ShardSum`).
///
/// A fork and join costs less than a microsecond while the helpers are awake, which they stay for 50 microseconds
/// after a job, and a wake-up of 30 to 60 microseconds after that.
public final class WorkerPool: Sendable {
  /// Threads that work on a job, the caller included.
  public let workers: Int
  private let team: Team?

  /// The words for a user whose system had fewer threads to give than `workers`; nil if it had enough.
  package var shortage: String? {
    guard let team, team.helpers < workers - 1 else { return nil }
    return "The system has no more threads for this process (see ulimit -u and -v): computing with "
      + "\(team.helpers + 1) of \(workers). The results are the same."
  }

  /// - Parameter workers: threads, in `WorkerCount.allowed`; nil takes as many as this process may use.
  public init(workers: Int? = nil) {
    let available = WorkerCount.available
    let workers = workers ?? available
    precondition(
      WorkerCount.allowed.contains(workers), "workers: expected \(WorkerCount.allowed), got \(workers)")
    self.workers = workers
    team = workers == 1 ? nil : Team(helpers: workers - 1, spin: workers <= available ? 50_000 : 0)
  }

  /// Calls `body` exactly once for every index in `0..<count`, and returns when all calls have returned.
  ///
  /// Calls run at once on several threads: `body` may write only what belongs to its index. What the caller wrote
  /// before is visible to `body`, and what `body` wrote is visible after. A run from inside `body`, or from a second
  /// thread while the pool is at work, does all its indices on its own caller.
  ///
  /// `body` need not be `Sendable`: shards write to memory through pointers, which the compiler cannot follow anyway.
  public func run(_ count: Int, _ body: (Int) -> Void) {
    share(count) { index, _ in body(index) }
  }

  /// The same for a body that has memory for each worker: it gets its number, in `0..<workers`. No two calls of a job have
  /// the same worker at the same time. Neighboring indices go to the same worker, in every job of that many indices, unless
  /// it is held up.
  public func share(_ count: Int, _ body: (_ index: Int, _ worker: Int) -> Void) {
    guard let team else {
      for index in 0..<max(0, count) { body(index, 0) }
      return
    }
    team.run(count, body)
  }

  /// The results of `body` for every index in `0..<count`, in the order of the indices.
  public func map<Value>(_ count: Int, _ body: (_ index: Int, _ worker: Int) -> Value) -> [Value] {
    let count = max(0, count)
    return [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      // Each index is written by the one call that has it.
      nonisolated(unsafe) let places = buffer
      share(count) { index, worker in places.initializeElement(at: index, to: body(index, worker)) }
      initialized = count
    }
  }

  /// The same for a body that can fail. All indices run, also after an error, so that the effects are the same for
  /// every number of workers.
  /// - Throws: the error of the lowest index that failed.
  public func run(_ count: Int, _ body: (Int) throws -> Void) throws {
    let count = max(0, count)
    try withUnsafeTemporaryAllocation(of: (any Error)?.self, capacity: count) { errors in
      errors.initialize(repeating: nil)
      defer { errors.deinitialize() }
      run(count) { index in
        do { try body(index) } catch { errors[index] = error }
      }
      if let first = errors.first(where: { $0 != nil }), let error = first { throw error }
    }
  }

  /// The indices of a job that each worker takes first, without those of workers that have none: for a job whose body is
  /// better called once for all of them.
  public func ownIndices(of count: Int) -> [Range<Int>] {
    (0..<min(workers, count)).map { JobBoard.indices(of: $0, workers: workers, count: count) }
  }
}
