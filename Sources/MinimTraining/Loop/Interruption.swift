import Glibc
import Synchronization

/// The first SIGINT or SIGTERM: the loop finishes its step, saves and stops. A second one ends the program at once.
package enum Interruption {
  private static let received = Atomic<Int32>(0)
  /// When it came, in nanoseconds of a clock that never goes back.
  private static let time = Atomic<UInt64>(0)

  /// The signal that asked to stop, or nil.
  package static var signal: Int32? {
    let number = received.load(ordering: .acquiring)
    return number == 0 ? nil : number
  }

  /// The signal, once it has waited for half a second: what takes no longer ends by itself, and nothing is lost.
  package static var overdue: Int32? {
    signal.flatMap { MonotonicClock.nanoseconds() > time.load(ordering: .relaxed) + 500_000_000 ? $0 : nil }
  }

  /// The words for a person who waits for the program to stop; nil if no signal came.
  package static var notice: String? {
    signal.map { "\($0 == SIGINT ? "SIGINT" : "SIGTERM"): stopping after this step. A second one stops at once.\n" }
  }

  /// Starts to listen for signals.
  package static func listen() {
    // What the handler needs exists before it: the atomics, and the clock.
    _ = signal
    _ = time.load(ordering: .relaxed) + MonotonicClock.nanoseconds()
    var listened = sigset_t()
    sigemptyset(&listened)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&listened, number)
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        Interruption.time.store(MonotonicClock.nanoseconds(), ordering: .relaxed)
        Interruption.received.store(number, ordering: .releasing)
      }
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
      sigaction(number, &action, nil)
    }
    // A launcher's thread may have blocked the signals, and a program inherits that.
    sigprocmask(SIG_UNBLOCK, &listened, nil)
  }
}
