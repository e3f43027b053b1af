import MinimDrawing
import MinimNN
import MinimTraining
import Synchronization
import Testing

/// What a sweep shows while it runs.
@Suite struct SweepBoardTests {
  /// A clock and a screen of the test's own.
  private final class Screen: Sendable {
    private let state = Mutex((time: UInt64(0), texts: [String](), isStopped: false))
    var texts: [String] { state.withLock { $0.texts } }
    func stop(_ isStopped: Bool) { state.withLock { $0.isStopped = isStopped } }
    func advance(seconds: Double) { state.withLock { $0.time += UInt64(seconds * 1e9) } }

    func board(count: Int, workers: Int, interactive: Bool, quiet: Bool = false) -> SweepBoard {
      SweepBoard(
        count: count, workers: workers, terminal: Terminal(width: 60, isInteractive: interactive, colors: .none),
        isQuiet: quiet,
        outside: .init(
          write: { text in self.state.withLock { $0.texts.append(text) } },
          isReady: { self.state.withLock { !$0.isStopped } }, now: { self.state.withLock { $0.time } }))
    }
  }

  @Test("on a terminal: a line for each run that trains, drawn over the last ones") func table() {
    let screen = Screen()
    let board = screen.board(count: 3, workers: 2, interactive: true)
    let rows = (0..<2).map { board.row(of: $0, title: "run 000\($0 + 1)", steps: 10, metric: "nll") }
    screen.advance(seconds: 0.2)
    rows[0].update(step: 1) { 4.5 }
    #expect(screen.texts == ["0 of 3 runs done\n  run 0001  step 1/10  nll 4.500  ▄\n"])
    screen.advance(seconds: 0.2)
    rows[1].update(step: 1) { 7 }
    let both = "  run 0001  step 1/10  nll 4.500  ▄\n  run 0002  step 1/10  nll 7.000  ▄\n"
    #expect(screen.texts.last == "\r\u{1B}[2A\u{1B}[J0 of 3 runs done\n" + both)
    // A message stands above the table, and the table below it again.
    board.end(0, message: "run 0001: diverged", isFailure: true)
    #expect(screen.texts.suffix(1) == ["\r\u{1B}[3A\u{1B}[Jrun 0001: diverged\n"])
    screen.advance(seconds: 1.6)
    board.end(1, message: nil, isFailure: false)
    #expect(screen.texts.last == "2 of 3 runs done, 1 failed, ETA 1 s\n")
    board.end(0, message: nil, isFailure: false)
    #expect(screen.texts.last == "\r\u{1B}[1A\u{1B}[J3 of 3 runs done, 1 failed\n")
  }

  @Test("a terminal that is stopped is not waited for; messages are told all the same") func stopped() {
    let screen = Screen()
    let board = screen.board(count: 3, workers: 1, interactive: true)
    let row = board.row(of: 0, title: "run", steps: 9, metric: "nll")
    screen.advance(seconds: 1)
    row.update(step: 1) { 1 }
    #expect(screen.texts.count == 1)
    screen.stop(true)
    for step in 2...5 {
      screen.advance(seconds: 1)
      row.update(step: step) { 1 }
    }
    #expect(screen.texts.count == 1)
    board.end(0, message: "run: failed", isFailure: true)
    #expect(screen.texts.suffix(1) == ["\r\u{1B}[2A\u{1B}[Jrun: failed\n"] && screen.texts.count == 2)
    screen.stop(false)
    board.end(0, message: nil, isFailure: false)
    #expect(screen.texts.last?.hasPrefix("2 of 3 runs done, 1 failed") == true)
  }

  @Test("a run without steps tells what it measures; without a terminal, that runs go on") func activities() {
    let screen = Screen(), activity = Activity()
    let board = screen.board(count: 2, workers: 1, interactive: true)
    let row = board.row(of: 0, title: "run 0001", steps: 10, metric: "nll")
    row.follow(activity)
    screen.advance(seconds: 0.2)
    row.update(step: 10) { 4.5 }
    activity.during("claim P2") {
      activity.counting(512, "image") { images in
        images.add(128)
        screen.advance(seconds: 0.3)
        board.tick()
        #expect(screen.texts.last?.hasSuffix("  run 0001  step 10/10  nll 4.500  ▄\n") == true)
        screen.advance(seconds: 0.2)
        board.tick()
        #expect(screen.texts.last?.hasSuffix("\n  run 0001  claim P2: 512 images, 25 %\n") == true)
      }
    }
    let plain = Screen()
    let other = plain.board(count: 2, workers: 1, interactive: false)
    other.row(of: 0, title: "run", steps: 5, metric: "nll").follow(activity)
    for _ in 0..<250 {
      plain.advance(seconds: 0.1)
      other.tick()
    }
    #expect(plain.texts == ["0 of 2 runs done\n", "0 of 2 runs done\n"])
  }

  @Test("elsewhere a line in two seconds, and the last; quiet only what went wrong") func plain() {
    let screen = Screen()
    let board = screen.board(count: 10, workers: 1, interactive: false)
    for index in 0..<10 {
      let row = board.row(of: 0, title: "run", steps: 5, metric: "nll")
      screen.advance(seconds: 1)
      row.update(step: 1) { 1 }
      board.end(0, message: index == 4 ? "run 0005: failed" : nil, isFailure: index == 4)
    }
    board.finish()
    #expect(screen.texts.count == 7 && screen.texts.contains("run 0005: failed\n"))
    #expect(screen.texts[0] == "1 of 10 runs done, ETA 9 s\n" && screen.texts[6] == "10 of 10 runs done, 1 failed\n")
    #expect(screen.texts.allSatisfy { !$0.contains("\u{1B}") })
    let silent = Screen()
    let quiet = silent.board(count: 1, workers: 1, interactive: true, quiet: true)
    quiet.row(of: 0, title: "run", steps: 5, metric: "nll").update(step: 1) { 1 }
    quiet.end(0, message: "run 0001: failed", isFailure: true)
    quiet.finish()
    #expect(silent.texts == ["run 0001: failed\n"])
  }
}
