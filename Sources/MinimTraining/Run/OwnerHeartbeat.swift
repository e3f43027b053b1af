import Dispatch
import MinimSystem
import MinimParallel
import Synchronization

/// The thread that sets the time of an owner's file.
final class OwnerHeartbeat: Sendable {
  private let descriptor: Int32
  /// The file of the next owner: if it exists, this one has lost the run.
  private let next: String
  private let interval: Double
  private let lost = Atomic<Bool>(false)
  private let end = DispatchSemaphore(value: 0)
  /// The time of the last sign, in nanoseconds of a clock that counts sleep too.
  private let last: Atomic<UInt64>
  private let thread = Mutex<SystemThread?>(nil)

  init(_ descriptor: Int32, next: String, every interval: Double) {
    (self.descriptor, self.next, self.interval) = (descriptor, next, interval)
    last = Atomic(Self.now())
  }

  var isLost: Bool { lost.load(ordering: .acquiring) }

  /// Whether the last sign is so old that others may soon take this process for gone.
  var isOverdue: Bool { Double(Self.now() &- last.load(ordering: .acquiring)) > 3 * interval * 1e9 }

  func begin() {
    let started = SystemThread { [self] in
      while end.wait(timeout: .now() + interval) == .timedOut {
        let beat = Self.now()
        if access(next, F_OK) == 0 {
          lost.store(true, ordering: .releasing)
          return
        }
        // Without times, the server's clock sets them. A failure shows as a missing sign.
        if futimens(descriptor, nil) == 0 { last.store(beat, ordering: .releasing) }
      }
    }
    thread.withLock { $0 = started }
  }

  func stop() {
    end.signal()
    thread.withLock { $0 }?.join()
  }

  private static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
