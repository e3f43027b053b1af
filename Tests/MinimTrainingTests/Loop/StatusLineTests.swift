import MinimDrawing
import MinimNN
import MinimTraining
import Testing

/// What is shown while nobody makes progress: never longer than a second nothing, on a terminal.
@Suite struct StatusLineTests {
  typealias Screen = LiveLineTests.Screen

  private static func line(_ screen: Screen, _ activity: Activity, interactive: Bool = true, quiet: Bool = false)
    -> StatusLine
  {
    let line = StatusLine(
      heading: "vae", terminal: Terminal(width: 80, isInteractive: interactive, colors: .none), isQuiet: quiet,
      outside: screen.outside)
    line.follow(activity)
    return line
  }

  /// Looks at the activity ten times a second.
  private static func wait(_ seconds: Double, _ screen: Screen, _ tick: () -> Void) {
    for _ in 0..<Int(seconds * 10) {
      screen.nanoseconds += 100_000_000
      tick()
    }
  }

  @Test("a claim with a count: how much is done, and the time that is left as soon as it can be known") func claim() {
    let screen = Screen(), activity = Activity()
    let line = Self.line(screen, activity)
    activity.during("claim P2") {
      activity.counting(65_536, "image") { images in
        Self.wait(0.3, screen, line.tick)
        #expect(screen.texts.isEmpty)  // what is soon done need not be told
        Self.wait(0.1, screen, line.tick)
        images.add(16_384)
        Self.wait(1.6, screen, line.tick)
      }
    }
    #expect(screen.texts.first == "\rvae  claim P2: 65,536 images, 0 %\u{1B}[K")
    #expect(screen.texts.last == "\rvae  claim P2: 65,536 images, 25 %, 6 s left\u{1B}[K")
    #expect(screen.texts.count == 5)
    line.close()
    #expect(screen.texts.last == "\r\u{1B}[K")
    Self.wait(5, screen, line.tick)
    #expect(screen.texts.count == 6)
  }

  @Test("work that cannot be counted tells how long it has lasted") func uncounted() {
    let screen = Screen(), activity = Activity()
    let line = Self.line(screen, activity)
    Self.wait(1, screen, line.tick)
    #expect(screen.texts.last == "\rvae  working, 1 s\u{1B}[K")
    activity.during("pictures") {
      Self.wait(1, screen, line.tick)
      // A count comes and goes; the time of the name goes on.
      activity.counting(1, "example") { _ in Self.wait(1, screen, line.tick) }
      #expect(screen.texts.last == "\rvae  pictures: 1 example, 0 %\u{1B}[K")
      Self.wait(1, screen, line.tick)
    }
    #expect(screen.texts.last == "\rvae  pictures, 3 s\u{1B}[K")
  }

  @Test("during training the steps are shown, and what is done between them if it takes long") func training() {
    let screen = Screen(), activity = Activity()
    let line = screen.line()
    line.follow(activity)
    screen.nanoseconds += 200_000_000
    line.update(step: 1) { 1 }
    // Ticks do not disturb steps that are shown often enough.
    for step in 2...20 {
      screen.nanoseconds += 100_000_000
      line.tick()
      line.update(step: step) { 1 }
    }
    #expect(screen.texts.count == 20 && screen.texts.allSatisfy { $0.contains("nll 1.000") })
    activity.during("diagnostics") { Self.wait(0.8, screen, line.tick) }
    #expect(screen.texts.last == "\rpixelcnn  step 20/10000  diagnostics, 1 s\u{1B}[K")
    // A long step is work without a name.
    screen.nanoseconds += 100_000_000
    line.update(step: 21) { 1 }
    Self.wait(3, screen, line.tick)
    #expect(screen.texts.last == "\rpixelcnn  step 21/10000  working, 3 s\u{1B}[K")
    line.finish(step: 22, loss: 1)
    let count = screen.texts.count
    #expect(screen.texts.last == "\n")
    activity.during("claims") { Self.wait(0.5, screen, line.tick) }
    #expect(screen.texts[count...].allSatisfy { $0.hasPrefix("\rpixelcnn  claims, ") } && screen.texts.count > count)
  }

  @Test("without a terminal a plain line every ten seconds") func plain() {
    let screen = Screen(), activity = Activity()
    let line = Self.line(screen, activity, interactive: false)
    activity.during("claims V5 and V6") {
      activity.counting(64, "example") { examples in
        Self.wait(10, screen, line.tick)
        examples.add(32)
        Self.wait(15, screen, line.tick)
      }
    }
    line.close()
    #expect(
      screen.texts == [
        "vae  claims V5 and V6: 64 examples, 0 %\n", "vae  claims V5 and V6: 64 examples, 50 %, 20 s left\n",
      ])
  }

  @Test("quiet and closed pipes get nothing") func silent() {
    let screen = Screen(), activity = Activity()
    let quiet = Self.line(screen, activity, quiet: true)
    Self.wait(30, screen, quiet.tick)
    quiet.close()
    #expect(screen.attempts == 0)
    screen.isClosed = true
    let closed = Self.line(screen, activity)
    Self.wait(30, screen, closed.tick)
    closed.close()
    #expect(screen.attempts == 1)
  }
}
