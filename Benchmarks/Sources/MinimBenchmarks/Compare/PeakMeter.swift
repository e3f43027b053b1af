import Dispatch
@_spi(Minim) import MinimKernels
import MinimParallel

/// The peak of the machine's multiply-adds: over registers only, on some threads at once.
struct PeakMeter {
  private let pool: WorkerPool
  private let kernels: KernelTable

  init(threads: Int) throws {
    pool = WorkerPool(workers: threads)
    kernels = try .current(.float32)
  }

  /// Floating-point operations a second: the best of some short runs, since what disturbs a run only slows it.
  func measure() -> Double {
    (0..<15).map { _ in
      let operations = Operations(workers: pool.workers)
      let start = DispatchTime.now().uptimeNanoseconds
      pool.run(pool.workers) { operations.of[$0] = kernels.multiplyAdd(iterations: 200_000) }
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
      return operations.of.reduce(0, +) / seconds
    }.max() ?? 0
  }

  /// What each thread has made.
  private final class Operations: @unchecked Sendable {
    let of: UnsafeMutableBufferPointer<Double>
    init(workers: Int) {
      of = .allocate(capacity: workers)
      of.initialize(repeating: 0)
    }
    deinit { of.deallocate() }
  }
}
