import MinimConfiguration
import MinimFiles
import MinimKernels

extension SweepGrid {
  /// A key with the values that it takes.
  package struct Axis: Sendable, Equatable {
    package let key: String
    package let choices: Choices

    package init(key: String, _ choices: Choices) {
      self.key = key
      self.choices = choices
    }

    /// The values of a list; none where draws are of an interval.
    package var values: [String] { if case .list(let values) = choices { values } else { [] } }

    /// The values that show whether all are right: of whole numbers and intervals both ends, of others all.
    package var extremes: [String] {
      switch choices {
      case .list(let values):
        let isRange = values.count > 2 && values.allSatisfy { Int($0) != nil }
        return isRange ? [values[0], values[values.count - 1]] : values
      case .uniform(let range), .logUniform(let range): return ["\(range.lowerBound)", "\(range.upperBound)"]
      }
    }
  }

  /// What the values of a key are taken of.
  package enum Choices: Sendable, Equatable {
    /// Each as an override has it.
    case list([String])
    /// Any number of an interval; or any whose logarithm is equally likely.
    case uniform(ClosedRange<Double>), logUniform(ClosedRange<Double>)

    /// Reads `0..19`, `a,b,c`, one value, `uniform(0,1)` or `loguniform(1e-4,1e-1)`.
    ///
    /// - Throws: `SweepError` for what is none of these.
    package init(_ text: String) throws(SweepError) {
      if let interval = try Self.interval(text) {
        self = interval
        return
      }
      let values = try Self.range(text) ?? Self.split(text)
      guard values.allSatisfy({ !$0.isEmpty }) else { throw SweepError("\"\(text)\": a value is missing") }
      guard Set(values).count == values.count else { throw SweepError("\"\(text)\": a value is given twice") }
      self = .list(values)
    }

    /// A draw: a function of the key and the place alone, on every machine, since runs are made of it: no libm.
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

    /// As `sweep.json` has it: a list, or the words of an interval.
    package var json: JSON {
      switch self {
      case .list(let values): .array(values.map { .string($0) })
      case .uniform(let range): .string("uniform(\(range.lowerBound),\(range.upperBound))")
      case .logUniform(let range): .string("loguniform(\(range.lowerBound),\(range.upperBound))")
      }
    }

    /// What `json` says; nil for anything else.
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

    /// At the commas outside of brackets and quotes.
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
