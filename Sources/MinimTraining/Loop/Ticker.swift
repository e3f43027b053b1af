import Dispatch
import MinimParallel
import Synchronization

/// Calls something ten times a second, on a thread of its own. If the system has no thread to give, nothing is called: what is
/// shown by itself is a courtesy.
final class Ticker: Sendable {
  /// The thread, and what ends it.
  private let running = Mutex<(end: DispatchSemaphore, thread: SystemThread)?>(nil)

  deinit { stop() }

  /// Begins to call `body`.
  func start(_ body: @escaping @Sendable () -> Void) {
    stop()
    let end = DispatchSemaphore(value: 0)
    let thread = SystemThread {
      while end.wait(timeout: .now() + 0.1) == .timedOut { body() }
    }
    running.withLock { $0 = thread.map { (end, $0) } }
  }

  /// Ends the calls; none is under way afterward, unless it is the one that calls this.
  func stop() {
    let last = running.withLock { running in
      defer { running = nil }
      return running
    }
    guard let last else { return }
    last.end.signal()
    if last.thread.isCurrent { last.thread.leave() } else { last.thread.join() }
  }
}
