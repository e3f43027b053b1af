import Dispatch
import MinimDrawing
import MinimNN

/// The line on standard error that says what a program does: redrawn on a terminal, a plain line now and then elsewhere.
/// Whoever makes progress shows it here. If nobody does for a while, the line tells by itself what an activity is at, so that
/// there is never a silence. It never makes anyone wait: a line that the terminal would not take at once is left out.
package final class StatusLine: @unchecked Sendable {
  /// The output and the clock.
  package struct Outside {
    /// Takes a text; false if nobody reads anymore. Called by one thread at a time.
    package var write: (String) -> Bool
    /// Nanoseconds of a clock that never goes back.
    package var now: () -> UInt64
    /// Whether the line looks at the activity by itself, ten times a second; otherwise whoever calls `tick` does.
    package var ticks = false
    /// Returns words for who waits for the program to stop, once it has been asked to.
    package var notice: () -> String? = { nil }

    package init(write: @escaping (String) -> Bool, now: @escaping () -> UInt64) {
      self.write = write
      self.now = now
    }

    /// Standard error and the system's clock.
    package static var standardError: Outside {
      var outside = Outside(
        write: { text in
          // Not ready is not closed: leave this line out and continue.
          Terminal.isReady(2) ? Terminal.write(text, to: 2) : true
        },
        now: MonotonicClock.nanoseconds)
      outside.ticks = true
      outside.notice = { Interruption.notice }
      return outside
    }
  }

  let terminal: Terminal
  private let outside: Outside
  /// Nanoseconds without any progress after which the activity is shown.
  private let patience: UInt64
  /// Orders all that follows: the line is drawn from the thread that makes progress, and from the timer's.
  private let queue = DispatchQueue(label: "minim.status")
  private var activity: Activity?
  private var isSilent: Bool
  private var isDrawn = false
  /// Looks at the notice so far: it is shown at the second, since most stops take no time.
  private var noticed = 0
  private var heading: String
  private var text: ActivityText
  private var lastDrawing: UInt64
  private let ticker = Ticker()

  /// Creates a line that nothing is shown on yet.
  ///
  /// - Parameters:
  ///   - heading: the words before those of an activity, such as the name of the run; empty for none.
  ///   - isQuiet: whether to show nothing at all.
  ///   - plainInterval: seconds from one plain line to the next if there is no terminal.
  package init(
    heading: String = "", terminal: Terminal = .current(2), isQuiet: Bool = false, plainInterval: Double = 10,
    outside: Outside = .standardError
  ) {
    self.heading = heading
    self.terminal = terminal
    self.outside = outside
    isSilent = isQuiet
    patience = terminal.isInteractive ? 400_000_000 : UInt64(max(0, plainInterval) * 1e9)
    lastDrawing = outside.now()
    text = ActivityText(start: lastDrawing)
  }

  /// Shows what an activity is at from now on, whenever nothing else is shown.
  package func follow(_ activity: Activity) {
    let isSilent = queue.sync {
      self.activity = activity
      return self.isSilent
    }
    if outside.ticks, !isSilent { ticker.start { [weak self] in self?.tick() } }
  }

  /// Draws a text in place of the last one.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - heading: the words for what is shown until the next text.
  ///   - now: the present time.
  package func show(_ text: String, heading: String, now: UInt64) {
    queue.sync {
      self.heading = heading
      self.text.restart(now)
      draw(text, now)
    }
  }

  /// Writes a message, which ends with a line break, above the line.
  package func interrupt(_ message: String) {
    queue.sync { writeAbove(message) }
  }

  private func writeAbove(_ message: String) {
    if isSilent { return }
    let cleared = isDrawn ? Self.cleared : ""
    isDrawn = false
    if !outside.write(cleared + message) { isSilent = true }
  }

  /// Leaves the text on the terminal, and begins a line of its own for what follows.
  package func keep(heading: String) {
    queue.sync {
      if isDrawn, !isSilent, !outside.write("\n") { isSilent = true }
      isDrawn = false
      self.heading = heading
    }
  }

  /// Takes the line away: later output begins where it was. Nothing is shown anymore.
  package func close() {
    ticker.stop()
    queue.sync {
      if isDrawn, !isSilent { _ = outside.write(Self.cleared) }
      isSilent = true
    }
  }

  /// Shows what the activity is at, if nothing was shown for a while.
  package func tick() {
    queue.sync {
      if isSilent { return }
      if let notice = outside.notice() {
        noticed += 1
        if noticed == 2 { writeAbove(notice) }
      }
      let now = outside.now()
      let doing = text.text(activity?.state, now)
      if now >= lastDrawing + patience { draw(heading.isEmpty ? doing : "\(heading)  \(doing)", now) }
    }
  }

  private func draw(_ text: String, _ now: UInt64) {
    if isSilent { return }
    lastDrawing = now
    isDrawn = terminal.isInteractive
    // One character less than the width: some terminals wrap when the last column is written.
    let line = terminal.isInteractive ? "\r" + text.prefix(max(1, terminal.width - 1)) + "\u{1B}[K" : text + "\n"
    if !outside.write(line) { isSilent = true }
  }

  private static let cleared = "\r\u{1B}[K"
}

extension Activity {
  /// Does something that takes long, and meanwhile tells on standard error how far it is.
  ///
  /// - Parameters:
  ///   - name: what `body` does, such as "evaluation".
  ///   - body: the work.
  package func shown<Result>(as name: String, _ body: () throws -> Result) rethrows -> Result {
    let line = StatusLine()
    line.follow(self)
    defer { line.close() }
    return try during(name, body)
  }
}
