import Foundation
import MinimDrawing
import Testing

@Suite struct PlotAxisTests {
  /// The number that a label says, with the power of ten that the axis has taken out.
  private static func value(_ label: String, _ axis: PlotAxis) -> Double? {
    let plain = label.replacing("−", with: "-").replacing(",", with: "")
    return Double("\(plain)e\(axis.power)")
  }

  @Test(
    "ticks are round numbers in the range, a few, and their labels say them",
    arguments: [
      [0, 1], [-1, 1], [0.131, 0.137], [4.12713, 4.12755], [-3e-9, 2e-9], [99_990, 100_010], [1e6, 7e6], [-5, 250],
      [0.999, 1.001], [1e-300, 3e-300], [-1e150, 4e150], [12], [0], [-0.5, -0.5], [7, 7.0001, .nan, .infinity],
    ] as [[Double]])
  func ticks(_ values: [Double]) throws {
    let axis = PlotAxis(values)
    try #require((3...8).contains(axis.ticks.count), "\(axis.ticks)")
    #expect(axis.ticks.allSatisfy(axis.range.contains) && values.filter(\.isFinite).allSatisfy(axis.range.contains))
    let step = axis.ticks[1] - axis.ticks[0]
    // 1, 2 or 5 times a power of ten; all ticks are whole multiples.
    let leading = step / pow(10, log10(step * 1.000001).rounded(.down))
    #expect([1.0, 2, 5].contains { abs(leading - $0) < 1e-4 }, "\(step)")
    for tick in axis.ticks { #expect(abs(tick / step - (tick / step).rounded()) < 1e-4) }
    #expect(Set(axis.labels).count == axis.labels.count, "\(axis.labels)")
    for (tick, label) in zip(axis.ticks, axis.labels) {
      let said = try #require(Self.value(label, axis), "\(label)")
      #expect(abs(said - tick) < 0.01 * step, "\(label)")
    }
    // A last digit of 0 in every label would be one that no neighbor needs.
    let fractions = axis.labels.compactMap { $0.split(separator: ".").dropFirst().first }
    #expect(fractions.isEmpty || fractions.contains { $0.last != "0" }, "\(axis.labels)")
  }

  @Test("labels are those that a person would write") func labels() {
    #expect(PlotAxis(exactly: 0...30, most: 4).labels == ["0", "10", "20", "30"])
    #expect(PlotAxis(exactly: 0...0.2, most: 5).labels == ["0", "0.05", "0.10", "0.15", "0.20"])
    #expect(PlotAxis(exactly: -1...1, most: 5).labels == ["−1.0", "−0.5", "0", "0.5", "1.0"])
    #expect(PlotAxis(exactly: 0...20_000, most: 4).labels == ["0", "5,000", "10,000", "15,000", "20,000"])
    #expect(PlotAxis(exactly: 0...2000, most: 2).labels == ["0", "1000", "2000"])
    let small = PlotAxis(exactly: 0...4e-6, most: 5)
    #expect(small.labels == ["0", "1", "2", "3", "4"] && small.title("time (s)") == "time (s) (×10⁻⁶)")
    #expect(PlotAxis(exactly: 0...4e12, most: 5).title("") == "×10¹²" && PlotAxis(exactly: 0...1).title("x") == "x")
  }

  @Test("an axis of exponents has powers of ten, and in a short range also 2 and 5 times each") func powers() {
    func labels(_ range: ClosedRange<Double>, _ most: Int = 7) -> [String] {
      PlotAxis(exactly: range, .powersOfTen, most: most).labels
    }
    #expect(labels(-3...2) == ["0.001", "0.01", "0.1", "1", "10", "100"])
    #expect(labels(-8...0, 5) == ["10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "1"])
    #expect(labels(0.8...2.2) == ["10", "20", "50", "100"] && labels(3.9...4.1, 3) == ["8,000", "10,000", "12,000"])
    #expect(labels(-6.4 ... -4.9) == ["5×10⁻⁷", "10⁻⁶", "2×10⁻⁶", "5×10⁻⁶", "10⁻⁵"])
    // Within a factor of ten, the numbers themselves at their places.
    let short = PlotAxis(exactly: -5.4 ... -4.9, .powersOfTen)
    #expect(short.labels == ["0.4", "0.6", "0.8", "1.0", "1.2"] && short.title("") == "×10⁻⁵, log scale")
    #expect(zip(short.ticks, short.labels).allSatisfy { abs(pow(10, $0 + 5) - (Double($1) ?? 0)) < 1e-9 })
    let axis = PlotAxis([-1, 1.5], .powersOfTen)
    #expect(axis.ticks.contains(0) && axis.power == 0 && axis.title("error") == "error (log scale)")
    #expect(PlotAxis(exactly: -8...0, .powersOfTen).title("error") == "error (log scale)")
    #expect(PlotAxis(exactly: -8...0).title("error") == "error")
    for range in [-1e9...1e9, 0...1e-12, -350...300] as [ClosedRange<Double>] {
      let axis = PlotAxis(exactly: range, .powersOfTen)
      #expect(axis.ticks.count == axis.labels.count && axis.ticks.allSatisfy(range.contains))
    }
  }

  @Test("an axis of names has them all, or every second or third") func names() {
    let few = PlotAxis(exactly: 0.5...3.5, names: ["a", "b", "c"])
    #expect(few.ticks == [1, 2, 3] && few.labels == ["a", "b", "c"])
    let many = PlotAxis(exactly: 0.5...40.5, names: (1...40).map { "\($0)" })
    #expect(many.ticks.count == 14 && zip(many.ticks, many.labels).allSatisfy { "\(Int($0))" == $1 })
  }

  @Test("there are at most as many ticks as asked for", arguments: [2, 3, 5, 8, 12]) func most(_ most: Int) {
    for width in stride(from: 0.1, to: 12, by: 0.37) {
      for start in [0, 0.013, -3.7, 812] {
        #expect(PlotAxis(exactly: start...start + width, most: most).ticks.count <= most + 1)
      }
    }
  }

  @Test("a range has room around its values, and places are shares of it") func range() {
    let axis = PlotAxis([2, 4, 3])
    #expect(abs(axis.range.lowerBound - 1.88) < 1e-12 && abs(axis.range.upperBound - 4.12) < 1e-12)
    #expect(axis.share(axis.range.lowerBound) == 0 && axis.share(axis.range.upperBound) == 1)
    #expect(abs(axis.share(3) - 0.5) < 1e-12 && axis.share(-9) == 0 && axis.share(.infinity) == 1)
  }

  @Test("no values are too large, too near each other or too small") func extremes() {
    let huge = Double.greatestFiniteMagnitude, tiny = Double.leastNonzeroMagnitude
    for values in [[], [huge, -huge], [huge], [tiny, 2 * tiny], [1e17, 1e17 + 16], [.nan], [.infinity, 3]] {
      let axis = PlotAxis(values)
      #expect(axis.ticks.count == axis.labels.count && axis.ticks.allSatisfy(\.isFinite), "\(values)")
    }
  }
}
