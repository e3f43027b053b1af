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
    Terminal.ignoreClosedPipes()
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    #expect(Terminal.write("text", to: ends[1]))
    close(ends[0])
    #expect(!Terminal.write("more", to: ends[1]))
    close(ends[1])
    #expect(!Terminal.write("none", to: ends[1]))
  }
}
