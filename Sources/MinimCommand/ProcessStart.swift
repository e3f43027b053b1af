import MinimSystem
import MinimDrawing
import MinimFiles
import MinimTraining

/// What a program settles with the system before it opens a file.
enum ProcessStart {
  /// When the program began, in nanoseconds of `MonotonicClock`.
  static let time = MonotonicClock.nanoseconds()

  static func prepare() {
    _ = time
    openMissingStreams()
    // Writes then report the closed pipe and the limit of file sizes (`ulimit -f`) as errors.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    restoreEndings()
    sharePools()
  }

  /// Opens standard streams that the caller has closed on /dev/null: the first files that a program opens would take
  /// their numbers, and messages would go into these files. Whoever closes a stream asks for nothing on it, so writing
  /// there is not an error.
  private static func openMissingStreams() {
    var descriptor: Int32
    repeat {
      descriptor = open("/dev/null", O_RDWR)
      if descriptor < 0, (STDIN_FILENO...STDERR_FILENO).contains(where: { fcntl($0, F_GETFD) == -1 }) {
        Terminal.write("A standard stream is closed, and there is no /dev/null to take its place.\n", to: STDERR_FILENO)
        _exit(ExitStatus.noResources.rawValue)
      }
    } while (STDIN_FILENO...STDERR_FILENO).contains(descriptor)
    close(descriptor)
  }

  /// Lets signals that end a program end it at once. Swift's runtime has handlers that print the stacks of all threads
  /// first. With this program's symbols that takes more than a minute, in which its run stays locked. Who asks for such
  /// a report by SWIFT_BACKTRACE gets it for crashes; control-\ ends the program at once in any case.
  private static func restoreEndings() {
    let crashes = [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP]
    var endings = sigset_t()
    sigemptyset(&endings)
    for number in getenv("SWIFT_BACKTRACE") == nil ? crashes + [SIGQUIT] : [SIGQUIT] {
      if !SignalHandling.isIgnored(number) { signal(number, SIG_DFL) }
      sigaddset(&endings, number)
    }
    for number in [SIGINT, SIGTERM] { sigaddset(&endings, number) }
    // A launcher's thread may have blocked them, and a program inherits that.
    sigprocmask(SIG_UNBLOCK, &endings, nil)
  }

  /// Lets all threads share one pool of memory where address space is limited (`ulimit -v`): each would reserve 64 MiB of its
  /// own. What `malloc.h` declares, Swift's view of the C library lacks.
  private static func sharePools() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max,
      let address = dlsym(nil, "mallopt")
    else { return }
    let (mostPools, one): (Int32, Int32) = (-8, 1)  // M_ARENA_MAX
    _ = unsafeBitCast(address, to: (@convention(c) (Int32, Int32) -> Int32).self)(mostPools, one)
  }
}
