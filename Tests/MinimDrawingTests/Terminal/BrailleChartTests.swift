import MinimDrawing
import Testing

@Suite struct BrailleChartTests {
  /// A plot whose frame is the range of its values.
  private static func chart(
    _ series: [Plot.Series], x: ClosedRange<Double> = 0...1, y: ClosedRange<Double> = 0...1, height: Int = 2,
    xLabel: String = "", yLabel: String = ""
  ) -> BrailleChart {
    BrailleChart(
      Plot("", xLabel: xLabel, yLabel: yLabel, xRange: x, yRange: y, series), width: 30, height: height)
  }

  /// What stands right of the ticks.
  private static func curve(_ chart: BrailleChart) -> [String] {
    chart.lines(colors: .none).map { line in
      let parts = line.split(separator: #/[┤│]/#, maxSplits: 1, omittingEmptySubsequences: false)
      return String(parts[parts.count - 1])
    }
  }

  private static func dots(_ lines: [String]) -> Int {
    lines.joined().unicodeScalars.filter { $0.value >= 0x2800 && $0.value < 0x2900 }.reduce(0) {
      $0 + (Int($1.value) & 0xFF).nonzeroBitCount
    }
  }

  @Test("a line from corner to corner sets the dots between them") func diagonal() {
    // Ticks of one letter and the axis leave 27 characters by 2 lines: 54 by 8 dots.
    let lines = Self.curve(Self.chart([.init(.line([(0, 0), (1, 2)]))], y: 0...2))
    #expect(lines.count == 3 && lines[0].count == 27 && lines[1].count == 27)
    #expect(lines[0].last == "⠉" && lines[1].first == "⣀")
    #expect(Self.dots(lines) == 54)
    // Points are not joined.
    #expect(Self.dots(Self.curve(Self.chart([.init(.points([(0, 0), (1, 2)]))], y: 0...2))) == 2)
  }

  @Test("ticks are those of the plot, at their places, with gaps where there is no number") func ticks() throws {
    let chart = Self.chart([.init(.line([(0, 2), (1, .nan), (2, 6)]))], x: 0...2, y: 2...6, height: 5)
    let lines = chart.lines(colors: .none)
    #expect(lines[0].hasPrefix("6 ┤") && lines[2].hasPrefix("4 ┤") && lines[4].hasPrefix("2 ┤"))
    #expect(lines[1].hasPrefix("  │") && Self.curve(chart)[2].allSatisfy { $0 == " " })
    #expect(lines[5].split(separator: " ") == ["0", "1", "2"], "\(lines[5])")
    // Powers of ten, with the name of an axis above, and that of the other after its numbers.
    let plot = Plot(
      "", xLabel: "step", yLabel: "loss", yScale: .powersOfTen, [.init(.line([(0, -6), (9, 0)]))])
    let powers = BrailleChart(plot, width: 40, height: 9).lines(colors: .none)
    #expect(
      powers[0] == "loss (log scale)" && powers.contains { $0.hasPrefix("10⁻⁴ ┤") }
        && powers.last?.hasSuffix("  step") == true)
    #expect(powers.allSatisfy { $0.count <= 40 })
    // A power of ten that the numbers leave out stands in the name, and no other: fewer ticks may need none.
    for (width, end) in [(30, 1.05e6), (200, 1.05e6), (30, 2e7), (30, 3e-5)] {
      let own = Plot("", xLabel: "n", yLabel: "", xRange: 0...end, yRange: 0...1, [.init(.points([(end, 0)]))])
      let scale = try #require(BrailleChart(own, width: width, height: 2).lines(colors: .none).last)
      let numbers = scale.split(separator: " ").compactMap { Double($0.replacing(",", with: "")) }
      let power = scale.contains("×10⁶") ? 1e6 : scale.contains("×10⁷") ? 1e7 : scale.contains("×10⁻⁵") ? 1e-5 : 1
      #expect((numbers.max() ?? 0) * power > end / 3 && (numbers.max() ?? 0) * power <= end * 1.0001, "\(scale)")
    }
  }

  @Test("one value, no value, and values beyond the frame are drawn as far as they can be") func extremes() {
    let one = BrailleChart(Plot("", xLabel: "", yLabel: "", [.init(.line([(5, 5)]))]), width: 30, height: 3)
    #expect(Self.dots(Self.curve(one)) == 1)
    let none = BrailleChart(Plot("", xLabel: "", yLabel: "", []), width: 30, height: 2)
    #expect(none.lines(colors: .none).count == 3 && Self.dots(Self.curve(none)) == 0)
    #expect(Self.dots(Self.curve(Self.chart([.init(.points([(0.5, 2), (0.5, 0.5)]))]))) == 1)
    // A vertical line has dots at all heights.
    let steep = Self.curve(Self.chart([.init(.line([(0, 0), (0, 1), (1, 1)]))], height: 3))
    #expect(steep[0..<3].allSatisfy { $0.first != " " })
  }

  @Test("several curves are told apart by letters, or by colors") func legend() {
    let chart = Self.chart([
      .init(.line([(0, 0), (1, 0)]), name: "one"), .init(.line([(0, 1), (1, 1)]), name: "two"),
    ])
    let plain = chart.lines(colors: .none)
    #expect(plain[0].hasSuffix("bbb") && plain[1].hasSuffix("aaa"))
    #expect(plain[3].hasSuffix("a one") && plain[4].hasSuffix("b two"))
    #expect(chart.lines(colors: .indexed)[0].contains("\u{1B}[38;5;166m"))
  }
}
