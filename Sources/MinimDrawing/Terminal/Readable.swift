import MinimSystem
import MinimFiles

/// Numbers for people; files hold all digits.
package enum Readable {
  /// "850 ns", "312 us", "12.3 ms", "1.20 s"
  package static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<0.9995e-6: significant(seconds * 1e9, digits: 3) + " ns"
    case ..<0.9995e-3: significant(seconds * 1e6, digits: 3) + " us"
    case ..<0.9995: significant(seconds * 1e3, digits: 3) + " ms"
    default: significant(seconds, digits: 3) + " s"
    }
  }

  /// "4 s", "2:05 min", "3:04:05 h"
  package static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let total = Int(max(0, seconds).rounded(.up))
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    if total < 60 { return "\(total) s" }
    if total < 3600 { return "\(total / 60):\(two(total % 60)) min" }
    return "\(total / 3600):\(two(total / 60 % 60)):\(two(total % 60)) h"
  }

  /// "1 step", "512 images", "65,536 images": a number of things, in words.
  ///
  /// - Parameters:
  ///   - count: the number.
  ///   - noun: one of them.
  ///   - plural: several of them; nil for the noun with an s.
  package static func count(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
  }

  /// "effectiveRank" as "effective rank": the words of a key.
  package static func words(of key: String) -> String {
    key.map { $0.isUppercase ? " " + $0.lowercased() : String($0) }.joined()
  }

  /// "momentum -0.5" with a minus sign for the hyphen: at the start or after a space, and before a digit.
  package static func withMinusSigns(_ text: String) -> String {
    let letters = Array(text)
    return String(
      letters.indices.map { index -> Character in
        let startsWord = index == 0 || letters[index - 1] == " "
        let beforeDigit = index + 1 < letters.count && letters[index + 1].isWholeNumber
        return letters[index] == "-" && startsWord && beforeDigit ? "−" : letters[index]
      })
  }

  /// A whole number with commas between thousands: 512, 2000, 65,536.
  ///
  /// - Parameter least: the least number with commas.
  package static func grouped(_ value: Int, from least: Int = 10_000) -> String {
    let digits = String(value.magnitude)
    guard value.magnitude >= least.magnitude else { return "\(value)" }
    let groups = stride(from: digits.count, to: 0, by: -3).map { digits.prefix($0).suffix(3) }
    return (value < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
  }

  /// A number with `digits` significant digits: 6.213, 0.01234, 12345; very large and small ones with an exponent. For
  /// people only: files hold all digits.
  package static func significant(_ value: Double, digits: Int = 4) -> String {
    guard value.isNormal else { return value == 0 ? "0" : value.text }
    var magnitude = Int(log10(abs(value)).rounded(.down))
    // Rounding may carry into a new digit: 9.9996 becomes 10.00.
    let leading = abs(value) / pow(10, Double(magnitude)) * pow(10, Double(digits - 1))
    if leading.rounded() >= pow(10, Double(digits)) { magnitude += 1 }
    guard (-4..<7).contains(magnitude) else {
      return significant(value / pow(10, Double(magnitude)), digits: digits) + "e\(magnitude)"
    }
    let decimals = max(0, digits - 1 - magnitude)
    let scaled = Int((abs(value) * pow(10, Double(decimals))).rounded())
    let unit = Int(pow(10, Double(decimals)))
    let fraction = String(scaled % unit)
    let sign = value < 0 ? "-" : ""
    if decimals == 0 { return "\(sign)\(scaled)" }
    return "\(sign)\(scaled / unit).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
  }

  /// Up to seven significant digits, without trailing zeros, and without an exponent if it can be avoided. A number
  /// near 1 is written as its distance from 1.
  package static func number(_ value: Double) -> String {
    if value.isNaN { return "-" }
    if value == value.rounded(), abs(value) < 1e9 { return "\(Int(value))" }
    if abs(value - 1) < 1e-5 { return value > 1 ? "1 + \(short(value - 1))" : "1 - \(short(1 - value))" }
    return short(value)
  }

  private static func short(_ value: Double) -> String {
    let parts = significant(value, digits: 7).split(separator: "e", maxSplits: 1)
    var mantissa = parts.first ?? "0"
    if mantissa.contains(".") {
      while mantissa.last == "0" { mantissa.removeLast() }
      if mantissa.last == "." { mantissa.removeLast() }
    }
    return parts.count == 2 ? "\(mantissa)e\(parts[1])" : String(mantissa)
  }
}
