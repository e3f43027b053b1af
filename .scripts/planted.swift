// Plants the mistakes of Tests/Planted in a copy of the sources and shows who notices each of them: the claims of a run, or
// the tests. swift .scripts/planted.swift plant FOLDER | number FOLDER NAME | run FOLDER [--all-tests] [NAME...]
// A name may be a beginning of one.
//
// All mistakes are in one build; the environment variable PLANTED chooses one by its number, and without it the program is
// what it was. A mistake is noticed by a run if a claim that held without it no longer does, or if the run does not end.
import Foundation

/// One mistake: where it is, what is there, and what is planted instead.
struct Mistake {
  /// What it is a mistake in: the name of its file.
  let group: String
  let name: String
  let sentence: String
  let file: String
  /// Configs, each with overrides after commas.
  let runs: [String]
  /// A pattern of the names of tests.
  let tests: String
  let changes: [(old: String, new: String)]
}

func stop(_ message: String) -> Never {
  FileHandle.standardError.write(Data((message + "\n").utf8))
  exit(1)
}

// MARK: - Reading

func mistakes(of folder: String) -> [Mistake] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return names.filter { $0.hasSuffix(".txt") }.sorted().flatMap { name -> [Mistake] in
    guard let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) else { return [] }
    return "\n\(text)".components(separatedBy: "\n== ").dropFirst().map { mistake($0, in: name) }
  }
}

func mistake(_ text: String, in file: String) -> Mistake {
  var lines = text.components(separatedBy: "\n")[...]
  while lines.last?.isEmpty == true { lines.removeLast() }
  let name = lines.removeFirst(), sentence = lines.removeFirst()
  func field(_ key: String) -> String {
    guard let line = lines.popFirst(), line.hasPrefix(key + ": ") else {
      stop("\(file): \(name): expected \"\(key): \"")
    }
    return String(line.dropFirst(key.count + 2))
  }
  let source = field("file"), runs = field("runs"), tests = field("tests")
  var changes: [(old: String, new: String)] = []
  var isNew = false
  for line in lines {
    switch line.prefix(2) {
    case "- ": (changes, isNew) = (changes + [(String(line.dropFirst(2)), "")], false)
    case "+ ": (changes[changes.count - 1].new, isNew) = (String(line.dropFirst(2)), true)
    default:
      if isNew { changes[changes.count - 1].new += "\n" + line } else { changes[changes.count - 1].old += "\n" + line }
    }
  }
  return Mistake(
    group: String(file.dropLast(4)), name: name, sentence: sentence, file: source,
    runs: runs.split(separator: " ").map(String.init).filter { $0 != "-" }, tests: tests,
    changes: changes)
}

// MARK: - Planting

/// Changes all files of a copy of the project.
func plant(_ all: [Mistake], in folder: String) {
  struct Edit {
    let range: Range<String.Index>
    let number: Int
    let new: String
  }
  var edits: [String: [Edit]] = [:]
  for (index, mistake) in all.enumerated() {
    let path = "\(folder)/\(mistake.file)"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { stop("\(mistake.name): no \(path)") }
    for change in mistake.changes {
      let found = text.ranges(of: change.old)
      if found.count != 1 { stop("\(mistake.name): \(found.count) places in \(mistake.file) have \"\(change.old)\"") }
      edits[mistake.file, default: []].append(Edit(range: found[0], number: index + 1, new: change.new))
    }
  }
  for (file, edits) in edits {
    let path = "\(folder)/\(file)"
    guard var text = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
    let isC = !file.hasSuffix(".swift")
    let call = isC ? "minim_planted" : "planted"
    let groups = Dictionary(grouping: edits) { $0.range.lowerBound }.values.sorted {
      $0[0].range.lowerBound > $1[0].range.lowerBound
    }
    var limit = text.endIndex
    for group in groups {
      let range = group[0].range
      if range.upperBound > limit || group.contains(where: { $0.range != range }) {
        stop("\(file): \(group.map { all[$0.number - 1].name }) overlap with others")
      }
      limit = range.lowerBound
      var result = "(\(text[range]))"
      for edit in group {
        if edit.new.contains("planted") {
          if group.count > 1 { stop("\(file): \(group.map { all[$0.number - 1].name }) overlap") }
          result = edit.new.replacingOccurrences(of: "planted", with: "\(call)(\(edit.number))")
        } else {
          result = "(\(call)(\(edit.number)) ? (\(edit.new)) : \(result))"
        }
      }
      text.replaceSubrange(range, with: result)
    }
    text =
      isC
      ? "_Bool minim_planted(int number);\n" + text
      : text + "\n@_silgen_name(\"minim_planted\") private func planted(_ number: Int32) -> Bool\n"
    try? text.write(toFile: path, atomically: true, encoding: .utf8)
  }
  let chooser = """
    #include <stdlib.h>
    _Bool minim_planted(int number) {
      static int chosen = -1;
      if (chosen < 0) { const char *text = getenv("PLANTED"); chosen = text ? atoi(text) : 0; }
      return number == chosen;
    }

    """
  try? chooser.write(toFile: "\(folder)/Sources/CMinimKernels/planted.c", atomically: true, encoding: .utf8)
}

// MARK: - Running

struct Outcome {
  let status: Int32
  let output: String
}

func run(_ program: String, _ arguments: [String], in folder: String, _ number: Int, seconds: Double) -> Outcome {
  let process = Process(), pipe = Pipe()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  process.currentDirectoryURL = URL(fileURLWithPath: folder)
  process.environment = ProcessInfo.processInfo.environment.merging(
    ["PLANTED": String(number), "MINIM_HOME": folder, "SWIFT_BACKTRACE": "enable=no"]) { $1 }
  (process.standardOutput, process.standardError) = (pipe, pipe)
  guard (try? process.run()) != nil else { stop("\(program) cannot be started") }
  // A mistake may make a program wait forever.
  let deadline = DispatchWorkItem {
    process.terminate(); usleep(3_000_000); kill(process.processIdentifier, SIGKILL)
  }
  DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: deadline)
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  deadline.cancel()
  let status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
  return Outcome(status: status, output: String(decoding: output, as: UTF8.self))
}

/// A run's exit status and the verdict of each of its claims.
struct Run {
  let status: Int32
  let verdicts: [String: String]
}

func trained(_ config: String, _ number: Int, in folder: String) -> Run {
  let words = config.split(separator: ",").map(String.init)
  let runs = NSTemporaryDirectory() + "planted-\(getpid())-\(number)"
  defer { try? FileManager.default.removeItem(atPath: runs) }
  let arguments = ["--config", "configs/\(words[0]).json"] + words.dropFirst() + ["--runs", runs, "--quiet"]
  let outcome = run("\(folder)/.build/release/train", arguments, in: folder, number, seconds: 180)
  var verdicts: [String: String] = [:]
  if let data = FileManager.default.contents(atPath: runs + "/latest/claims.json"),
    let file = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
    let claims = file["claims"] as? [[String: Any]]
  {
    for claim in claims { verdicts[claim["id"] as? String ?? "?"] = claim["verdict"] as? String ?? "?" }
  }
  if number == 0, outcome.status != 0 {
    print("\(config): exit \(outcome.status) without a mistake\n\(outcome.output)")
  }
  return Run(status: outcome.status, verdicts: verdicts)
}

/// What a run with a mistake shows, and whether by its exit status; nil if nothing.
func noticed(_ found: Run, _ right: Run) -> (text: String, isProof: Bool)? {
  let changed = right.verdicts.keys.sorted().filter {
    right.verdicts[$0] == "holds" && found.verdicts[$0] != "holds" && found.verdicts[$0] != "notApplicable"
  }
  if found.status != 0, found.status != right.status { return ("exit \(found.status) " + changed.joined(separator: " "), true) }
  return changed.isEmpty ? nil : (changed.joined(separator: " "), false)
}

func testBundle(in folder: String) -> String { "\(folder)/.build/release/minimPackageTests.xctest" }

/// The first tests that fail with a mistake; nil if none does.
func failures(_ pattern: String, _ number: Int, in folder: String) -> String? {
  let outcome = run(
    testBundle(in: folder), ["--testing-library", "swift-testing", "--filter", pattern], in: folder, number,
    seconds: 300)
  // Without the codes of colors.
  let lines = outcome.output.replacing(#/\u{1B}\[[0-9;]*m/#, with: "").components(separatedBy: "\n")
  if !lines.contains(where: { $0.contains("Test run with") && !$0.contains("with 0 tests") }) && outcome.status < 128 {
    stop("no test matches \(pattern)\n\(outcome.output.suffix(500))")
  }
  if outcome.status == 0 { return nil }
  if number == 0 { print(lines.filter { $0.contains("recorded an issue") }.joined(separator: "\n")) }
  let failed = lines.filter { $0.contains("✘ Test ") && $0.contains(" failed after") }
    .compactMap { $0.components(separatedBy: "✘ Test ").last?.components(separatedBy: " failed after").first }
  return failed.first ?? "exit \(outcome.status)"
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 2 else {
  stop("planted.swift plant FOLDER | number FOLDER NAME | run FOLDER [--all-tests] [NAME...]")
}
let folder = URL(fileURLWithPath: arguments[1]).path
let all = mistakes(of: "\(folder)/Tests/Planted")
if arguments[0] == "plant" {
  plant(all, in: folder)
  print("\(all.count) mistakes are planted")
  exit(0)
}
let names = arguments.dropFirst(2).filter { !$0.hasPrefix("--") }
let chosen = all.enumerated().filter { mistake in
  names.isEmpty || names.contains { mistake.element.name == $0 || mistake.element.name.hasPrefix($0 + "-") }
}
if arguments[0] == "number" {
  guard chosen.count == 1 else { stop("\(names.joined(separator: " ")): \(chosen.count) mistakes have this name") }
  print(chosen[0].offset + 1)
  exit(0)
}

// MARK: - The table

let (allTests, noTests) = (arguments.contains("--all-tests"), arguments.contains("--no-tests"))
var right: [String: Run] = [:]
for config in Set(chosen.flatMap(\.element.runs)).sorted() { right[config] = trained(config, 0, in: folder) }
if !noTests {
  // Each pattern alone, so that none matches nothing.
  for pattern in Set(chosen.map(\.element.tests)).sorted() {
    if let failed = failures(pattern, 0, in: folder) { stop("\(failed) fails without a mistake") }
  }
}

/// How many mistakes of a group were noticed by a run, by tests alone, and by nothing.
struct Count {
  var byRun = 0, byTests = 0
  var byNothing: [String] = []
  var all: Int { byRun + byTests + byNothing.count }

  var text: String {
    let rest = byNothing.isEmpty ? "" : " (\(byNothing.joined(separator: ", ")))"
    return "\(all) mistakes: \(byRun) noticed by a run, \(byTests) by tests alone, \(byNothing.count) by nothing\(rest)"
  }
}

var counts: [String: Count] = [:]
for (index, mistake) in chosen {
  let shown = mistake.runs.compactMap { config -> (String, Bool)? in
    guard let right = right[config], let it = noticed(trained(config, index + 1, in: folder), right) else { return nil }
    return ("\(config): \(it.text)", it.isProof)
  }
  let best = shown.first { $0.1 } ?? shown.first
  let test = !noTests && (best == nil || allTests) ? failures(mistake.tests, index + 1, in: folder) : nil
  if best != nil {
    counts[mistake.group, default: Count()].byRun += 1
  } else if test != nil {
    counts[mistake.group, default: Count()].byTests += 1
  } else {
    counts[mistake.group, default: Count()].byNothing.append(mistake.name)
  }
  let tested = test ?? (allTests || best == nil ? "-" : "not run")
  print("\(mistake.name)\t\(mistake.sentence)\t\(best?.0 ?? "-")\t\(tested)")
  fflush(stdout)
}
for group in counts.keys.sorted() { print("\(group): \(counts[group]?.text ?? "")") }
exit(counts.values.allSatisfy(\.byNothing.isEmpty) ? 0 : 1)
