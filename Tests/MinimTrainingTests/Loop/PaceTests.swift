import MinimDrawing
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

  /// Tells of steps that take so many nanoseconds each.
  private static func tell(_ line: LiveLine, _ clock: Clock, _ steps: ClosedRange<Int>, of nanoseconds: UInt64) {
    for step in steps {
      clock.time += nanoseconds
      line.update(step: step) { 1 }
    }
  }

  @Test("steps of 200 ns: a look at the clock in 100 us or so, and ten lines a second all the same") func fast() {
    let clock = Clock()
    var shown = 0
    let line = Self.line(clock) { shown += 1 }
    Self.tell(line, clock, 1...10_000_000, of: 200)
    #expect((15_000...20_100).contains(clock.looks) && (19...20).contains(shown))
  }

  @Test("steps that become a thousand times slower are looked at again soon") func slower() {
    let clock = Clock()
    var shown = 0
    let line = Self.line(clock) { shown += 1 }
    Self.tell(line, clock, 1...100_000, of: 1000)
    let before = shown
    Self.tell(line, clock, 100_001...101_000, of: 1_000_000)
    // One second: a pause of a tenth, and the hundred steps that the old pace let pass.
    #expect(shown - before >= 8)
  }
}
