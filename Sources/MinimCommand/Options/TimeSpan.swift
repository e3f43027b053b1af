import ArgumentParser

/// A length of time on a command line: 90s, 55m, 1h30m, 2d, or as schedulers write it, 1:30:00 and 1-12:00:00.
package struct TimeSpan: ExpressibleByArgument {
  /// At least one, and fewer than a billion.
  package let seconds: Double

  package init?(argument: String) {
    guard let seconds = Self.clock(argument) ?? Self.units(argument), seconds >= 1, seconds < 1e9 else { return nil }
    self.seconds = seconds
  }

  /// Hours, minutes and seconds, after days if there are any.
  private static func clock(_ text: String) -> Double? {
    let days = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = days[days.count - 1].split(separator: ":", omittingEmptySubsequences: false).map { number($0) }
    guard parts.count == 3, let hours = parts[0], let minutes = parts[1], let seconds = parts[2], minutes < 60,
      seconds < 60
    else { return nil }
    guard days.count == 2 else { return (hours * 60 + minutes) * 60 + seconds }
    return number(days[0]).map { (($0 * 24 + hours) * 60 + minutes) * 60 + seconds }
  }

  private static let lengths: [Character: Double] = ["d": 86_400, "h": 3600, "m": 60, "s": 1]

  /// Numbers with units, from the largest unit to the smallest.
  private static func units(_ text: String) -> Double? {
    var (sum, digits, smallest) = (0.0, "", Double.infinity)
    for letter in text {
      guard let length = lengths[letter] else {
        digits.append(letter)
        continue
      }
      guard let count = number(digits[...]), length < smallest else { return nil }
      (sum, digits, smallest) = (sum + count * length, "", length)
    }
    return digits.isEmpty && !text.isEmpty ? sum : nil
  }

  /// A number of digits alone, and at most one point.
  private static func number(_ text: Substring) -> Double? {
    text.first?.isNumber == true && text.allSatisfy { ("0"..."9").contains($0) || $0 == "." } ? Double(text) : nil
  }
}
