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

  /// A key with one of its declarations.
  package struct Key: Sendable {
    package let declaration: ConfigurationDeclaration
    /// When it is declared this way: each element is a list of choices with the values that they may have, all of
    /// which are required. Any element suffices; none means always.
    package let conditions: [[(key: String, values: [String])]]

    package init(declaration: ConfigurationDeclaration, conditions: [[(key: String, values: [String])]]) {
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

  /// A JSON Schema that every valid config meets.
  package var schema: JSON {
    let always = keys.filter(\.conditions.isEmpty).map(\.declaration)
    return keys.map(\.declaration).schema { $0.defaultValue == nil && always.contains($0) }
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
    private func conditions(_ places: [[Setting]]) -> [[(key: String, values: [String])]] {
      if places.contains([]) { return exceptions(Set(places)) }
      let least = places.map(\.count).min() ?? 0
      var all: [[(key: String, values: [String])]] = []
      for settings in places where settings.count == least {
        let (outer, inner) = (settings.dropLast(), settings[least - 1])
        let start = outer.map { (key: $0.key, values: [$0.value]) }
        // Values of one choice, under the same outer choices, are one condition.
        let index = all.firstIndex { condition in
          condition.count == least && condition[least - 1].key == inner.key
            && zip(condition, start).allSatisfy { $0.key == $1.key && $0.values == $1.values }
        }
        if let index {
          all[index][least - 1].values.append(inner.value)
        } else {
          all.append(start + [(inner.key, [inner.value])])
        }
      }
      return all
    }

    /// The choices of the empty config on which it depends that a key is declared as there.
    private func exceptions(_ places: Set<[Setting]>) -> [[(key: String, values: [String])]] {
      var conditions: [(key: String, values: [String])] = []
      for declaration in found[0].declarations {
        let others = declaration.otherValues
        let kept = others.filter { places.contains([Setting(key: declaration.path, value: $0)]) }
        if kept.count == others.count { continue }
        let order = declaration.allValues
        let own = order.filter { !others.contains($0) }
        conditions.append((declaration.path, order.filter { own.contains($0) || kept.contains($0) }))
      }
      return conditions.isEmpty ? [] : [conditions]
    }
  }
}

extension ConfigurationDeclaration {
  /// The values of a choice, as in overrides; none for a key of another type.
  fileprivate var allValues: [String] {
    switch type {
    case .choice(let names): names
    case .boolean: ["false", "true"]
    case .optionalSection: ["null", "{}"]
    default: []
    }
  }

  /// The same without the one that a config without the key has.
  fileprivate var otherValues: [String] {
    let value = defaultValue ?? type.neutral
    return allValues.filter { $0 != value.string ?? value.compact }
  }
}
