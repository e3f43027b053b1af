import Foundation
import TestSupport
import Testing

/// The lectures, done: every command, every number, every link and picture.
@Suite struct LecturesTests {
  /// By the lecture's name, the commands whose runs take more than ten seconds, and those that need these runs. Only the long
  /// tests run them.
  private static let long: [String: Set<String>] = [
    "vae-bound": ["the run", "the run, command 2"], "two-divergences": ["the run"], "stop-gradient": ["the run"],
    "flow-matching-loss": ["the run"],
  ]

  private static func isLeftOut(_ command: Lecture.Command, of lecture: Lecture) -> Bool {
    !LongTests.areWanted && long[lecture.name]?.contains(command.place) == true
  }

  @Test("every command does what it should, and every number is that of its run", arguments: Lecture.names)
  func numbers(_ name: String) throws {
    let lecture = try Lecture(name)
    let scratch = try Scratch()
    var runs = try LectureRuns()
    for command in lecture.commands {
      let result: Program.Result
      if !Self.isLeftOut(command, of: lecture) {
        result = try runs.run(command)
      } else if command.line.hasPrefix("./train --config") {
        result = try LectureRuns.run(command.line, more: ["--print-config"], in: scratch.path)
      } else {
        continue
      }
      #expect(result.exitCode == 0, "\(name): \(command.line): \(result.errors)")
    }
    var compared = 0
    for row in lecture.rows where runs.has(row) {
      let value = try runs.value(row)
      let place = "\(name): \(row.place): \(row.value)"
      #expect(LectureRuns.agrees(row.number, value), "\(place): \(row.number), and it is \(value)")
      #expect(!LectureRuns.agrees(Self.changed(row.number), value), "\(place): a wrong number was not noticed")
      compared += 1
    }
    #expect(compared >= 5, "\(name): only \(compared) numbers were compared")
    if LongTests.areWanted { #expect(compared == lecture.rows.count) }
  }

  /// The number with another last digit.
  private static func changed(_ number: String) -> String {
    let last: Int = number.last?.wholeNumberValue ?? 0
    return String(number.dropLast()) + String((last + 3) % 10)
  }

  @Test("the places that the long tests alone run are there", arguments: long.keys.sorted())
  func places(_ name: String) throws {
    let lecture = try Lecture(name)
    let places = Set(lecture.commands.map { command in command.place })
    #expect(Self.long[name]?.isSubset(of: places) == true, "\(name): \(places)")
  }

  @Test("every lecture has a run, three exercises, and a table of all its numbers", arguments: Lecture.names)
  func tables(_ name: String) throws {
    let lecture = try Lecture(name)
    let places = Set(lecture.commands.map { command in command.place })
    #expect(places.isSuperset(of: ["the run", "exercise 1", "exercise 2", "exercise 3"]), "\(name): \(places)")
    #expect(lecture.unlisted.isEmpty, "\(name): not in the table: \(lecture.unlisted)")
    #expect(lecture.unused.isEmpty, "\(name): in the table alone: \(lecture.unused)")
    for row in lecture.rows { #expect(places.contains(row.place), "\(name): no command is \(row.place)") }
    #expect(lecture.rows.count >= 10)
  }

  @Test("a changed number in a copy of the text is noticed", arguments: Lecture.names)
  func control(_ name: String) throws {
    let lecture = try Lecture(name)
    var count = 0
    for line in lecture.prose {
      for number in Lecture.decimals(line) {
        // As no other number goes on.
        let other = number + "0007"
        let changed = line.replacingOccurrences(of: number, with: other)
        let copy = Lecture(name, text: lecture.text.replacingOccurrences(of: line, with: changed))
        #expect(copy.unlisted.contains(other), "\(name): \(other)")
        count += 1
      }
    }
    #expect(count >= 10)
  }

  @Test("links and pictures lead somewhere, and nothing in the folder is left over") func links() throws {
    var linked: Set<String> = ["lectures.md"]
    let letters: ClosedRange<Character> = "a"..."z"
    for page in Lecture.names + ["lectures"] {
      let text = try Lecture(page).text
      for part in text.components(separatedBy: "](").dropFirst() {
        let target = String(part.prefix { character in character != ")" })
        // The documentation takes such names for pages and pictures of its own; see .scripts/document.sh.
        let stem = String(target.prefix { character in character == "-" || letters.contains(character) })
        #expect([".md", ".png", ".svg"].map { stem + $0 }.contains(target), "\(page): \(target)")
        linked.insert(target)
      }
      #expect(!text.contains("![]"), "\(page): a picture has no words")
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: Lecture.folder)
    #expect(linked == Set(files), "\(linked.symmetricDifference(files).sorted())")
    #expect(Lecture.names.count == 6)
  }

  @Test("the README, the index and the documentation lead to every lecture") func index() throws {
    let readme = try ReadmeTests.text("README.md")
    let index = try Lecture("lectures").text
    for name in Lecture.names {
      #expect(readme.contains("](docs/lectures/\(name).md)"), "\(name)")
      #expect(index.contains("](\(name).md)"), "\(name)")
    }
    #expect(readme.contains("](docs/lectures/lectures.md)"))
    #expect(try ReadmeTests.text("Sources/Minim/Minim.docc/Minim.md").contains("- <doc:lectures>"))
  }
}
