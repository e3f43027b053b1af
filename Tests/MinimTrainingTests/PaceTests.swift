import MinimTraining
import Testing

/// That progress costs nothing: by counting looks at the clock, never by the clock itself.
@Suite struct PaceTests {
  private final class Clock {
    var time: UInt64 = 0
    var looks = 0
    func now() -> UInt64 {
      looks += 1
      return time
    }
  }

  private static func line(_ clock: Clock, _ shown: @escaping () -> Void) -> LiveLine {
    LiveLine(
      name: "game", metric: "v", totalSteps: 10_000_000,
      terminal: Terminal(width: 80, isInteractive: true, colors: .none),
      outside: .init(
        write: { _ in
          shown()
          return true
        }, now: clock.now))
  }

  @Test("steps of 200 ns: a look at the clock in 100 us or so, and ten lines a second all the same") func fast() {
    let clock = Clock()
    var shown = 0
    let line = Self.line(clock) { shown += 1 }
    for step in 1...10_000_000 {
      clock.time += 200
      line.update(step: step) { 1 }
    }
    #expect((15_000...20_100).contains(clock.looks) && (19...20).contains(shown))
  }

  @Test("steps that become a thousand times slower are looked at again soon") func slower() {
    let clock = Clock()
    var shown = 0
    let line = Self.line(clock) { shown += 1 }
    for step in 1...100_000 {
      clock.time += 1000
      line.update(step: step) { 1 }
    }
    let before = shown
    for step in 100_001...101_000 {
      clock.time += 1_000_000
      line.update(step: step) { 1 }
    }
    // One second: a pause of a tenth, and the hundred steps that the old pace let pass.
    #expect(shown - before >= 8)
  }
}
