extension JSON {
  /// The value on one line, without spaces and without a final line break: a row of a JSON-lines file. Numbers have the
  /// fewest digits that read back as the same bits; NaN and the infinities become the strings "NaN", "Infinity" and
  /// "-Infinity".
  public var compact: String {
    var text = ""
    write(to: &text, .compact)
    return text
  }

  /// The value for people: two spaces per level, short arrays without objects on one line, and no final line break.
  public var pretty: String {
    var text = ""
    writePretty(to: &text, indentation: "")
    return text
  }

  /// The value on one line with spaces, as it reads best inside a message: `["A3", "B3"]`.
  package var inline: String {
    var text = ""
    write(to: &text, .inline)
    return text
  }

  /// A form on one line.
  private enum Form {
    /// For programs.
    case compact
    /// For people: with spaces, and with escapes for what they would not see.
    case inline

    var separator: String { self == .compact ? "," : ", " }
    var colon: String { self == .compact ? ":" : ": " }
  }

  private func write(to text: inout String, _ form: Form) {
    switch self {
    case .null: text += "null"
    case .bool(let bool): text += bool ? "true" : "false"
    case .integer(let integer): text += String(integer)
    case .number(let number): Self.write(number, to: &text)
    case .string(let string): Self.write(string, to: &text, form)
    case .array(let array):
      text += "["
      for (index, element) in array.enumerated() {
        if index > 0 { text += form.separator }
        element.write(to: &text, form)
      }
      text += "]"
    case .object(let object):
      text += "{"
      for (index, member) in object.members.enumerated() {
        if index > 0 { text += form.separator }
        Self.write(member.key, to: &text, form)
        text += form.colon
        member.value.write(to: &text, form)
      }
      text += "}"
    }
  }

  private func writePretty(to text: inout String, indentation: String) {
    let inner = indentation + "  "
    switch self {
    case .array(let array) where !array.isEmpty:
      if let line = shortLine {
        text += line
        return
      }
      for (index, element) in array.enumerated() {
        text += (index == 0 ? "[\n" : ",\n") + inner
        element.writePretty(to: &text, indentation: inner)
      }
      text += "\n" + indentation + "]"
    case .object(let object) where !object.members.isEmpty:
      for (index, member) in object.members.enumerated() {
        text += (index == 0 ? "{\n" : ",\n") + inner
        Self.write(member.key, to: &text, .inline)
        text += ": "
        member.value.writePretty(to: &text, indentation: inner)
      }
      text += "\n" + indentation + "}"
    default:
      write(to: &text, .inline)
    }
  }

  /// The array on one line, if that is at most 80 bytes long and no object is inside.
  private var shortLine: String? {
    guard !holdsObject else { return nil }
    let line = inline
    return line.utf8.count <= 80 ? line : nil
  }

  private var holdsObject: Bool {
    switch self {
    case .object(let object): !object.members.isEmpty
    case .array(let array): array.contains(where: \.holdsObject)
    default: false
    }
  }

  private static func write(_ number: Double, to text: inout String) {
    if number.isFinite {
      text += number.description  // the shortest digits that round-trip
    } else if number.isNaN {
      text += "\"NaN\""
    } else {
      text += number > 0 ? "\"Infinity\"" : "\"-Infinity\""
    }
  }

  private static func write(_ string: String, to text: inout String, _ form: Form) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{8}": text += "\\b"
      case "\u{c}": text += "\\f"
      case _ where scalar.value < 0x20 || form == .inline && !scalar.isVisible:
        for unit in String(scalar).utf16 { text += "\\u" + String(unit, radix: 16).zeroPadded(to: 4) }
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
