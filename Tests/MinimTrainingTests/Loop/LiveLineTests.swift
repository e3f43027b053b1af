import MinimDrawing
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
}
