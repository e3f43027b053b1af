import Glibc
import MinimDrawing
import Testing

@Suite struct TerminalTests {
  func terminal(tty: Bool = true, columns: Int = 100, _ environment: [String: String]) -> Terminal {
    Terminal(isTTY: tty, columns: columns) { environment[$0] }
  }

  @Test func width() {
    #expect(terminal(["TERM": "xterm"]).width == 100)
    #expect(terminal(["TERM": "xterm", "COLUMNS": "60"]).width == 60)
    #expect(terminal(columns: 0, [:]).width == 80)
    for odd in ["", "0", "-5", "wide"] { #expect(terminal(["COLUMNS": odd]).width == 100) }
    #expect(terminal(["COLUMNS": "9999999999"]).width == 10_000)
  }

  @Test func colorsAndRedrawing() {
    let plain = terminal(["TERM": "xterm"])
    #expect(plain.isInteractive && plain.colors == .indexed)
    #expect(terminal(["TERM": "xterm", "COLORTERM": "truecolor"]).colors == .full)
    #expect(terminal(["TERM": "xterm", "NO_COLOR": "1"]).colors == .none)
    #expect(terminal(["TERM": "xterm", "NO_COLOR": "1"]).isInteractive)
    #expect(terminal(["TERM": "xterm", "NO_COLOR": ""]).colors == .indexed)
    for dumb in [terminal(["TERM": "dumb"]), terminal([:]), terminal(tty: false, ["TERM": "xterm"])] {
      #expect(!dumb.isInteractive && dumb.colors == .none)
    }
  }

  @Test func aClosedPipeIsNoCrash() {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    #expect(Terminal.write("text", to: ends[1]))
    close(ends[0])
    #expect(!Terminal.write("more", to: ends[1]))
    close(ends[1])
    #expect(!Terminal.write("none", to: ends[1]))
  }

  @Test("a full pipe that is nonblocking gets the whole text as its reader makes room") func nonblocking() async throws
  {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    #expect(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
    let (reading, writing) = (ends[0], ends[1])
    let text = String(repeating: "0123456789abcde\n", count: 40_000)
    let reader = Thread {
      var bytes: [UInt8] = [], chunk = [UInt8](repeating: 0, count: 3000)
      while true {
        let count = read(reading, &chunk, chunk.count)
        if count <= 0 { return bytes }
        bytes += chunk[..<count]
      }
    }
    // More than a pipe holds.
    #expect(Terminal.write(text, to: writing))
    close(writing)
    #expect(reader.result() == Array(text.utf8))
    close(reading)
  }

  /// A thread with a result.
  private final class Thread: @unchecked Sendable {
    private var handle = pthread_t()
    private let body: () -> [UInt8]
    private var bytes: [UInt8] = []

    init(_ body: @escaping () -> [UInt8]) {
      self.body = body
      pthread_create(
        &handle, nil,
        { context in
          guard let context else { return nil }
          let thread = Unmanaged<Thread>.fromOpaque(context).takeUnretainedValue()
          thread.bytes = thread.body()
          return nil
        }, Unmanaged.passUnretained(self).toOpaque())
    }

    func result() -> [UInt8] {
      pthread_join(handle, nil)
      return bytes
    }
  }
}
