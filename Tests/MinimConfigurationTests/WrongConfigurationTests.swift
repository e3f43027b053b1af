import MinimConfiguration
import Testing

/// Hundreds of wrong configurations, made from a right one by changing one key at a time.
@Suite struct WrongConfigurationTests {
  /// A key, its right value, and values that are of another type or out of range, all as JSON.
  private struct Key {
    let section: String
    let name: String
    let right: String
    let wrong: [String]
    var path: String { section.isEmpty ? name : "\(section).\(name)" }
  }

  private static let keys = [
    Key(section: "", name: "seed", right: "3", wrong: ["\"3\"", "true", "null", "[3]", "{}", "3.5", "-1", "1e300"]),
    Key(section: "", name: "note", right: "\"n\"", wrong: ["3", "true", "[\"n\"]", "{}", "0.5"]),
    Key(
      section: "model", name: "name", right: "\"pixelcnn\"",
      wrong: ["3", "true", "null", "[]", "{}", "\"PixelCNN\"", "\"\""]),
    Key(
      section: "model", name: "channels", right: "8", wrong: ["\"8\"", "false", "null", "[]", "{}", "8.5", "0", "1025"]),
    Key(
      section: "model", name: "kernel", right: "5",
      wrong: ["\"5\"", "true", "null", "[]", "{}", "5.5", "0", "16", "-5"]),
    Key(section: "model", name: "masks", right: "[\"A3\"]", wrong: ["\"A3\"", "3", "null", "true", "{}", "[]"]),
    Key(section: "optimizer", name: "name", right: "\"sgd\"", wrong: ["1", "true", "null", "[]", "{}", "\"nadam\""]),
    Key(
      section: "optimizer", name: "learningRate", right: "0.1",
      wrong: ["\"0.1\"", "true", "null", "[]", "{}", "0", "-0.1", "1.01", "-0"]),
    Key(
      section: "optimizer", name: "betas", right: "[0.9, 0.99]",
      wrong: ["0.9", "\"0.9\"", "true", "null", "{}", "[]", "[0.9]", "[0.9, 0.9, 0.9]"]),
    Key(
      section: "batch", name: "examples", right: "64",
      wrong: ["\"64\"", "true", "null", "[64]", "{}", "0.5", "0", "65537"]),
    Key(section: "batch", name: "shuffles", right: "false", wrong: ["0", "1", "\"false\"", "null", "[]", "{}", "0.0"]),
    Key(section: "output", name: "folder", right: "\"runs\"", wrong: ["3", "true", "null", "[]", "{}", "0.5"]),
    Key(
      section: "output", name: "interval", right: "10",
      wrong: ["\"10\"", "true", "null", "[]", "{}", "0", "1000001", "1.5"]),
    Key(
      section: "average", name: "decay", right: "0.5", wrong: ["\"0.5\"", "true", "null", "[]", "{}", "-0.1", "1.1"]),
  ]

  /// The keys, one a line, with the place of one key and its value: counted here, not by the parser.
  private static func text(changing changed: Int, name: String, value: String) -> (
    text: String, key: String, value: String
  ) {
    var lines = ["{"]
    var places = (key: "", value: "")
    var section = ""
    for (index, key) in keys.enumerated() {
      if key.section != section {
        if !section.isEmpty { lines.append("  },") }
        lines.append("  \"\(key.section)\": {")
        section = key.section
      }
      let indentation = section.isEmpty ? 2 : 4
      let shownName = index == changed ? name : key.name
      if index == changed {
        places = (
          "\(lines.count + 1):\(indentation + 1)", "\(lines.count + 1):\(indentation + name.unicodeScalars.count + 5)"
        )
      }
      let isLast = index + 1 == keys.count || (keys[index + 1].section != section && !section.isEmpty)
      lines.append(
        String(repeating: " ", count: indentation)
          + "\"\(shownName)\": \(index == changed ? value : key.right)\(isLast ? "" : ",")")
    }
    lines += ["  }", "}"]
    return (lines.joined(separator: "\n"), places.key, places.value)
  }

  private static func position(_ problem: ConfigurationProblem) -> String {
    if case .file("sample.json", 0, let position?) = problem.origin { position.description } else { "nowhere" }
  }

  @Test func theRightOneIsRight() throws {
    let text = Self.text(changing: 0, name: "seed", value: "3").text
    #expect(try SampleReading(text).errors == nil)
  }

  @Test func wrongTypesAndRangesAreFoundWhereTheyAre() throws {
    var count = 0
    for (index, key) in Self.keys.enumerated() {
      for wrong in key.wrong {
        let document = Self.text(changing: index, name: key.name, value: wrong)
        let problems = try #require(try SampleReading(document.text).errors, "\(key.path) = \(wrong)").problems
        #expect(problems.map(\.path) == [key.path], "\(key.path) = \(wrong)")
        #expect(problems.map(Self.position) == [document.value], "\(key.path) = \(wrong)")
        #expect(problems.allSatisfy { $0.message.hasPrefix("expected ") && $0.message.contains(", got ") })
        count += 1
      }
    }
    #expect(count >= 95)
  }

  /// Every single deletion and transposition, and a substitution and an insertion at every place.
  private static func typos(of word: String) -> [String] {
    let letters = Array(word)
    var typos: Set<String> = []
    for i in letters.indices {
      typos.insert(String(letters[..<i] + letters[(i + 1)...]))
      typos.insert(String(letters[..<i] + ["q"] + letters[(i + 1)...]))
      typos.insert(String(letters[..<i] + ["w"] + letters[i...]))
      if i > 0 { typos.insert(String(letters[..<(i - 1)] + [letters[i], letters[i - 1]] + letters[(i + 1)...])) }
    }
    typos.remove(word)
    return typos.sorted()
  }

  @Test func typosAreFoundAndUnderstood() throws {
    var (count, understood) = (0, 0)
    for (index, key) in Self.keys.enumerated() where key.path != "model.name" {
      for typo in Self.typos(of: key.name) {
        let document = Self.text(changing: index, name: typo, value: key.right)
        let problems = try #require(try SampleReading(document.text).errors, "\(typo)").problems
        let path = key.section.isEmpty ? typo : "\(key.section).\(typo)"
        #expect(problems.map(\.path) == [path], "\(typo)")
        #expect(problems.map(Self.position) == [document.key], "\(typo)")
        count += 1
        if problems.first?.message == "unknown key. Did you mean \"\(key.path)\"?" { understood += 1 }
      }
    }
    #expect(count >= 200)
    #expect(Double(understood) >= 0.95 * Double(count), "\(understood) of \(count)")
  }

  @Test func otherSpellingsAreUnderstood() throws {
    for (index, key) in Self.keys.enumerated() where key.path != "model.name" {
      let snake = key.name.map { $0.isUppercase ? "_\($0.lowercased())" : String($0) }.joined()
      for spelling in [key.name.uppercased(), snake + "_", key.name.capitalized(), "-" + key.name] {
        let document = Self.text(changing: index, name: spelling, value: key.right)
        let problems = try #require(try SampleReading(document.text).errors).problems
        #expect(problems.map(\.message) == ["unknown key. Did you mean \"\(key.path)\"?"], "\(spelling)")
      }
    }
  }
}

extension String {
  fileprivate func capitalized() -> String { prefix(1).uppercased() + dropFirst() }
}
