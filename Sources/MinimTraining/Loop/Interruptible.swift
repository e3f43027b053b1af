import Dispatch
import MinimFiles
import MinimParallel

/// Runs computations that a signal can make a run leave: claims, metrics, samples, losses on whole splits. Whatever a model
/// computes, and however long, it need not look for signals itself.
///
/// A computation that was left goes on, unheeded, until the process ends. So it must not write a file, and what it reads must
/// not change afterward.
package struct Interruptible {
  /// Returns the signal that has waited long enough, if any.
  private let signal: () -> Int32?

  /// - Parameter signal: returns the signal for which a computation is left, if any; asked twenty times a second.
  package init(_ signal: @escaping () -> Int32?) { self.signal = signal }

  /// Runs `body`, on a thread of its own. If the system has none to give, `body` runs here, and nothing interrupts it.
  ///
  /// - Throws: the errors of `body`, and `Stopped` if a signal came first.
  package func callAsFunction<Value>(_ body: @escaping () throws -> Value) throws -> Value {
    let outcome = Outcome<Value>()
    let end = DispatchSemaphore(value: 0)
    let thread = SystemThread {
      outcome.result = Result(catching: body)
      end.signal()
    }
    guard let thread else { return try body() }
    while end.wait(timeout: .now() + 0.05) == .timedOut {
      guard let signal = signal() else { continue }
      thread.leave()
      throw Stopped(signal: signal)
    }
    thread.join()
    guard let result = outcome.result else {
      // The thread writes its result before the signal that ends the loop above: nothing that `body` does can cause this.
      preconditionFailure("the thread has ended, so it has left its result")
    }
    return try result.get()
  }

  /// The place where the thread leaves its result; the semaphore orders its write and the read.
  private final class Outcome<Value> {
    var result: Result<Value, any Error>?
  }
}

/// A computation was left because of a signal.
package struct Stopped: ReportedError, Equatable {
  package let signal: Int32

  package init(signal: Int32) { self.signal = signal }

  package var description: String {
    signal == Interruption.outOfTime ? "stopped by the time limit" : "stopped by signal \(signal)"
  }
  package var exit: ExitStatus { signal == Interruption.outOfTime ? .outOfTime : .stopped(by: signal) }
}
