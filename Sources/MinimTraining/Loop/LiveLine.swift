import MinimDrawing
import MinimNN

/// Shows the progress of a run. It is updated in each step, and must cost next to nothing.
package protocol TrainingProgress: AnyObject {
  /// Begins to tell, whenever there is no other progress, what an activity of the run is at.
  func follow(_ activity: Activity)
  /// Reports that a step is done. `loss` is called only if it is shown: getting a number out of the loop may be
  /// expensive.
  func update(step: Int, loss: () -> Double)
  /// Shows a message of the run, which ends with a line break.
  func interrupt(_ text: String)
  /// Reports that no step follows. What does is the activity's: pictures, claims, metrics.
  func finish(step: Int, loss: Double)
  /// Reports that nothing follows.
  func close()
}

/// The progress of a training run on standard error: one line that is redrawn on a terminal, a plain line now and then
/// elsewhere. It does not affect results and never makes the loop wait: it reads the clock only now and then.
package final class LiveLine: TrainingProgress {
  /// The output and the clock.
  package typealias Outside = StatusLine.Outside

  private let line: StatusLine
  private let name: String
  private let metric: String
  private let totalSteps: Int
  private let now: () -> UInt64
  private var pace: Pace
  private var isOver: Bool
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
    line = StatusLine(
      heading: name, terminal: terminal, isQuiet: isQuiet, plainInterval: plainInterval, outside: outside)
    now = outside.now
    isOver = isQuiet
    let pause = terminal.isInteractive ? 100_000_000 : UInt64(max(0, plainInterval) * 1e9)
    pace = Pace(pause: pause, step: firstStep, now: outside.now)
    lastDrawing = (outside.now(), firstStep)
  }

  package func follow(_ activity: Activity) { line.follow(activity) }

  package func update(step: Int, loss: () -> Double) {
    if isOver { return }
    guard let now = pace.time(after: step) else { return }
    show(step, loss(), now)
  }

  /// Draws the last step and leaves it there, so that later output begins on a line of its own.
  package func finish(step: Int, loss: Double) {
    if isOver { return }
    isOver = true
    show(step, loss, now())
    line.keep(heading: name)
  }

  /// Removes the line for a message of `text`, which ends with a line break; the next update draws it again.
  package func interrupt(_ text: String) { line.interrupt(text) }

  package func close() { line.close() }

  /// Shows the activity if nothing was shown for a while; a line on standard error does so by itself.
  package func tick() { line.tick() }

  private func show(_ step: Int, _ loss: Double, _ now: UInt64) {
    measure(step: step, now: now)
    remember(loss)
    let heading = "\(name)  step \(step)/\(totalSteps)"
    line.show(text(heading, step: step, loss: loss), heading: heading, now: now)
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
    let pairs = stride(from: 0, to: history.count - 1, by: 2)
    history = pairs.map { first -> Double in (history[first] + history[first + 1]) / 2 }
  }

  private func text(_ heading: String, step: Int, loss: Double) -> String {
    var parts = [heading]
    if totalSteps > 0 { parts.append("\(Int(100 * Double(step) / Double(totalSteps)))%") }
    if let rate {
      parts.append(Readable.duration(rate) + "/step")
      if step < totalSteps { parts.append("ETA " + Readable.clock(rate * Double(totalSteps - step))) }
    }
    parts.append("\(metric) \(Readable.significant(loss))")
    let text = parts.joined(separator: "  ")
    let room = line.terminal.width - 3 - text.count
    guard line.terminal.isInteractive, room >= 8, history.count > 1 else { return text }
    return text + "  " + Sparkline.draw(history, width: min(32, room))
  }
}
