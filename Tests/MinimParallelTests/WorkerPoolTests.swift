import MinimParallel
import Synchronization
import Testing

/// On a machine with fewer CPUs the larger numbers run oversubscribed, which is a case of its own: nobody spins.
let workerCounts = [1, 2, 3, 7]

@Suite struct WorkerPoolTests {
  @Test(arguments: workerCounts)
  func runsEveryIndexOnceAndShowsItsWrites(workers: Int) {
    let pool = WorkerPool(workers: workers)
    let capacity = 1000
    let calls = UnsafeMutablePointer<Int>.allocate(capacity: capacity)
    let input = UnsafeMutablePointer<Int>.allocate(capacity: capacity)
    defer {
      calls.deallocate()
      input.deallocate()
    }
    var wrong = 0
    for round in 0..<2000 {
      // Plain memory on both sides: the thread sanitizer sees a missing order, the sums see a missing write.
      let count = [0, 1, 2, 3, 7, 64, 1000][round % 7]
      for index in 0..<capacity {
        input[index] = round &* 31 &+ index
        calls[index] = 0
      }
      pool.run(count) { calls[$0] += input[$0] }
      for index in 0..<capacity where calls[index] != (index < count ? input[index] : 0) { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test(arguments: workerCounts)
  func ownIndicesAreAllIndicesInAboutEqualRuns(workers: Int) {
    let pool = WorkerPool(workers: workers)
    for count in [0, 1, 2, 3, 7, 64, 1000] {
      let own = pool.ownIndices(of: count)
      #expect(own.flatMap { Array($0) } == Array(0..<count))
      let sizes = own.map(\.count)
      #expect(sizes.count == min(workers, count) && !sizes.contains(0))
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    }
  }

  @Test(arguments: workerCounts)
  func smallJobsInARow(workers: Int) {
    let pool = WorkerPool(workers: workers)
    let calls = Atomic<Int>(0)
    for round in 0..<20_000 {
      pool.run(2 + round % 3) { _ in calls.wrappingAdd(1, ordering: .relaxed) }
    }
    #expect(calls.load(ordering: .relaxed) == 20_000 / 3 * (2 + 3 + 4) + 2 + 3)
  }

  @Test func manyIndices() {
    let count = 1 << 17  // more than sixteen bits hold
    let pool = WorkerPool(workers: 3)
    let marks = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
    marks.initialize(repeating: 0, count: count)
    defer { marks.deallocate() }
    pool.run(count) { marks[$0] += 1 }
    #expect((0..<count).allSatisfy { marks[$0] == 1 })
  }

  /// Each shard waits until all have begun, so that the job can end only with every worker at work at once. Before it
  /// the helpers have parked, long after their 50 microseconds: it ends only if all are woken.
  @Test(arguments: [2, 3, 7])
  func parkedHelpersWake(workers: Int) {
    let pool = WorkerPool(workers: workers)
    for _ in 0..<20 {
      sleepMilliseconds(2)
      let begun = Atomic<Int>(0)
      pool.run(workers) { _ in
        begun.wrappingAdd(1, ordering: .sequentiallyConsistent)
        while begun.load(ordering: .sequentiallyConsistent) < workers { yieldThread() }
      }
      #expect(begun.load(ordering: .relaxed) == workers)
    }
  }

  @Test(arguments: workerCounts)
  func reportsTheErrorOfTheLowestIndex(workers: Int) {
    let pool = WorkerPool(workers: workers)
    for round in 0..<500 {
      let ran = Atomic<Int>(0)
      let lowest = round % 5
      let error = #expect(throws: Failure.self) {
        try pool.run(16) { index in
          ran.wrappingAdd(1, ordering: .relaxed)
          if index >= lowest, index % 5 == lowest { throw Failure(index: index) }
        }
      }
      #expect(error?.index == lowest)
      #expect(ran.load(ordering: .relaxed) == 16)
    }
  }

  @Test func worksAfterAnError() throws {
    let pool = WorkerPool(workers: 2)
    #expect(throws: Failure(index: 0)) { try pool.run(2) { throw Failure(index: $0) } }
    let sum = Atomic<Int>(0)
    try pool.run(4) { index in
      if index > 3 { throw Failure(index: index) }
      sum.wrappingAdd(index, ordering: .relaxed)
    }
    #expect(sum.load(ordering: .relaxed) == 6)
  }

  @Test(arguments: workerCounts)
  func nestedRunsEnd(workers: Int) {
    let pool = WorkerPool(workers: workers)
    let leaves = Atomic<Int>(0)
    for _ in 0..<200 {
      pool.run(4) { _ in
        pool.run(3) { _ in
          pool.run(2) { _ in leaves.wrappingAdd(1, ordering: .relaxed) }
        }
      }
    }
    #expect(leaves.load(ordering: .relaxed) == 200 * 24)
  }

  /// Two pools at once, the second also a caller of the first: a pool that is busy lets the newcomer work alone.
  @Test func twoThreadsShareAPool() {
    let shared = WorkerPool(workers: 2)
    let callers = WorkerPool(workers: 2)
    let calls = Atomic<Int>(0)
    callers.run(2) { _ in
      for _ in 0..<2000 {
        shared.run(5) { _ in calls.wrappingAdd(1, ordering: .relaxed) }
      }
    }
    #expect(calls.load(ordering: .relaxed) == 2 * 2000 * 5)
  }

  /// Threads of teams that are gone are free for the next: a leak would leave two a team.
  @Test func poolsLeaveNoThreads() {
    let before = threadCount()
    for round in 0..<300 {
      let pool = WorkerPool(workers: 3)
      let calls = Atomic<Int>(0)
      if round % 2 == 0 { pool.run(4) { _ in calls.wrappingAdd(1, ordering: .relaxed) } }
      #expect(calls.load(ordering: .relaxed) == (round % 2 == 0 ? 4 : 0))
    }
    // Dispatch keeps a thread for some seconds after its last block, and other tests have pools of their own at the same
    // time. Threads that are merely idle go; the 600 of a leak would stay however long one waits.
    var threads = threadCount()
    for _ in 0..<600 where threads >= before + 100 {
      sleepMilliseconds(100)
      threads = threadCount()
    }
    // Counted once: what other tests start a moment later does not matter.
    #expect(threads < before + 100)
  }

  @Test func defaultIsWhatTheProcessMayUse() {
    #expect(WorkerPool().workers == WorkerCount.available)
    #expect(WorkerCount.allowed.contains(WorkerCount.available))
  }
}

private struct Failure: Error, Equatable {
  let index: Int
}
