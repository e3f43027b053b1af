import MinimFiles

/// An object of a configuration, whose keys are declared by reading them.
///
/// Every method takes the key, its default (nil: the key is required), what is allowed, whether the value can change
/// a result, and one sentence of help. A wrong value is reported to the reader, and the default stands in.
public struct ConfigurationSection {
  let reader: ConfigurationReader
  let path: String
  /// The written value; nil if the section was not given.
  let node: ConfigurationNode?
  /// The place to report missing keys at: the section itself, or the nearest one around it that was written.
  let origin: ConfigurationOrigin
  let affectsResult: Bool

  /// The values of all keys that have been read so far, with defaults.
  public var values: JSON { .object(reader.values(in: path, where: { _ in true })) }

  /// An integer of at most 2^53 in magnitude.
  public func integer(
    _ key: String, default value: Int?, in range: ClosedRange<Int> = .min ... .max, affectsResult: Bool = true,
    _ help: String
  ) -> Int {
    let json = read(key, .integer(range), value.map { .integer($0) }, affectsResult, help)
    return json.integer ?? range.lowerBound
  }

  /// A number; with `excludingLowerBound` it must be above the range's lower bound.
  public func number(
    _ key: String, default value: Double?, in range: ClosedRange<Double> = -.infinity ... .infinity,
    excludingLowerBound: Bool = false, affectsResult: Bool = true, _ help: String
  ) -> Double {
    let type = ConfigurationType.number(range, excludesLowerBound: excludingLowerBound)
    return read(key, type, value.map { .number($0) }, affectsResult, help).number ?? range.lowerBound
  }

  /// `true` or `false`.
  public func boolean(_ key: String, default value: Bool?, affectsResult: Bool = true, _ help: String) -> Bool {
    read(key, .boolean, value.map { .bool($0) }, affectsResult, help).bool ?? false
  }

  /// A string.
  public func string(_ key: String, default value: String?, affectsResult: Bool = true, _ help: String) -> String {
    read(key, .string, value.map { .string($0) }, affectsResult, help).string ?? ""
  }

  /// `true` or `false`, or nil if none or null is given.
  package func optionalBoolean(_ key: String, affectsResult: Bool = true, _ help: String) -> Bool? {
    read(key, .optional(.boolean), .null, affectsResult, help).bool
  }

  /// A string, or nil if none or null is given.
  public func optionalString(_ key: String, affectsResult: Bool = true, _ help: String) -> String? {
    read(key, .optional(.string), .null, affectsResult, help).string
  }

  /// An integer, or nil if none or null is given.
  public func optionalInteger(
    _ key: String, in range: ClosedRange<Int> = .min ... .max, affectsResult: Bool = true, _ help: String
  ) -> Int? {
    read(key, .optional(.integer(range)), .null, affectsResult, help).integer
  }

  /// A name, or a number in its place as a string; nil if none or null is given.
  public func optionalName(_ key: String, affectsResult: Bool = true, _ help: String) -> String? {
    read(key, .optional(.nameOrNumber), .null, affectsResult, help).string
  }

  /// A number, or nil if none or null is given.
  public func optionalNumber(
    _ key: String, in range: ClosedRange<Double> = -.infinity ... .infinity, affectsResult: Bool = true, _ help: String
  ) -> Double? {
    let type = ConfigurationType.optional(.number(range, excludesLowerBound: false))
    return read(key, type, .null, affectsResult, help).number
  }

  /// One of the cases of an enumeration, by its raw value.
  public func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ key: String, default value: Choice?, affectsResult: Bool = true, _ help: String
  ) -> Choice where Choice.RawValue == String {
    let names = Choice.allCases.map(\.rawValue)
    let name = choice(key, of: names, default: value?.rawValue, affectsResult: affectsResult, help)
    guard let choice = Choice(rawValue: name) ?? value ?? Choice.allCases.first else {
      // The type is the program's own: no config can cause this.
      preconditionFailure("\(Choice.self) has no case, so there is nothing to choose")
    }
    return choice
  }

  /// One of the names that are known when the program runs, such as those of a registry.
  public func choice(
    _ key: String, of names: [String], default value: String?, affectsResult: Bool = true, _ help: String
  ) -> String {
    read(key, .choice(names), value.map { .string($0) }, affectsResult, help).string ?? ""
  }
}

extension ConfigurationSection {
  /// A section inside this one. If it is not given, its keys have their defaults. If the section does not affect the
  /// result, none of its keys does.
  public func section(_ key: String, affectsResult: Bool = true, _ help: String) -> ConfigurationSection {
    _ = read(key, .section, [:], affectsResult, help)
    return open(key, affectsResult)
  }

  /// A section inside this one, or nil if none or null is given.
  public func optionalSection(_ key: String, affectsResult: Bool = true, _ help: String) -> ConfigurationSection? {
    read(key, .optionalSection, .null, affectsResult, help) == .null ? nil : open(key, affectsResult)
  }

  private func open(_ key: String, _ affectsResult: Bool) -> ConfigurationSection {
    let value = node?.member(key)?.value
    let isGiven = value?.members != nil
    return ConfigurationSection(
      reader: reader, path: ConfigurationDeclaration.join(path, key), node: isGiven ? value : nil,
      origin: value?.origin ?? origin, affectsResult: self.affectsResult && affectsResult)
  }

  /// Whether a value was written for `key`, right or wrong.
  public func isGiven(_ key: String) -> Bool {
    node?.member(key) != nil
  }

  /// Reports what is wrong with a value beyond its declaration, at the key's place or at that of one element of an
  /// array. If the key was not given, the section's place stands for it.
  public func report(_ key: String, _ message: String, at index: Int? = nil) {
    let member = node?.member(key)
    var problemPath = ConfigurationDeclaration.join(path, key)
    var place = member?.origin ?? origin
    if let index {
      problemPath += "[\(index)]"
      if case .array(let elements)? = member?.value.content, elements.indices.contains(index) {
        place = elements[index].origin
      }
    }
    reader.report(ConfigurationProblem(at: place, path: problemPath, message, isReported: true))
  }

  func read(
    _ key: String, _ type: ConfigurationType, _ defaultValue: JSON?, _ affectsResult: Bool, _ help: String
  ) -> JSON {
    let declaration = ConfigurationDeclaration(
      parent: path, key: key, type: type, defaultValue: defaultValue, help: help,
      affectsResult: self.affectsResult && affectsResult)
    return reader.read(declaration, in: self)
  }
}
