/// A strict parser of JSON (RFC 8259) that knows the place of everything.
///
/// Refused, with place and reason: duplicate keys, trailing commas, comments, numbers out of range, integers above
/// 2^53, leading zeros, nesting over `maximumDepth`, texts over a limit, invalid UTF-8, lone surrogates, control
/// characters in strings, long runs of combining characters, a byte order mark, and anything after the value. Time and
/// memory are linear in the length of the text, the stack is bounded by `maximumDepth`, and no input can crash it.
public struct JSONParser {
  /// The deepest nesting of arrays and objects.
  public static let maximumDepth = 64
  /// The most bytes of a text, unless the caller sets another limit.
  public static let defaultLimit = 1 << 20

  /// Parses a whole text of at most `limit` bytes.
  public static func parse(_ bytes: [UInt8], limit: Int = defaultLimit) throws(JSONError) -> JSONNode {
    var parser = JSONParser(bytes: bytes)
    guard bytes.count <= limit else {
      throw parser.error("\(bytes.count) bytes are too many; at most \(limit) are read")
    }
    guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else {
      throw parser.error("byte order mark; save the file as UTF-8 without it")
    }
    let node = try parser.value(depth: 0)
    parser.skipWhitespace()
    guard parser.byte == nil else { throw parser.unexpected("the end of the text") }
    return node
  }

  /// Parses a whole text.
  public static func parse(_ text: String, limit: Int = defaultLimit) throws(JSONError) -> JSONNode {
    try parse(Array(text.utf8), limit: limit)
  }

  let bytes: [UInt8]
  var offset = 0
  var line = 1
  var column = 1

  var byte: UInt8? { offset < bytes.count ? bytes[offset] : nil }
  var position: JSONPosition { JSONPosition(line: line, column: column) }

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Moves over `count` bytes that are one ASCII character each and not a line break.
  mutating func advance(_ count: Int = 1) {
    offset += count
    column += count
  }

  mutating func skipWhitespace() {
    while let byte {
      switch byte {
      case UInt8(ascii: "\n"):
        offset += 1
        line += 1
        column = 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): advance()
      default: return
      }
    }
  }

  mutating func value(depth: Int) throws(JSONError) -> JSONNode {
    skipWhitespace()
    let start = position
    let content: JSONNode.Content
    switch byte {
    case UInt8(ascii: "{"): content = .object(try object(depth: depth + 1))
    case UInt8(ascii: "["): content = .array(try array(depth: depth + 1))
    case UInt8(ascii: "\""): content = .scalar(.string(try string()))
    case let byte? where byte.isDigit || byte == UInt8(ascii: "-"): content = .scalar(try number())
    case let byte? where byte.isLetter: content = .scalar(try word())
    default: throw unexpected("a value")
    }
    return JSONNode(position: start, content: content)
  }

  private mutating func object(depth: Int) throws(JSONError) -> [JSONNode.Member] {
    let open = try enter(depth)
    var members: [JSONNode.Member] = []
    // The keys of a large object so far, never iterated; for few keys a search is faster.
    var places: [String: JSONPosition] = [:]
    if close(UInt8(ascii: "}")) { return members }
    repeat {
      skipWhitespace()
      let place = position
      guard byte == UInt8(ascii: "\"") else {
        throw unexpected(byte == nil ? "\"}\" for the \"{\" at \(open)" : "a key in double quotes")
      }
      let key = try string()
      let isLarge = members.count >= Self.fewKeys
      if members.count == Self.fewKeys { for member in members { places[member.key] = member.position } }
      let first = isLarge ? places.updateValue(place, forKey: key) : members.first { $0.key == key }?.position
      if let first {
        throw error("duplicate key \(JSON.string(key).compact), first given at \(first)", at: place)
      }
      skipWhitespace()
      guard byte == UInt8(ascii: ":") else { throw unexpected("\":\" after the key") }
      advance()
      members.append(JSONNode.Member(key: key, position: place, value: try value(depth: depth)))
    } while try another(before: UInt8(ascii: "}"), open)
    return members
  }

  private static let fewKeys = 24

  private mutating func array(depth: Int) throws(JSONError) -> [JSONNode] {
    let open = try enter(depth)
    var elements: [JSONNode] = []
    if close(UInt8(ascii: "]")) { return elements }
    repeat {
      elements.append(try value(depth: depth))
    } while try another(before: UInt8(ascii: "]"), open)
    return elements
  }

  /// Enters an array or object; returns where it began.
  private mutating func enter(_ depth: Int) throws(JSONError) -> JSONPosition {
    let open = position
    guard depth <= Self.maximumDepth else { throw error("nested deeper than \(Self.maximumDepth)") }
    advance()
    return open
  }

  /// Whether the array or object ends here; moves over the end.
  private mutating func close(_ end: UInt8) -> Bool {
    skipWhitespace()
    guard byte == end else { return false }
    advance()
    return true
  }

  /// Whether a comma after an element announces another one, or the array or object that began at `open` ends.
  private mutating func another(before end: UInt8, _ open: JSONPosition) throws(JSONError) -> Bool {
    if close(end) { return false }
    let name = Character(Unicode.Scalar(end))
    guard let byte else {
      let begin = end == UInt8(ascii: "}") ? "{" : "["
      throw unexpected("\"\(name)\" for the \"\(begin)\" at \(open)")
    }
    guard byte == UInt8(ascii: ",") else { throw unexpected("\",\" or \"\(name)\"") }
    let comma = position
    advance()
    skipWhitespace()
    guard self.byte != end else { throw error("trailing comma; remove it", at: comma) }
    return true
  }

  func error(_ message: String, at place: JSONPosition? = nil) -> JSONError {
    JSONError(position: place ?? position, message: message)
  }

  /// The error for anything but what was expected here.
  func unexpected(_ expected: String) -> JSONError {
    guard let byte else { return error("expected \(expected), found the end of the text") }
    switch byte {
    case UInt8(ascii: "/"), UInt8(ascii: "#"): return error("comments are not part of JSON; remove it")
    case UInt8(ascii: "'"): return error("expected \(expected), found \"'\"; strings are written in double quotes")
    case UInt8(ascii: "+"), UInt8(ascii: "."): return error("a number starts with a digit or \"-\"")
    case UInt8(ascii: "\""): return error("expected \(expected), found a string")
    default: break
    }
    guard let length = scalarLength(at: offset) else { return error(Self.invalidUTF8) }
    let found = String(decoding: bytes[offset..<offset + length], as: UTF8.self)
    return error("expected \(expected), found \(JSON.string(found).compact)")
  }
}
