import MinimConfiguration
import MinimFiles
import MinimKernels

extension SweepGrid {
  /// A key with its values in a sweep.
  package struct Axis: Sendable, Equatable {
    package let key: String
    package let choices: Choices

    package init(key: String, _ choices: Choices) {
      self.key = key
      self.choices = choices
    }

    /// The values of a list; none if draws are from an interval.
    package var values: [String] { if case .list(let values) = choices { values } else { [] } }

    /// The values that suffice to check all: both ends of whole numbers and intervals, all values of other lists.
    package var extremes: [String] {
      switch choices {
      case .list(let values):
        let isRange = values.count > 2 && values.allSatisfy { Int($0) != nil }
        return isRange ? [values[0], values[values.count - 1]] : values
      case .uniform(let range), .logUniform(let range): return ["\(range.lowerBound)", "\(range.upperBound)"]
      }
    }
  }

  /// The set that a key's values are taken from.
  package enum Choices: Sendable, Equatable {
    /// A list of values, written as in overrides.
    case list([String])
    /// Any number of an interval, with equal probability of equal lengths, or of equal ratios.
    case uniform(ClosedRange<Double>), logUniform(ClosedRange<Double>)

    /// Reads `0..19`, `a,b,c`, one value, `uniform(0,1)` or `loguniform(1e-4,1e-1)`.
    ///
    /// - Throws: `SweepError` for anything else.
    package init(_ text: String) throws(SweepError) {
      if let interval = try Self.interval(text) {
        self = interval
        return
      }
      if let range = try Self.range(text) {
        self = .list(range)  // None is missing and none comes twice, which for 100,000 numbers takes long to find out.
        return
      }
      let values = Self.split(text)
      guard values.allSatisfy({ !$0.isEmpty }) else { throw SweepError("\"\(text)\": a value is missing") }
      if let (first, second) = Self.repeated(values) {
        let forms = first == second ? "" : ", as \(first) and as \(second)"
        throw SweepError("\"\(text)\": a value is given twice\(forms)")
      }
      self = .list(values)
    }

    /// Two values that are the same to a config, which knows no difference between 0.1 and 0.10; nil if there are none.
    private static func repeated(_ values: [String]) -> (String, String)? {
      var known: [String: String] = [:]  // never iterated
      for value in values {
        if let first = known.updateValue(value, forKey: canonical(value)) { return (first, value) }
      }
      return nil
    }

    /// One form of all texts that are the same value.
    private static func canonical(_ text: String) -> String {
      // What is not JSON is a bare word.
      guard let json = try? JSONParser.parse(text).json else { return "\"\(text)\"" }
      return json.number.map { "\($0 + 0)" } ?? json.compact
    }

    /// A draw: a function of the key and the place alone, on every machine, since runs are made from it: no libm.
    func value(_ key: RandomKey, at place: UInt64) -> String {
      switch self {
      case .list(let values): return values[key.index(below: values.count, at: place)]
      case .uniform(let range):
        return "\(range.lowerBound + key.uniform(at: place) * (range.upperBound - range.lowerBound))"
      case .logUniform(let range):
        let (low, high) = (Elementary.log(range.lowerBound), Elementary.log(range.upperBound))
        let value = Elementary.exp(low + key.uniform(at: place) * (high - low))
        return "\(min(range.upperBound, max(range.lowerBound, value)))"
      }
    }

    /// The value for `sweep.json`: a list, or the words of an interval.
    package var json: JSON {
      switch self {
      case .list(let values): .array(values.map { .string($0) })
      case .uniform(let range): .string("uniform(\(range.lowerBound),\(range.upperBound))")
      case .logUniform(let range): .string("loguniform(\(range.lowerBound),\(range.upperBound))")
      }
    }

    /// The values of a list, or the words of an interval.
    package var words: [String] { json.array?.compactMap(\.string) ?? [json.string ?? ""] }

    /// Reads the value from `sweep.json`; nil for anything else.
    package init?(_ json: JSON) {
      if let values = json.array?.compactMap(\.string), !values.isEmpty {
        self = .list(values)
      } else if let text = json.string, let choices = try? Choices(text) {
        self = choices
      } else {
        return nil
      }
    }

    private static func interval(_ text: String) throws(SweepError) -> Choices? {
      guard text.hasSuffix(")"), let open = text.firstIndex(of: "(") else { return nil }
      let name = text[..<open]
      guard name == "uniform" || name == "loguniform" else { return nil }
      let ends = text[text.index(after: open)...].dropLast().split(separator: ",").map {
        Double($0.filter { $0 != " " })
      }
      guard ends.count == 2, let low = ends[0], let high = ends[1], low < high, (high - low).isFinite else {
        throw SweepError("\"\(text)\": expected \(name)(LOW,HIGH) with two numbers, the smaller first")
      }
      if name == "uniform" { return .uniform(low...high) }
      guard low > 0 else { throw SweepError("\"\(text)\": a logarithm needs numbers above 0") }
      return .logUniform(low...high)
    }

    private static func range(_ text: String) throws(SweepError) -> [String]? {
      let ends = text.split(separator: ".", omittingEmptySubsequences: false)
      guard ends.count == 3, ends[1].isEmpty, let first = Int(ends[0]), let last = Int(ends[2]) else { return nil }
      let (length, overflows) = last.subtractingReportingOverflow(first)
      guard !overflows, (0..<SweepGrid.most).contains(length) else {
        throw SweepError(
          "\"\(text)\": expected a range from the smaller to the larger number, at most \(SweepGrid.most) of them")
      }
      return (first...last).map(String.init)
    }

    /// The parts of a text between the commas outside of brackets and quotes.
    private static func split(_ text: String) -> [String] {
      var (parts, depth, isQuoted) = ([""], 0, false)
      for character in text {
        if character == "\"" { isQuoted.toggle() }
        if !isQuoted, "[{".contains(character) { depth += 1 }
        if !isQuoted, "]}".contains(character) { depth -= 1 }
        if character == ",", depth == 0, !isQuoted {
          parts.append("")
        } else {
          parts[parts.count - 1].append(character)
        }
      }
      return parts
    }
  }
}
