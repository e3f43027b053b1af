import MinimFiles

/// All keys that configs can have, found by reading configs: one without any key, and one for every other value of
/// each choice that decides which keys are read, such as `model.name`.
package struct ConfigurationKeys: Sendable {
  /// The value of a choice.
  package struct Setting: Sendable, Hashable {
    package let key: String
    package let value: String

    /// The setting as an override of a config.
    package var override: String { "\(key)=\(value)" }
  }

  /// Choices that are all required, each with the values that it may have.
  package typealias Condition = [(key: String, values: [String])]

  /// A key with one of its declarations.
  package struct Key: Sendable {
    package let declaration: ConfigurationDeclaration
    /// When it is declared this way: any of the conditions suffices, and none means always.
    package let conditions: [Condition]

    package init(declaration: ConfigurationDeclaration, conditions: [Condition]) {
      self.declaration = declaration
      self.conditions = conditions
    }
  }

  /// The keys in the order of reading, each with all of its declarations.
  package let keys: [Key]

  /// - Parameter read: the declarations of a config that consists of some overrides.
  package init(read: @escaping ([String]) -> [ConfigurationDeclaration]) {
    var search = Search(read)
    search.explore([], known: [])
    keys = search.keys
  }

  /// A JSON Schema that every valid config meets. The exact length of a list may follow from another key, so it is
  /// left out.
  package var schema: JSON {
    let always = keys.filter(\.conditions.isEmpty).map(\.declaration)
    let required = Set(always.filter { $0.defaultValue == nil }.map(\.path))
    return keys.map(\.declaration.withoutLength).schema { required.contains($0.path) }
  }

  /// The configs that were read, and what they declare.
  private struct Search {
    private let read: ([String]) -> [ConfigurationDeclaration]
    private var found: [(settings: [Setting], declarations: [ConfigurationDeclaration])] = []

    /// The most choices that are made at once: the model, the kind of its parts, and theirs.
    private static let depth = 3

    init(_ read: @escaping ([String]) -> [ConfigurationDeclaration]) { self.read = read }

    /// Reads a config, and those that differ from it in one choice that was not there before.
    mutating func explore(_ settings: [Setting], known: [ConfigurationDeclaration]) {
      let declarations = read(settings.map(\.override))
      found.append((settings, declarations))
      guard settings.count < Self.depth else { return }
      for declaration in declarations where !known.contains(declaration) {
        for value in declaration.otherValues where !settings.contains(where: { $0.key == declaration.path }) {
          explore(settings + [Setting(key: declaration.path, value: value)], known: known + declarations)
        }
      }
    }

    var keys: [Key] {
      var order: [String] = []
      var variants: [String: [(declaration: ConfigurationDeclaration, places: [Int])]] = [:]  // never iterated
      for (place, config) in found.enumerated() {
        for declaration in config.declarations {
          if variants[declaration.path] == nil { order.append(declaration.path) }
          var all = variants[declaration.path] ?? []
          if let index = all.firstIndex(where: { $0.declaration == declaration }) {
            all[index].places.append(place)
          } else {
            all.append((declaration, [place]))
          }
          variants[declaration.path] = all
        }
      }
      return order.flatMap { path in
        (variants[path] ?? []).map { variant in
          Key(
            declaration: variant.declaration, conditions: conditions(variant.places.map { found[$0].settings }))
        }
      }
    }

    /// What the configs that declare a key have in common.
    private func conditions(_ places: [[Setting]]) -> [Condition] {
      if places.contains([]) {
        let own = exceptions(Set(places))
        return own.isEmpty ? [] : [own]
      }
      let least = places.map(\.count).min() ?? 0
      var all: [Condition] = []
      for settings in places where settings.count == least {
        // The first choice may itself depend on others.
        let start =
          requirements(settings[0].key) + settings.dropLast().map { (key: $0.key, values: [$0.value]) }
        let last = settings[least - 1]
        // Values of one choice, under the same other choices, are one condition.
        let index = all.firstIndex { condition in
          condition.count == start.count + 1 && condition.last?.key == last.key
            && zip(condition, start).allSatisfy { $0.key == $1.key && $0.values == $1.values }
        }
        if let index {
          all[index][start.count].values.append(last.value)
        } else {
          all.append(start + [(last.key, [last.value])])
        }
      }
      return all
    }

    /// The choices on which it depends that a key is declared as in the empty config.
    private func requirements(_ path: String) -> Condition {
      guard let declaration = found[0].declarations.first(where: { $0.path == path }) else { return [] }
      return exceptions(Set(found.filter { $0.declarations.contains(declaration) }.map(\.settings)))
    }

    /// The choices of the empty config that must stay as they are for a key to be declared as there.
    ///
    /// - Parameter places: the configs that declare it.
    private func exceptions(_ places: Set<[Setting]>) -> Condition {
      var conditions: Condition = []
      for declaration in found[0].declarations {
        let others = declaration.otherValues
        let kept = others.filter { places.contains([Setting(key: declaration.path, value: $0)]) }
        if kept.count == others.count { continue }
        let order = declaration.allValues
        let own = order.filter { !others.contains($0) }
        conditions.append((declaration.path, order.filter { own.contains($0) || kept.contains($0) }))
      }
      return conditions
    }
  }
}

extension ConfigurationDeclaration {
  /// The values of a choice, as overrides spell them; empty if the key is not a choice.
  fileprivate var allValues: [String] {
    switch type {
    case .choice(let names): names
    case .boolean: ["false", "true"]
    case .optionalSection: ["null", "{}"]
    default: []
    }
  }

  /// The same without the default.
  fileprivate var otherValues: [String] {
    let value = defaultValue ?? type.neutral
    return allValues.filter { $0 != value.string ?? value.compact }
  }

  /// The declaration without the number of a list's elements, if it is a single number.
  fileprivate var withoutLength: ConfigurationDeclaration {
    guard case .list(let element, let count) = type, count.lowerBound == count.upperBound else { return self }
    return ConfigurationDeclaration(
      parent: parent, key: key, type: .list(element, count: 0 ... .max), defaultValue: defaultValue, help: help,
      affectsResult: affectsResult)
  }
}
