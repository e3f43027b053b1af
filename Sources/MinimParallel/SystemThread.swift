import Dispatch
import MinimSystem

/// A thread of the system, for what must learn that there is none. Where the system has no more to give (`ulimit -u`,
/// `ulimit -v`), Dispatch tries again without end.
package struct SystemThread: Sendable {
  /// What a new thread takes over.
  private final class Work {
    let body: () -> Void

    init(_ body: @escaping () -> Void) { self.body = body }
  }

  private let handle: pthread_t

  /// Starts a thread that runs `body`; nil if the system has none to give.
  ///
  /// `body` need not be `Sendable`: who shares memory with it says how, as with a `WorkerPool`.
  package init?(_ body: @escaping () -> Void) {
    var handle = pthread_t()
    let work = Unmanaged.passRetained(Work(body))
    let code = pthread_create(
      &handle, nil,
      { context in
        // It is never nil: it is what `pthread_create` was given.
        if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    guard code == 0 else {
      work.release()
      return nil
    }
    self.handle = handle
  }

  /// The number of threads, at most `count`, that the system can provide at the same time. It starts them and lets them end.
  static func available(atMost count: Int) -> Int {
    let end = DispatchSemaphore(value: 0)
    let threads = (0..<count).compactMap { _ in SystemThread { end.wait() } }
    for _ in threads { end.signal() }
    for thread in threads { thread.join() }
    return threads.count
  }

  /// Whether this is the calling thread.
  package var isCurrent: Bool { pthread_equal(handle, pthread_self()) != 0 }

  /// Waits until the thread has ended. It is called once, or `leave` is.
  package func join() { pthread_join(handle, nil) }

  /// Lets the thread end by itself, with nobody waiting for it.
  package func leave() { pthread_detach(handle) }
}
