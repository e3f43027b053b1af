import MinimFiles

// Keys whose values are arrays, or objects of any keys.

extension ConfigurationSection {
  /// An array of strings. `check` returns what is wrong with an element, or nil.
  public func strings(
    _ key: String, default value: [String]?, count: ClosedRange<Int> = 0 ... .max, affectsResult: Bool = true,
    _ help: String, check: (String) -> String? = { _ in nil }
  ) -> [String] {
    let json = list(key, .string, value?.map { .string($0) }, count, affectsResult, help)
    return checked(key, json.compactMap(\.string), default: value, check)
  }

  /// An array of names, or of numbers in their place as strings.
  public func names(
    _ key: String, default value: [String]?, count: ClosedRange<Int> = 0 ... .max, affectsResult: Bool = true,
    _ help: String
  ) -> [String] {
    list(key, .nameOrNumber, value?.map { .string($0) }, count, affectsResult, help).compactMap(\.string)
  }

  /// Rows and columns, each within `range`; one number stands for both.
  public func extents(
    _ key: String, default value: [Int]?, in range: ClosedRange<Int>, affectsResult: Bool = true, _ help: String
  ) -> [Int] {
    let fallback = value.map { JSON.array($0.map { .integer($0) }) }
    return read(key, .extents(range), fallback, affectsResult, help).array?.compactMap(\.integer) ?? []
  }

  /// Rows and columns, each within `range`, or nil if none or null is given; one number stands for both.
  public func optionalExtents(
    _ key: String, in range: ClosedRange<Int>, affectsResult: Bool = true, _ help: String
  ) -> [Int]? {
    read(key, .optional(.extents(range)), .null, affectsResult, help).array?.compactMap(\.integer)
  }

  /// An array of integers, each within `range`. `check` returns what is wrong with an element, or nil.
  public func integers(
    _ key: String, default value: [Int]?, in range: ClosedRange<Int> = .min ... .max,
    count: ClosedRange<Int> = 0 ... .max, affectsResult: Bool = true, _ help: String,
    check: (Int) -> String? = { _ in nil }
  ) -> [Int] {
    let json = list(key, .integer(range), value?.map { .integer($0) }, count, affectsResult, help)
    return checked(key, json.compactMap(\.integer), default: value, check)
  }

  /// An array of numbers, each within `range`. `check` returns what is wrong with an element, or nil.
  public func numbers(
    _ key: String, default value: [Double]?, in range: ClosedRange<Double> = -.infinity ... .infinity,
    count: ClosedRange<Int> = 0 ... .max, affectsResult: Bool = true, _ help: String,
    check: (Double) -> String? = { _ in nil }
  ) -> [Double] {
    let type = ConfigurationType.number(range, excludesLowerBound: false)
    let json = list(key, type, value?.map { .number($0) }, count, affectsResult, help)
    return checked(key, json.compactMap(\.number), default: value, check)
  }

  /// An object of any keys, each with one of the cases of an enumeration: `{"P2": "fails"}`. None by default.
  public func choices<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ key: String, of choice: Choice.Type, affectsResult: Bool = true, _ help: String
  ) -> [(key: String, choice: Choice)] where Choice.RawValue == String {
    let type = ConfigurationType.map(.choice(Choice.allCases.map(\.rawValue)))
    let members = read(key, type, [:], affectsResult, help).object?.members ?? []
    return members.compactMap { member in
      member.value.string.flatMap(Choice.init(rawValue:)).map { (member.key, $0) }
    }
  }

  private func list(
    _ key: String, _ element: ConfigurationType, _ defaultValue: [JSON]?, _ count: ClosedRange<Int>,
    _ affectsResult: Bool, _ help: String
  ) -> [JSON] {
    read(key, .list(element, count: count), defaultValue.map { .array($0) }, affectsResult, help).array ?? []
  }

  private func checked<Element>(
    _ key: String, _ elements: [Element], default value: [Element]?, _ check: (Element) -> String?
  ) -> [Element] {
    var isRight = true
    for (index, element) in elements.enumerated() {
      guard let message = check(element) else { continue }
      report(key, message, at: index)
      isRight = false
    }
    return isRight ? elements : value ?? []
  }
}
