import MinimSystem

/// An axis of a plot: the values that it shows, and ticks that a person would write.
package struct PlotAxis: Sendable {
  /// The values at the ends.
  package let range: ClosedRange<Double>
  /// The values at the ticks.
  package let ticks: [Double]
  /// The words of the ticks, one for each.
  package let labels: [String]
  /// The power of ten that all labels leave out; 0 for none. The axis says so next to its name.
  package let power: Int

  /// What the values are, and their names; empty for numbers.
  private let scale: Plot.Scale, names: [String]

  /// The same axis with fewer ticks.
  func withTicks(atMost most: Int) -> PlotAxis {
    guard ticks.count > most else { return self }
    return names.isEmpty
      ? PlotAxis(exactly: range, scale, most: most) : PlotAxis(exactly: range, names: names, most: most)
  }

  /// Creates an axis with a little room around its values.
  ///
  /// - Parameters:
  ///   - values: the values; those that are not finite do not count.
  ///   - scale: what the values are.
  ///   - most: the most ticks.
  package init(_ values: [Double], _ scale: Plot.Scale = .linear, most: Int = 7) {
    let finite = values.filter(\.isFinite)
    var (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    if low == high {
      // A single value lies in the middle of a range of its own size.
      let half = max(abs(high), 1) / 2
      (low, high) = (low - half, high + half)
    }
    // Shares of both ends: their difference may be too large.
    let room = 0.06 * high - 0.06 * low
    let largest = Double.greatestFiniteMagnitude / 4
    self.init(exactly: max(-largest, low - room)...min(largest, high + room), scale, most: most)
  }

  /// Creates an axis that ends exactly at a range's bounds.
  package init(exactly range: ClosedRange<Double>, _ scale: Plot.Scale = .linear, most: Int = 7) {
    (self.range, self.scale, names) = (range, scale, [])
    let step = Self.step(range.upperBound - range.lowerBound, most: max(2, most))
    if scale == .powersOfTen, let shown = Self.powers(in: range, step: step) {
      (ticks, labels, power) = (shown.map(\.tick), shown.map(\.label), 0)
      return
    }
    if scale == .powersOfTen, range.lowerBound > -300, range.upperBound < 300 {
      // Less than a factor of ten: numbers as on a plain axis, at their places.
      let plain = PlotAxis(exactly: pow(10, range.lowerBound)...pow(10, range.upperBound), most: most)
      let shown = zip(plain.ticks.map { log10($0) }, plain.labels).filter { range.contains($0.0) }
      (ticks, labels, power) = (shown.map(\.0), shown.map(\.1), plain.power)
      return
    }
    ticks = Self.multiples(of: step, in: range)
    let largest = ticks.map(abs).max() ?? 0
    let magnitude = largest > 0 ? Self.magnitude(largest) : 0
    let power = (-3..<6).contains(magnitude) ? 0 : magnitude
    self.power = power
    // A step is 1, 2 or 5 times a power of ten: its last digit is all that neighbors need to differ.
    let decimals = max(0, min(16, power - Self.magnitude(step * 1.000001)))
    let isGrouped = largest >= 10_000
    labels = ticks.map { Self.label($0 / Self.tens(power), decimals: decimals, isGrouped: isGrouped) }
  }

  /// Creates an axis with names for the values 1, 2, 3 and so on: all, or every second, third and so on if there are many.
  package init(exactly range: ClosedRange<Double>, names: [String], most: Int = 16) {
    (self.range, self.names, scale, power) = (range, names, .linear, 0)
    let step = max(1, (names.count + most - 1) / most)
    let shown = stride(from: 0, to: names.count, by: step).filter { range.contains(Double($0 + 1)) }
    ticks = shown.map { Double($0 + 1) }
    labels = shown.map { names[$0].count > 24 ? names[$0].prefix(23) + "…" : names[$0] }
  }

  /// The powers of ten in a range of exponents, a few; in a short range also 2 and 5 times each. Nil if these are fewer than
  /// three.
  private static func powers(in range: ClosedRange<Double>, step: Double) -> [(tick: Double, label: String)]? {
    let whole = multiples(of: max(1, step.rounded()), in: range)
    // Beyond, a reader would have to count zeros.
    let isPlain = range.lowerBound >= -3 && range.upperBound < 5
    if whole.count >= 3 {
      return whole.map { ($0, isPlain ? plain(1, Int($0)) : $0 == 0 ? "1" : "10" + superscript(Int($0))) }
    }
    let (first, last) = (range.lowerBound.rounded(.down), range.upperBound.rounded(.up))
    guard first > -400, last < 400 else { return nil }
    let leading = [(1, 0.0), (2, 0.3010299956639812), (5, 0.6989700043360189)]
    let parts = (Int(first)...Int(last)).flatMap { power in
      leading.map { digit, exponent in
        let name = (digit == 1 ? "" : "\(digit)×") + "10" + superscript(power)
        return (tick: Double(power) + exponent, label: isPlain ? plain(digit, power) : name)
      }
    }.filter { range.contains($0.tick) }
    return parts.count >= 3 ? parts : nil
  }

  /// A digit times a power of ten from -3 to 5.
  private static func plain(_ digit: Int, _ power: Int) -> String {
    power < 0 ? label(Double(digit) * tens(power), decimals: -power) : Readable.grouped(digit * Int(tens(power)))
  }

  /// The position of a value between the range's lower end, 0, and its upper, 1; values beyond are clamped.
  package func share(_ value: Double) -> Double {
    min(1, max(0, (value - range.lowerBound) / (range.upperBound - range.lowerBound)))
  }

  /// The name of the axis with what its labels do not say: the power of ten that they leave out, and that the scale is
  /// logarithmic, "seconds (×10⁻⁶, log scale)".
  package func title(_ name: String) -> String {
    let notes =
      (power == 0 ? [] : ["×10" + Self.superscript(power)]) + (scale == .powersOfTen ? ["log scale"] : [])
    guard !notes.isEmpty else { return name }
    return name.isEmpty ? notes.joined(separator: ", ") : "\(name) (\(notes.joined(separator: ", ")))"
  }

  /// The smallest of 1, 2 and 5 times a power of ten with at most `most` multiples in a range of a width.
  private static func step(_ width: Double, most: Int) -> Double {
    let least = max(width, .leastNormalMagnitude) / Double(most)
    let power = tens(magnitude(least))
    return [1, 2, 5, 10].map { $0 * power }.first { $0 * 1.000001 >= least } ?? 10 * power
  }

  /// The multiples of a step in a range; none if numbers are so near each other, or so large, that Double has none between.
  private static func multiples(of step: Double, in range: ClosedRange<Double>) -> [Double] {
    // A little beyond the ends, where rounding may have put a tick.
    let first = (range.lowerBound / step - 1e-9).rounded(.up), last = (range.upperBound / step + 1e-9).rounded(.down)
    guard first <= last, max(abs(first), abs(last)) < 0x1p53 else { return [] }
    // Division by a power of ten gives 0.3 where a product with 0.1 does not.
    let inverse = (1 / step).rounded()
    return (Int(first)...Int(last)).map { step < 1 && inverse < 0x1p53 ? Double($0) / inverse : Double($0) * step }
  }

  /// The exponent of the first digit.
  private static func magnitude(_ value: Double) -> Int { Int(log10(value).rounded(.down)) }

  private static func tens(_ power: Int) -> Double { pow(10, Double(power)) }

  /// A number with some decimals, a minus sign, and, if the axis reaches 10,000, commas between thousands.
  private static func label(_ value: Double, decimals: Int, isGrouped: Bool = false) -> String {
    let scaled = (abs(value) * tens(decimals)).rounded()
    guard scaled > 0, scaled < 0x1p53 else { return "0" }
    let unit = Int(tens(decimals))
    let (whole, fraction) = Int(scaled).quotientAndRemainder(dividingBy: max(1, unit))
    let digits = decimals > 0 ? "." + String(fraction).leftPadded(to: decimals) : ""
    let grouped = isGrouped && whole >= 1000 ? Readable.grouped(whole, from: 1000) : "\(whole)"
    return (value < 0 ? "−" : "") + grouped + digits
  }

  private static func superscript(_ power: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return (power < 0 ? "⁻" : "") + String(String(abs(power)).compactMap { $0.wholeNumberValue.map { digits[$0] } })
  }
}

extension String {
  fileprivate func leftPadded(to count: Int) -> String {
    String(repeating: "0", count: max(0, count - self.count)) + self
  }
}
