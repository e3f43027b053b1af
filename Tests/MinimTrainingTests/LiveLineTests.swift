import MinimTraining
import Testing

@Suite struct LiveLineTests {
  /// A clock and a screen of the test's own.
  final class Screen {
    var nanoseconds: UInt64 = 1_000_000_000
    var texts: [String] = []
    var isClosed = false
    var attempts = 0

    var outside: LiveLine.Outside {
      .init(
        write: { text in
          self.attempts += 1
          if !self.isClosed { self.texts.append(text) }
          return !self.isClosed
        }, now: { self.nanoseconds })
    }

    func line(interactive: Bool = true, width: Int = 80, quiet: Bool = false, firstStep: Int = 0) -> LiveLine {
      LiveLine(
        name: "pixelcnn", metric: "nll", firstStep: firstStep, totalSteps: 10_000,
        terminal: Terminal(width: width, isInteractive: interactive, colors: .none), isQuiet: quiet, plainInterval: 10,
        outside: outside)
    }
  }

  @Test func redrawsTenTimesASecond() {
    let screen = Screen()
    let line = screen.line()
    var asked = 0
    for step in 1...5000 {
      screen.nanoseconds += 400_000
      line.update(step: step) {
        asked += 1
        return 8 - Double(step) / 1000
      }
    }
    #expect(screen.texts.count == 20 && asked == 20)  // 2 seconds
    #expect(screen.texts[0] == "\rpixelcnn  step 250/10000  2%  400 us/step  ETA 4 s  nll 7.750\u{1B}[K")
    let text = screen.texts[19]
    #expect(text.hasPrefix("\rpixelcnn  step 5000/10000  50%  400 us/step  ETA 2 s  nll 3.000  █"))
    #expect(text.hasSuffix("▁\u{1B}[K"))
    #expect(text.count <= 1 + 79 + 3)
    line.finish(step: 5000, loss: 3)
    #expect(screen.texts.last == "\n")
    line.update(step: 5001) { 1 }
    #expect(screen.texts.count == 22)
  }

  @Test func aPlainLineAnIntervalWithoutATerminal() {
    let screen = Screen()
    let line = screen.line(interactive: false)
    for step in 1...250 {
      screen.nanoseconds += 100_000_000
      line.update(step: step) { .nan }
    }
    line.finish(step: 250, loss: 0.5)
    #expect(
      screen.texts == [
        "pixelcnn  step 100/10000  1%  100 ms/step  ETA 16:30 min  nll nan\n",
        "pixelcnn  step 200/10000  2%  100 ms/step  ETA 16:20 min  nll nan\n",
        "pixelcnn  step 250/10000  2%  100 ms/step  ETA 16:15 min  nll 0.5000\n",
      ])
  }

  @Test func staysWithinTheWidth() {
    for width in [1, 20, 60, 70] {
      let screen = Screen()
      let line = screen.line(width: width)
      for step in 1...100 {
        screen.nanoseconds += 100_000_000
        line.update(step: step) { Double(step) }
      }
      #expect(screen.texts.allSatisfy { $0.count - 4 <= max(1, width - 1) })
    }
  }

  @Test func quietAndClosedPipesWriteNothing() {
    let screen = Screen()
    let quiet = screen.line(quiet: true)
    screen.nanoseconds += 20_000_000_000
    quiet.update(step: 1) { 1 }
    quiet.finish(step: 2, loss: 1)
    #expect(screen.attempts == 0)
    screen.isClosed = true
    let closed = screen.line()
    for step in 1...5 {
      screen.nanoseconds += 1_000_000_000
      closed.update(step: step) { 1 }
    }
    closed.finish(step: 6, loss: 1)
    #expect(screen.attempts == 1)
  }

  @Test func messagesTakeTheLineAway() {
    let screen = Screen()
    let line = screen.line()
    line.interrupt("first\n")
    screen.nanoseconds += 1_000_000_000
    line.update(step: 1) { 1 }
    line.interrupt("saved\n")
    #expect(screen.texts[0] == "first\n" && screen.texts[2] == "\r\u{1B}[Ksaved\n")
  }

  @Test func aResumedRunCountsItsOwnSteps() {
    let screen = Screen()
    let line = screen.line(firstStep: 9000)
    screen.nanoseconds += 100_000_000
    line.update(step: 9100) { 1 }
    #expect(screen.texts[0].contains("1.00 ms/step  ETA 1 s"))
  }

  @Test func numbersForPeople() {
    let durations: [(Double, String)] = [
      (85e-9, "85.0 ns"), (312e-6, "312 us"), (0.9996e-3, "1.00 ms"), (0.0123, "12.3 ms"), (1.2, "1.20 s"), (0, "0 ns"),
    ]
    for (seconds, text) in durations { #expect(LiveLine.duration(seconds) == text) }
    let clocks: [(Double, String)] = [
      (0, "0 s"), (3.2, "4 s"), (60, "1:00 min"), (125, "2:05 min"), (11045, "3:04:05 h"), (.infinity, "?"),
      (.nan, "?"),
    ]
    for (seconds, text) in clocks { #expect(LiveLine.clock(seconds) == text) }
    let numbers: [(Double, String)] = [
      (6.213, "6.213"), (0.012344, "0.01234"), (-1.5, "-1.500"), (9.99996, "10.00"), (12345.6, "12346"), (0, "0"),
      (1e300, "1.000e300"), (2.5e-9, "2.500e-9"), (.nan, "nan"), (-.infinity, "-inf"),
      (.leastNonzeroMagnitude, "5e-324"),
      (2.3e-308, "2.300e-308"), (999_999.9, "1000000"), (1e7, "1.000e7"), (0.0001, "0.0001000"),
    ]
    for (value, text) in numbers { #expect(LiveLine.significant(value) == text, "\(value)") }
  }
}
