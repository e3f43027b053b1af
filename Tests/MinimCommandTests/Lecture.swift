import Foundation
import TestSupport

/// A lecture of docs/lectures: what its reader runs, and where it says that its numbers come from.
struct Lecture: Sendable {
  /// A line of a block of commands, with those that continue it.
  struct Command: Sendable {
    /// What the table of numbers calls it: the heading above it up to a colon, in lower case. "the run" is the first command of
    /// its section; the second is "the run, command 2".
    let place: String
    let line: String
  }

  /// A row of the table of numbers.
  struct Row: Sendable {
    let number: String
    /// The command that gives the number.
    let place: String
    /// Which run of a sweep it is.
    let member: Int?
    /// What of the run it is: "claim P3, measured".
    let value: String
  }

  /// The heading of the table of numbers.
  static let tableHeading = "## Where the numbers come from"
  static let folder = Project.home + "/docs/lectures"

  /// The names of all lectures, in the order of the alphabet; the index is not one of them.
  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".md") && $0 != "lectures.md" }.map { String($0.dropLast(3)) }.sorted()
  }()

  let name: String
  let text: String
  let commands: [Command]
  let rows: [Row]
  /// All lines but commands and the table of numbers.
  let prose: [String]

  init(_ name: String) throws {
    try self.init(name, text: String(contentsOfFile: Self.folder + "/\(name).md", encoding: .utf8))
  }

  init(_ name: String, text: String) {
    var reader = Reader()
    for line in text.components(separatedBy: "\n") { reader.read(line) }
    (self.name, self.text) = (name, text)
    (commands, rows, prose) = (reader.commands, reader.rows, reader.prose)
  }

  /// The numbers of a line without their signs: digits, points and commas, of which none is at an end.
  private static func numbers(_ line: String) -> [String] {
    let digits: ClosedRange<Character> = "0"..."9"
    let words = line.split { character in !digits.contains(character) && character != "." && character != "," }
    return words.map { word in String(word).trimmingCharacters(in: CharacterSet(charactersIn: ".,")) }
  }

  /// The decimal numbers of a line without their signs.
  static func decimals(_ line: String) -> [String] {
    numbers(line).filter { number in number.contains(".") }
  }

  /// The decimal numbers of the prose that the table of numbers does not have.
  var unlisted: [String] {
    let listed = Set(rows.map { row in Self.unsigned(row.number) })
    return prose.flatMap { line in Self.decimals(line) }.filter { number in !listed.contains(number) }
  }

  /// The numbers of the table that the prose does not have.
  var unused: [String] {
    let used = Set(prose.flatMap { line in Self.numbers(line) })
    return rows.map { row in row.number }.filter { number in !used.contains(Self.unsigned(number)) }
  }

  private static func unsigned(_ number: String) -> String {
    number.hasPrefix("-") ? String(number.dropFirst()) : number
  }
}

/// Reads a lecture line by line.
private struct Reader {
  var commands: [Lecture.Command] = []
  var rows: [Lecture.Row] = []
  var prose: [String] = []
  private var place = ""
  private var countOfPlace = 0
  /// The language of the open block.
  private var language: String?
  private var isInTable = false
  /// The command so far, if its line ends with a backslash.
  private var begun = ""

  mutating func read(_ line: String) {
    if line.hasPrefix("```") {
      language = language == nil ? String(line.dropFirst(3)) : nil
      return
    }
    if language == "sh" {
      readCommand(line)
      return
    }
    if language == nil, line.hasPrefix("#") { enter(line) }
    if isInTable, line.hasPrefix("|") {
      if let row = Self.row(line) { rows.append(row) }
    } else {
      prose.append(line)
    }
  }

  private mutating func readCommand(_ line: String) {
    if line.hasSuffix("\\") {
      begun += String(line.dropLast())
      return
    }
    countOfPlace += 1
    let name: String = countOfPlace == 1 ? place : "\(place), command \(countOfPlace)"
    commands.append(Lecture.Command(place: name, line: begun + line))
    begun = ""
  }

  private mutating func enter(_ heading: String) {
    isInTable = heading == Lecture.tableHeading
    let words = heading.drop { $0 == "#" || $0 == " " }
    place = words.prefix { $0 != ":" }.lowercased()
    countOfPlace = 0
  }

  /// "| 0.12 | exercise 2, member 3 | metric fit |"; nil for the head of the table.
  private static func row(_ line: String) -> Lecture.Row? {
    let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    guard cells.count == 3, Double(cells[0].replacingOccurrences(of: ",", with: "")) != nil else { return nil }
    let parts = cells[1].components(separatedBy: ", member ")
    return Lecture.Row(
      number: cells[0], place: parts[0], member: parts.count == 2 ? Int(parts[1]) : nil, value: cells[2])
  }
}
