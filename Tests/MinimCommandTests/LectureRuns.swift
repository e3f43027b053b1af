import Foundation
import MinimConfiguration
import MinimFiles
import TestSupport

/// The commands of a lecture, done in a folder as its reader would, and the values that they have left.
struct LectureRuns {
  /// Why a value is not there.
  struct Missing: Error, CustomStringConvertible { let description: String }

  private let scratch: Scratch
  /// By the command's place: its run's folder, or that of the newest run before it; what it printed.
  private var folders: [String: String] = [:]
  private var outputs: [String: String] = [:]

  init() throws { scratch = try Scratch() }

  /// Runs a command.
  mutating func run(_ command: Lecture.Command) throws -> Program.Result {
    let result = try Self.run(command.line, in: scratch.path)
    outputs[command.place] = result.output
    let latest = URL(fileURLWithPath: scratch.path + "/runs/latest")
    folders[command.place] = latest.resolvingSymlinksInPath().path
    return result
  }

  /// Runs a line of a block of commands, with more arguments.
  static func run(_ line: String, more: [String] = [], in folder: String) throws -> Program.Result {
    // The only quotes are those around a whole value, and no value has spaces.
    let words = line.replacingOccurrences(of: "'", with: "").split(separator: " ").map { String($0) }
    guard let name = words.first, name.hasPrefix("./") else { throw Missing(description: "not a program: \(line)") }
    let program = Program(String(name.dropFirst(2)), environment: ["MINIM_HOME": Project.home])
    return try program.run(Array(words.dropFirst()) + more, in: folder)
  }

  /// Whether the command of a row was run.
  func has(_ row: Lecture.Row) -> Bool { folders[row.place] != nil }

  /// The value of a row, from the files of its run or from what its command printed.
  func value(_ row: Lecture.Row) throws -> Double {
    let words = row.value.split(separator: " ", maxSplits: 1).map { String($0) }
    guard words.count == 2, var folder = folders[row.place] else {
      throw Missing(description: "no such value or command: \(row.value) of \(row.place)")
    }
    if let member = row.member { folder += "/" + String(String(10_000 + member).dropFirst()) }
    switch words[0] {
    case "claim": return try claim(words[1], in: folder)
    case "metric": return try metric(words[1], in: folder)
    case "table": return try cell(words[1], in: folder)
    case "config": return try key(words[1], in: folder)
    case "printed": return try printed(words[1], by: row.place)
    default: throw Missing(description: "unknown kind of value: \(row.value)")
    }
  }

  /// The difference between a number as it is written and a value is at most half a unit of its last digit.
  static func agrees(_ number: String, _ value: Double) -> Bool {
    let plain = number.replacingOccurrences(of: ",", with: "")
    guard let said = Double(plain) else { return false }
    let parts = plain.split(separator: ".")
    let digits = parts.count == 2 ? parts[1].count : 0
    return abs(said - value) <= 0.5000001 * pow(10, -Double(digits))
  }

  // MARK: - The kinds of values

  private static func json(_ file: String, in folder: String) throws -> JSON {
    try JSONParser.parse(try String(contentsOfFile: folder + "/" + file, encoding: .utf8)).json
  }

  /// "P3, measured", "P3, expected", "P3, control", "P3, control's oracle", "P3, samples", "P3, detail fitCost".
  private func claim(_ text: String, in folder: String) throws -> Double {
    let id = String(text.prefix { $0 != "," })
    let part = String(text.dropFirst(id.count + 2))
    let claims = try Self.json("claims.json", in: folder)["claims"]?.array ?? []
    let claim = claims.first { $0["id"]?.string == id }
    let value: JSON?
    switch part {
    case "measured", "expected", "samples": value = claim?[part]
    case "control": value = claim?["control"]?["measured"]
    case "control's oracle": value = claim?["control"]?["expected"]
    default: value = part.hasPrefix("detail ") ? claim?["details"]?[String(part.dropFirst(7))] : nil
    }
    return try Self.number(value, text)
  }

  private func metric(_ name: String, in folder: String) throws -> Double {
    let metrics = try Self.json("evaluation.json", in: folder)["metrics"]?.array ?? []
    let metric = metrics.first { $0["name"]?.string == name }
    return try Self.number(metric?["value"], name)
  }

  /// "variant, row neither, column rank".
  private func cell(_ text: String, in folder: String) throws -> Double {
    let (head, tail) = Self.halves(text, ", row ")
    let (row, column) = Self.halves(tail, ", column ")
    let tables = try Self.json("evaluation.json", in: folder)["tables"]?.array ?? []
    let table = tables.first { $0["name"]?.string == head }
    let record = (table?["rows"]?.array ?? []).first { $0["name"]?.string == row }
    return try Self.number(record?[column], text)
  }

  /// "model.augmentation.0".
  private func key(_ path: String, in folder: String) throws -> Double {
    var value: JSON? = try Self.json("config.json", in: folder)
    for word in path.split(separator: ".") {
      if let index = Int(word) { value = value?[index] } else { value = value?[String(word)] }
    }
    return try Self.number(value, path)
  }

  /// "amortization gap, number 1": of the numbers that follow these words, in the last line that begins with them.
  private func printed(_ text: String, by place: String) throws -> Double {
    let (words, count) = Self.halves(text, ", number ")
    let lines = (outputs[place] ?? "").split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let rest = lines.last { $0.hasPrefix(words) }?.dropFirst(words.count) ?? ""
    let numbers = rest.split(separator: " ").compactMap { word -> Double? in
      Double(String(word).trimmingCharacters(in: CharacterSet(charactersIn: ",;:%")))
    }
    guard let index = Int(count), numbers.indices.contains(index - 1) else {
      throw Missing(description: "not printed: \(text)")
    }
    return numbers[index - 1]
  }

  private static func number(_ value: JSON?, _ text: String) throws -> Double {
    guard let number = value?.number else { throw Missing(description: "no number \(text)") }
    return number
  }

  private static func halves(_ text: String, _ separator: String) -> (String, String) {
    let parts = text.components(separatedBy: separator)
    return parts.count == 2 ? (parts[0], parts[1]) : (text, "")
  }
}
