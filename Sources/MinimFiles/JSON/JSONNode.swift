/// A place in a text. Lines and columns count from 1, columns in Unicode scalars, as editors show them.
public struct JSONPosition: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The line, from 1.
  public let line: Int
  /// The column, from 1, in Unicode scalars.
  public let column: Int

  /// Creates a position from a line and a column, both from 1.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// `12:5`
  public var description: String { "\(line):\(column)" }

  /// Whether one place comes before another.
  public static func < (a: Self, b: Self) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

/// A reason why a text is not JSON, and the place.
public struct JSONError: Error, Equatable, CustomStringConvertible {
  /// The place of the mistake.
  public let position: JSONPosition
  /// The reason, for people.
  public let message: String

  /// `3:7 trailing comma; remove it`
  public var description: String { "\(position) \(message)" }
}

/// A parsed value that knows where it was written.
public struct JSONNode: Sendable, Equatable {
  /// The content of a node.
  public enum Content: Sendable, Equatable {
    /// Anything but an array or an object.
    case scalar(JSON)
    /// The elements of an array.
    case array([JSONNode])
    /// The members of an object, whose keys all differ.
    case object([Member])
  }

  /// A key with its place, and its value.
  public struct Member: Sendable, Equatable {
    /// The key.
    public let key: String
    /// The place of the key's opening quote.
    public let position: JSONPosition
    /// The value.
    public let value: JSONNode
  }

  /// The place of the value's first character.
  public let position: JSONPosition
  /// The parsed value.
  public let content: Content

  package init(position: JSONPosition, content: Content) {
    self.position = position
    self.content = content
  }

  /// The value without its places.
  public var json: JSON {
    switch content {
    case .scalar(let json): json
    case .array(let nodes): .array(nodes.map(\.json))
    case .object(let members):
      .object(JSONObject(members.map { JSONObject.Member(key: $0.key, value: $0.value.json) }))
    }
  }

  /// The members, if this is an object.
  public var members: [Member]? {
    if case .object(let members) = content { members } else { nil }
  }

  /// The elements, if this is an array.
  public var elements: [JSONNode]? {
    if case .array(let elements) = content { elements } else { nil }
  }

  /// The value of `key`, if this is an object that has it. Takes linear time.
  public subscript(key: String) -> JSONNode? {
    members?.first { $0.key == key }?.value
  }
}
