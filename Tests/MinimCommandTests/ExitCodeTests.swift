import Foundation
import TestSupport
import Testing

/// The tables of signals and exit codes in the docs: each row, as a user meets it.
@Suite struct ExitCodeTests {
  /// The rows of the table below a heading, each as its cells.
  private static func table(below heading: String) throws -> [[String]] {
    let part = try String(contentsOfFile: Project.home + "/docs/clusters.md", encoding: .utf8).components(
      separatedBy: "## "
    ).first { $0.hasPrefix(heading) }
    let rows = try #require(part).split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| | ") }
    return rows.map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
  }

  /// How a user comes to a code: a line of bash in which the word train starts the program, and a part of what is said.
  private struct Case {
    let code: String, line: String, words: String

    init(_ code: String, _ line: String, _ words: String) { (self.code, self.line, self.words) = (code, line, words) }
  }

  /// A run that goes on until it is stopped.
  private static let long = "train --config tiny.json --quiet training.steps=100000000 intervals.log=1000"
  /// Waits until a run in a folder has begun.
  private static let begun = "for i in $(seq 600); do [ -s out/metrics.jsonl ] && break; sleep 0.05; done"

  private static let cases = [
    Case("0", "train --config tiny.json --quiet", ""),
    Case(
      "3", "train --config tiny.json --quiet optimizer.learningRate=1000000 optimizer.weightDecay=1 training.steps=200",
      "Diverged at"),
    Case("64", "train --config tiny.json --no-such-option", "no-such-option"),
    Case(
      "65", "train --config tiny.json --quiet --into out && echo x > out/metrics.jsonl && train resume out",
      "out/metrics.jsonl"),
    Case("66", "train --config nothing.json", "nothing.json error  not found"),
    Case(
      "70", "train --config small.json --quiet 'model.masks=[\"B3\",\"B3\"]' model.allowLeak=true training.steps=20",
      "beyond doubt"),
    Case("71", "ulimit -v 150000; train --config game.json --quiet --workers 1", "ulimit -v"),
    Case("73", "train --config tiny.json --quiet --into tiny.json", "tiny.json"),
    Case("74", "train --config tiny.json --quiet > /dev/full", "standard output"),
    Case(
      "75", "\(long) --into out & \(begun); \(long) --into out; code=$?; kill -9 $!; exit $code", "is being written by"),
    Case("78", "train --config tiny.json model.latent=-1", "latent"),
    Case("124", "\(long) --time-limit 1s", "train resume"),
    Case(
      "128 + n", "\(long) --into out & \(begun); kill -USR1 $!; wait $!; exit $(($? - 138 ? 1 : 128))", "train resume"),
  ]

  @Test("each code is documented, and comes as documented") func codes() throws {
    #expect(try Self.table(below: "Exit codes").map { $0[0] } == Self.cases.map(\.code))
    for it in Self.cases {
      let scratch = try Scratch()
      _ = try scratch.write(TinyRun.named("vae").config(), to: "tiny.json")
      _ = try scratch.write(SmallRun.config, to: "small.json")
      _ = try scratch.write(TinyRun.named("bilinear").config(), to: "game.json")
      let program = Program("train").through(
        it.line.replacing("train --", with: "\"$1\" --").replacing("train resume", with: "\"$1\" resume"))
      let result = try program.run([], in: scratch.path)
      let code = it.code == "128 + n" ? 128 : try #require(Int32(it.code))
      #expect(
        result.exitCode == code && (it.words.isEmpty || result.errors.contains(it.words)), "\(it.line): \(result)")
    }
  }

  @Test("the signals are those that the tests send, with their codes") func signals() throws {
    let rows = try Self.table(below: "Signals")
    let documented = rows.compactMap { row in Int32(row[2]).map { (row[0], $0) } }
    let names = [
      SIGTERM: "SIGTERM", SIGINT: "SIGINT", SIGHUP: "SIGHUP", SIGUSR1: "SIGUSR1", SIGUSR2: "SIGUSR2",
      SIGXCPU: "SIGXCPU",
    ]
    for (signal, code) in SignalTests.all {
      let name = try #require(names[signal])
      #expect(documented.contains { $0.0.hasPrefix(name) && $0.1 == code }, "\(name)")
    }
    #expect(documented.count == SignalTests.all.count + 1)
  }
}
