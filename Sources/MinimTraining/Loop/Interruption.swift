import MinimSystem
import Synchronization

/// The first signal that asks the program to stop, or the end of its time: the loop finishes its step, saves and stops. A second
/// signal ends the program at once.
package enum Interruption {
  private static let received = Atomic<Int32>(0)
  /// When it came, in nanoseconds of a clock that never goes back.
  private static let time = Atomic<UInt64>(0)
  /// A bit for each signal that is listened for.
  private static let listened = Atomic<UInt64>(0)

  /// What stands for the end of the program's time, as if an alarm had been set; it comes from `TimeLimit` alone.
  package static let outOfTime = SIGALRM

  /// The signal that asked to stop, or `outOfTime`; nil if the program may go on.
  package static var signal: Int32? {
    let number = received.load(ordering: .acquiring)
    if number != 0 { return number }
    guard TimeLimit.isNear else { return nil }
    // Once it was near, it stays so; a signal that comes now has the last word.
    time.store(MonotonicClock.nanoseconds(), ordering: .relaxed)
    let found = received.compareExchange(expected: 0, desired: outOfTime, ordering: .acquiringAndReleasing)
    return found.exchanged ? outOfTime : found.original
  }

  /// The signal, once it has waited for half a second: what takes no longer ends by itself, and nothing is lost. The end of the
  /// time does not wait.
  package static var overdue: Int32? {
    signal.flatMap { signal in
      let patience: UInt64 = signal == outOfTime ? 0 : 500_000_000
      return MonotonicClock.nanoseconds() >= time.load(ordering: .relaxed) + patience ? signal : nil
    }
  }

  /// The words for a person who waits for the program to stop; nil if no signal came.
  package static var notice: String? {
    signal.map { signal in
      signal == outOfTime
        ? "The time limit is near: stopping after this step.\n"
        : "\(name(signal)): stopping after this step. A second signal stops at once.\n"
    }
  }

  /// The name of a signal that is listened for.
  private static func name(_ signal: Int32) -> String {
    switch signal {
    case SIGINT: "SIGINT"
    case SIGHUP: "SIGHUP"
    case SIGUSR1: "SIGUSR1"
    case SIGUSR2: "SIGUSR2"
    case SIGXCPU: "SIGXCPU"
    default: "SIGTERM"
    }
  }

  /// Starts to listen for signals: those of people, and those by which schedulers say that a job's time ends. A signal that this
  /// process ignores, as `nohup` lets it ignore SIGHUP, stays ignored.
  package static func listen() {
    // What the handler needs exists before it: the atomics, and the clock.
    _ = signal
    _ = time.load(ordering: .relaxed) + MonotonicClock.nanoseconds()
    var wanted = sigset_t()
    sigemptyset(&wanted)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU]
    where number != SIGHUP || !SignalHandling.isIgnored(number) {
      sigaddset(&wanted, number)
      _ = listened.bitwiseOr(1 << UInt64(number), ordering: .relaxed)
      SignalHandling.handle(number) { Interruption.receive($0) }
    }
    // A launcher's thread may have blocked the signals, and a program inherits that.
    sigprocmask(SIG_UNBLOCK, &wanted, nil)
  }

  /// The handler: only calls that a signal may interrupt anything with.
  private static func receive(_ number: Int32) {
    time.store(MonotonicClock.nanoseconds(), ordering: .relaxed)
    received.store(number, ordering: .releasing)
    let all = listened.load(ordering: .relaxed)
    for other in Int32(1)..<64 where all & (1 << UInt64(other)) != 0 {
      // The system repeats this one every second while a process uses more than its share of processor time.
      MinimSystem.signal(other, other == SIGXCPU ? SIG_IGN : SIG_DFL)
    }
  }
}
