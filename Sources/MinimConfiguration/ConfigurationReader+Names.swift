import MinimFiles

// A section with a choice "name" has the keys of what is chosen. A later file or an override that changes the name leaves
// keys of the old choice behind. Those that the new choice does not have, or not with such a value, no longer apply; the
// others keep their values.

extension ConfigurationReader {
  /// A key that does not apply to what the name of a section has become.
  struct LeftBehind: Hashable {
    /// The section whose name has changed.
    let section: String
    /// The path of the key, which may be outside of the section.
    let path: String
    /// The name that the key was written for.
    let owner: String
  }

  /// One line for each name that left keys behind, such as `data.name=ring replaces twoMoons: data.noise no longer
  /// applies; data.rows=0 is kept`. Complete after `finish`.
  public var notes: [String] {
    var notes: [String] = []
    var seen: Set<[String]> = []  // never iterated
    for first in leftBehind where seen.insert([first.section, first.owner]).inserted {
      let paths = leftBehind.filter { $0.section == first.section && $0.owner == first.owner }.map(\.path.printable)
      let name = ConfigurationDeclaration.join(first.section, "name")
      let kept = kept(in: first.section, of: first.owner)
      notes.append(
        "\(name)=\(chosenName(first.section) ?? "") replaces \(first.owner): \(Self.listed(paths)) no longer "
          + (paths.count == 1 ? "applies" : "apply")
          + (kept.isEmpty ? "" : "; \(Self.listed(kept)) \(kept.count == 1 ? "is" : "are") kept"))
    }
    return notes
  }

  /// The name that a member of a section was written for, if the section has another name now. Only keys of files are
  /// left behind: an override is always meant.
  ///
  /// - Parameters:
  ///   - member: the member, of this section or of one that depends on it.
  ///   - section: the section's path.
  ///   - node: the section's value.
  func formerOwner(of member: ConfigurationNode.Member, in section: String, _ node: ConfigurationNode) -> String? {
    guard member.key != "name", member.value.isFromFiles, case .file = member.origin,
      let chosen = chosenName(section), let name = node.member("name")
    else { return nil }
    let inForce = (node.formerNames + [name]).last { !member.origin.isInEarlierLayer(than: $0.origin) }
    let owner = inForce.map(\.value.json) ?? declaration(ofNameIn: section)?.defaultValue
    guard let owner = owner?.string, owner != chosen else { return nil }
    return owner
  }

  /// The value of "name" in a section where it is a choice.
  private func chosenName(_ section: String) -> String? {
    guard declaration(ofNameIn: section) != nil else { return nil }
    return entries.first { $0.declaration.path == ConfigurationDeclaration.join(section, "name") }?.value.string
  }

  private func declaration(ofNameIn section: String) -> ConfigurationDeclaration? {
    let path = ConfigurationDeclaration.join(section, "name")
    guard let declaration = entries.first(where: { $0.declaration.path == path })?.declaration,
      case .choice = declaration.type
    else { return nil }
    return declaration
  }

  /// The keys that were written for another name and apply all the same, with their values.
  private func kept(in section: String, of owner: String) -> [String] {
    guard let node = sections.first(where: { $0.path == section })?.node else { return [] }
    return (node.members ?? []).compactMap { member in
      let path = ConfigurationDeclaration.join(section, member.key)
      guard formerOwner(of: member, in: section, node) == owner,
        !leftBehind.contains(LeftBehind(section: section, path: path, owner: owner)),
        let entry = entries.first(where: { $0.declaration.path == path })
      else { return nil }
      return entry.declaration.isSection ? path.printable : "\(path)=\(entry.value.inline)".printable
    }
  }

  /// `a`, `a and b`, `a, b and c`.
  private static func listed(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }
}

extension ConfigurationSection {
  /// Leaves a key out if it was written for a former name of another section: it is then neither read nor unknown.
  ///
  /// - Returns: whether it was.
  public func leaveOut(_ key: String, writtenFor other: ConfigurationSection) -> Bool {
    guard let member = node?.member(key), let named = other.node,
      let owner = reader.formerOwner(of: member, in: other.path, named)
    else { return false }
    reader.leaveBehind(
      .init(section: other.path, path: ConfigurationDeclaration.join(path, key), owner: owner))
    return true
  }
}
