import Glibc
import Synchronization

/// The first SIGINT or SIGTERM: the loop finishes its step, saves and stops. A second one ends the program at once.
package enum Interruption {
  private static let received = Atomic<Int32>(0)

  /// The signal that asked to stop, or nil.
  package static var signal: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Starts to listen for signals.
  package static func listen() {
    _ = signal  // the atomic exists before a handler needs it
    var listened = sigset_t()
    sigemptyset(&listened)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&listened, number)
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { Interruption.received.store($0, ordering: .relaxed) }
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
      sigaction(number, &action, nil)
    }
    // A launcher's thread may have blocked the signals, and a program inherits that.
    sigprocmask(SIG_UNBLOCK, &listened, nil)
  }
}
