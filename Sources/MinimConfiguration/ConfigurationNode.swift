import MinimFiles

/// A value of the merged configuration, with the places where its key and the value itself were written.
struct ConfigurationNode: Sendable {
  enum Content: Sendable {
    case scalar(JSON)
    case array([ConfigurationNode])
    case object([Member])
  }

  struct Member: Sendable {
    let key: String
    /// The place where the key was written.
    var origin: ConfigurationOrigin
    var value: ConfigurationNode
  }

  /// The place where the value was written.
  let origin: ConfigurationOrigin
  private(set) var content: Content
  /// The members "name" that later layers have replaced, oldest first: the keys written next to them belong to them.
  private(set) var formerNames: [Member] = []

  /// A value from a file; `origin` says where in the file, or that it came from an override.
  init(_ node: JSONNode, origin: (JSONPosition) -> ConfigurationOrigin) {
    self.origin = origin(node.position)
    switch node.content {
    case .scalar(let json): content = .scalar(json)
    case .array(let elements): content = .array(elements.map { ConfigurationNode($0, origin: origin) })
    case .object(let members):
      content = .object(
        members.map {
          Member(key: $0.key, origin: origin($0.position), value: ConfigurationNode($0.value, origin: origin))
        })
    }
  }

  /// A value that the program supplies if none is written.
  init(_ json: JSON, at origin: ConfigurationOrigin) {
    self.origin = origin
    content =
      switch json {
      case .array(let elements): .array(elements.map { ConfigurationNode($0, at: origin) })
      case .object(let object):
        .object(
          object.members.map {
            Member(key: $0.key, origin: origin, value: ConfigurationNode($0.value, at: origin))
          })
      default: .scalar(json)
      }
  }

  /// An object written in one place.
  init(_ members: [Member], at origin: ConfigurationOrigin) {
    self.origin = origin
    content = .object(members)
  }

  var members: [Member]? {
    if case .object(let members) = content { members } else { nil }
  }

  func member(_ key: String) -> Member? {
    members?.first { $0.key == key }
  }

  /// Whether every part of the value was written in files.
  var isFromFiles: Bool {
    if case .override = origin { return false }
    switch content {
    case .scalar: return true
    case .array(let elements): return elements.allSatisfy(\.isFromFiles)
    case .object(let members): return members.allSatisfy(\.value.isFromFiles)
    }
  }

  var json: JSON {
    switch content {
    case .scalar(let json): json
    case .array(let elements): .array(elements.map(\.json))
    case .object(let members):
      .object(JSONObject(members.map { JSONObject.Member(key: $0.key, value: $0.value.json) }))
    }
  }

  /// This value with another one laid over it: objects are merged key by key, everything else is replaced. A merged
  /// object keeps the place where it was first written.
  func merged(with other: ConfigurationNode) -> ConfigurationNode {
    guard case .object(var members) = content, case .object(let others) = other.content else { return other }
    var indices: [String: Int] = [:]  // never iterated
    for (index, member) in members.enumerated() { indices[member.key] = index }
    for other in others {
      if let index = indices[other.key] {
        let value = members[index].value.merged(with: other.value)
        let isReplaced = value.origin != members[index].value.origin
        members[index] = isReplaced ? other : Member(key: other.key, origin: members[index].origin, value: value)
      } else {
        members.append(other)
      }
    }
    var node = ConfigurationNode(members, at: origin)
    node.formerNames = formerNames
    if let former = member("name"), other.member("name") != nil { node.formerNames.append(former) }
    return node
  }
}
