import MinimDrawing
import MinimNN
import Synchronization

/// The progress of a sweep: on a terminal a table with one line per running member, redrawn all the time; elsewhere a
/// line now and then. Runs on several threads report to it, and none waits for a stopped terminal: then a drawing is
/// left out, but a message about an error is not.
package final class SweepBoard: Sendable {
  /// The output, whether it would take a text at once, and the clock in nanoseconds.
  package struct Outside: Sendable {
    package var write: @Sendable (String) -> Void
    package var isReady: @Sendable () -> Bool
    package var now: @Sendable () -> UInt64
    /// Whether the board looks at the activities by itself, ten times a second; otherwise whoever calls `tick` does.
    package var ticks = false

    package init(
      write: @escaping @Sendable (String) -> Void, isReady: @escaping @Sendable () -> Bool = { true },
      now: @escaping @Sendable () -> UInt64
    ) {
      self.write = write
      self.isReady = isReady
      self.now = now
    }

    /// Standard error and the system's clock.
    package static var standardError: Outside {
      var outside = Outside(
        write: { Terminal.write($0, to: 2) }, isReady: { Terminal.isReady(2) }, now: MonotonicClock.nanoseconds)
      outside.ticks = true
      return outside
    }
  }

  /// A run that a worker trains: its line, and what to tell of if it makes no other progress.
  private struct Member: Sendable {
    let title: String
    var text: String?
    var activity: Activity?
    var doing: ActivityText
    var lastProgress: UInt64

    /// Tells what the activity is at if there was no other progress for a while.
    mutating func look(_ now: UInt64) {
      guard let activity else { return }
      let words = doing.text(activity.state, now)
      if now >= lastProgress + 400_000_000 { text = "  \(title)  \(words)" }
    }
  }

  /// Nanoseconds from one line to the next if there is no terminal and no run ends.
  private static let plainInterval: UInt64 = 10_000_000_000

  private struct State: Sendable {
    var rows: [Member?]
    var done = 0, failed = 0
    /// The lines of the table that are on the terminal.
    var drawn = 0
    var nextDrawing: UInt64
  }

  private let count: Int
  private let terminal: Terminal
  private let isQuiet: Bool
  private let outside: Outside
  private let start: UInt64
  private let pause: UInt64
  private let state: Mutex<State>
  private let ticker = Ticker()

  /// - Parameters:
  ///   - count: the number of runs to train.
  ///   - workers: the number of runs that train at once.
  ///   - isQuiet: whether to show messages only.
  package init(
    count: Int, workers: Int, terminal: Terminal = .current(2), isQuiet: Bool, outside: Outside = .standardError
  ) {
    self.count = count
    self.terminal = terminal
    self.isQuiet = isQuiet
    self.outside = outside
    start = outside.now()
    pause = terminal.isInteractive ? 100_000_000 : 2_000_000_000
    state = Mutex(State(rows: [Member?](repeating: nil, count: workers), nextDrawing: start))
    if outside.ticks, !isQuiet { ticker.start { [weak self] in self?.tick() } }
  }

  /// Creates the line of a run that begins on a worker.
  package func row(of worker: Int, title: String, steps: Int, metric: String) -> any TrainingProgress {
    let row = Member(title: title, doing: ActivityText(start: start), lastProgress: outside.now())
    state.withLock { $0.rows[worker] = row }
    return Row(self, worker, title: title, steps: steps, metric: metric)
  }

  /// Shows what the activities of runs without other progress are at; without a terminal, now and then, that runs go on.
  package func tick() {
    let now = outside.now()
    state.withLock { state in
      guard terminal.isInteractive else {
        if now >= state.nextDrawing + Self.plainInterval { draw(&state, isLast: false) }
        return
      }
      for index in state.rows.indices { state.rows[index]?.look(now) }
      draw(&state, isLast: false)
    }
  }

  /// Reports the end of a run.
  ///
  /// - Parameter message: what went wrong, if anything.
  package func end(_ worker: Int, message: String?, isFailure: Bool) {
    state.withLock { state in
      state.rows[worker] = nil
      state.done += 1
      if isFailure { state.failed += 1 }
      if let message { say(message + "\n", &state) }
      draw(&state, isLast: state.done == count)
    }
  }

  /// Reports that no run follows: the text on the terminal stays.
  package func finish() {
    ticker.stop()
    state.withLock { state in
      state.rows = state.rows.map { _ in nil }
      if terminal.isInteractive { draw(&state, isLast: true) }
    }
  }

  private func show(_ text: String, of worker: Int) {
    state.withLock { state in
      state.rows[worker]?.text = text
      state.rows[worker]?.lastProgress = outside.now()
      if terminal.isInteractive { draw(&state, isLast: false) }
    }
  }

  /// Shows a message above the table.
  private func say(_ text: String, _ state: inout State) {
    outside.write(Self.erased(state.drawn) + text)
    state.drawn = 0
  }

  private func draw(_ state: inout State, isLast: Bool) {
    let now = outside.now()
    guard !isQuiet, isLast || now >= state.nextDrawing, outside.isReady() else { return }
    state.nextDrawing = now + pause
    guard terminal.isInteractive else { return outside.write(summary(state, now) + "\n") }
    let lines = [summary(state, now)] + state.rows.compactMap { $0?.text }
    // One character less than the width: some terminals wrap when the last column is written.
    let text = lines.map { "\($0.prefix(max(1, terminal.width - 1)))\n" }.joined()
    outside.write(Self.erased(state.drawn) + text)
    state.drawn = lines.count
  }

  private func summary(_ state: State, _ now: UInt64) -> String {
    let seconds = Double(now - start) / 1e9
    let isOver = state.done == count || state.done == 0
    return "\(state.done) of \(count) runs done" + (state.failed > 0 ? ", \(state.failed) failed" : "")
      + (isOver ? "" : ", ETA " + Readable.clock(seconds / Double(state.done) * Double(count - state.done)))
  }

  /// Erases the last lines of a terminal.
  private static func erased(_ lines: Int) -> String { lines == 0 ? "" : "\r\u{1B}[\(lines)A\u{1B}[J" }

  /// A run's line.
  private final class Row: TrainingProgress {
    private let board: SweepBoard
    private let worker: Int
    private let title: String, steps: Int, metric: String
    private var pace: Pace
    private var history: [Double] = []

    init(_ board: SweepBoard, _ worker: Int, title: String, steps: Int, metric: String) {
      self.board = board
      self.worker = worker
      (self.title, self.steps, self.metric) = (title, steps, metric)
      pace = Pace(pause: board.pause, step: 0, now: board.outside.now)
    }

    func update(step: Int, loss: () -> Double) {
      guard pace.time(after: step) != nil else { return }
      let loss = loss()
      history = history.suffix(31) + [loss]
      board.show(
        "  \(title)  step \(step)/\(steps)  \(metric) \(Readable.significant(loss))  \(Sparkline.draw(history))",
        of: worker)
    }

    func follow(_ activity: Activity) { board.state.withLock { $0.rows[worker]?.activity = activity } }

    func interrupt(_ text: String) { board.state.withLock { board.say("\(title): \(text)", &$0) } }

    func finish(step: Int, loss: Double) {}

    func close() {}
  }
}
