import MinimDrawing

/// Shows the progress of a run. It is updated in each step, and must cost next to nothing.
package protocol TrainingProgress: AnyObject {
  /// Reports that a step is done. `loss` is called only if it is shown: getting a number out of the loop may be
  /// expensive.
  func update(step: Int, loss: () -> Double)
  /// Shows a message of the run, which ends with a line break.
  func interrupt(_ text: String)
  /// Reports that no step follows.
  func finish(step: Int, loss: Double)
}

/// The progress of a training run on standard error: one line that is redrawn on a terminal, a plain line now and then
/// elsewhere. It does not affect results and never makes the loop wait: it reads the clock only now and then, and a
/// line that the terminal would not take at once is left out.
package final class LiveLine: TrainingProgress {
  /// The output and the clock.
  package struct Outside {
    /// Takes a text; false if nobody reads anymore.
    package var write: (String) -> Bool
    /// Nanoseconds of a clock that never goes back.
    package var now: () -> UInt64

    package init(write: @escaping (String) -> Bool, now: @escaping () -> UInt64) {
      self.write = write
      self.now = now
    }

    /// Standard error and the system's clock.
    package static var standardError: Outside {
      Outside(
        write: { text in
          // Not ready is not closed: leave this line out and continue.
          Terminal.isReady(2) ? Terminal.write(text, to: 2) : true
        },
        now: MonotonicClock.nanoseconds)
    }
  }

  private let terminal: Terminal
  private let name: String
  private let metric: String
  private let totalSteps: Int
  private let outside: Outside
  private var pace: Pace
  private var isSilent: Bool
  private var isDrawn = false
  private var lastDrawing: (time: UInt64, step: Int)
  private var rate: Double?
  private var history: [Double] = []

  /// - Parameters:
  ///   - name: the name of what is trained, such as "pixelcnn".
  ///   - metric: the name of the loss, such as "nll".
  ///   - firstStep: the steps already done, if a run is resumed.
  ///   - totalSteps: the step at which the run ends.
  ///   - isQuiet: whether to show nothing at all.
  ///   - plainInterval: seconds from one plain line to the next if there is no terminal.
  package init(
    name: String, metric: String, firstStep: Int = 0, totalSteps: Int, terminal: Terminal = .current(2),
    isQuiet: Bool = false, plainInterval: Double = 10, outside: Outside = .standardError
  ) {
    self.name = name
    self.metric = metric
    self.totalSteps = totalSteps
    self.terminal = terminal
    self.outside = outside
    isSilent = isQuiet
    let pause = terminal.isInteractive ? 100_000_000 : UInt64(max(0, plainInterval) * 1e9)
    pace = Pace(pause: pause, step: firstStep, now: outside.now)
    lastDrawing = (outside.now(), firstStep)
  }

  package func update(step: Int, loss: () -> Double) {
    if isSilent { return }
    guard let now = pace.time(after: step) else { return }
    measure(step: step, now: now)
    let value = loss()
    remember(value)
    show(text(step: step, loss: value))
  }

  /// Draws the last line and ends it, so that later output begins on a line of its own.
  package func finish(step: Int, loss: Double) {
    if isSilent { return }
    let now = outside.now()
    if step > lastDrawing.step { measure(step: step, now: now) }
    remember(loss)
    show(text(step: step, loss: loss))
    if terminal.isInteractive && !isSilent { _ = outside.write("\n") }
    isSilent = true
  }

  /// Removes the line for a message of `text`, which ends with a line break; the next update draws it again.
  package func interrupt(_ text: String) {
    if isSilent { return }
    let cleared = isDrawn ? "\r\u{1B}[K" : ""
    isDrawn = false
    if !outside.write(cleared + text) { isSilent = true }
  }

  /// Measures seconds per step, mostly over the last second.
  private func measure(step: Int, now: UInt64) {
    guard step > lastDrawing.step, now > lastDrawing.time else { return }
    let elapsed = Double(now - lastDrawing.time) / 1e9
    let new = elapsed / Double(step - lastDrawing.step)
    let weight = min(1, elapsed)
    rate = rate.map { $0 + weight * (new - $0) } ?? new
    lastDrawing = (now, step)
  }

  /// Keeps at most 512 losses: beyond that, each pair of neighbors becomes its mean.
  private func remember(_ loss: Double) {
    history.append(loss)
    guard history.count > 512 else { return }
    history = stride(from: 0, to: history.count - 1, by: 2).map { (history[$0] + history[$0 + 1]) / 2 }
  }

  private func show(_ text: String) {
    // One character less than the width: some terminals wrap when the last column is written.
    let line = terminal.isInteractive ? "\r" + text.prefix(max(1, terminal.width - 1)) + "\u{1B}[K" : text + "\n"
    isDrawn = terminal.isInteractive
    if !outside.write(line) { isSilent = true }
  }

  private func text(step: Int, loss: Double) -> String {
    var parts = ["\(name)  step \(step)/\(totalSteps)"]
    if totalSteps > 0 { parts.append("\(Int(100 * Double(step) / Double(totalSteps)))%") }
    if let rate {
      parts.append(Readable.duration(rate) + "/step")
      if step < totalSteps { parts.append("ETA " + Readable.clock(rate * Double(totalSteps - step))) }
    }
    parts.append("\(metric) \(Readable.significant(loss))")
    let text = parts.joined(separator: "  ")
    let room = terminal.width - 3 - text.count
    guard terminal.isInteractive, room >= 8, history.count > 1 else { return text }
    return text + "  " + Sparkline.draw(history, width: min(32, room))
  }
}
