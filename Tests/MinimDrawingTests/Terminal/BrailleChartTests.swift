import MinimDrawing
import Testing

@Suite struct BrailleChartTests {
  private static func curve(_ chart: BrailleChart) -> [String] {
    chart.lines(colors: .none).map { String($0.dropFirst(11)) }
  }

  @Test("a line from corner to corner sets the dots between them") func diagonal() {
    // 19 characters by 2 lines: 38 by 8 dots.
    let chart = BrailleChart([.init("a", [(0, 0), (1, 1)])], width: 30, height: 2)
    let lines = Self.curve(chart)
    #expect(lines.count == 3 && lines[0].count == 19 && lines[1].count == 19)
    #expect(lines[0].last == "⠉" && lines[1].first == "⣀")
    let characters = lines[0..<2].joined().unicodeScalars.filter { $0.value >= 0x2800 }
    let dots = characters.reduce(0) { $0 + (Int($1.value) & 0xFF).nonzeroBitCount }
    #expect(dots == 38)
    #expect(lines[2].hasPrefix("0") && lines[2].hasSuffix("1.000"))
  }

  @Test("ranges of values at the left, gaps where there is no number, and one value alone") func values() {
    let chart = BrailleChart([.init("a", [(0, 2), (1, .nan), (2, 6)])], width: 30, height: 3)
    let lines = chart.lines(colors: .none)
    #expect(lines[0].hasPrefix("    6.000 ┤") && lines[1].hasPrefix("    4.000 ┤") && lines[2].hasPrefix("    2.000 ┤"))
    #expect(lines[1].dropFirst(11).allSatisfy { $0 == " " })
    let one = Self.curve(BrailleChart([.init("a", [(5, 5)])], width: 30, height: 3))
    #expect(one[0..<3].joined().contains { $0 != " " })
    #expect(Self.curve(BrailleChart([], width: 30, height: 2)).count == 3)
    // A vertical line has dots at all heights.
    let steep = Self.curve(BrailleChart([.init("a", [(0, 0), (0, 1), (9, 1)])], width: 30, height: 3))
    #expect(steep[0..<3].allSatisfy { $0.first != " " })
  }

  @Test("several curves are told apart by letters, or by colors") func legend() {
    let chart = BrailleChart([.init("one", [(0, 0), (1, 0)]), .init("two", [(0, 1), (1, 1)])], width: 30, height: 2)
    let plain = chart.lines(colors: .none)
    #expect(plain[0].hasSuffix("bbb") && plain[1].hasSuffix("aaa"))
    #expect(plain[3].hasSuffix("a one") && plain[4].hasSuffix("b two"))
    #expect(chart.lines(colors: .indexed)[0].contains("\u{1B}[38;5;166m"))
  }
}
