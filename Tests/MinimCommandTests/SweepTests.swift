import Foundation
import MinimConfiguration
import MinimTraining
import TestSupport
import Testing

/// Sweeps as real processes: the runs are those that one would have alone, each exactly once whatever happens.
@Suite struct SweepTests {
  private static let config = """
    {
      "name": "game",
      "model": { "name": "bilinear" },
      "data": { "name": "none" },
      "optimizer": { "name": "sgd", "learningRate": 0.1 },
      "training": { "steps": 30 },
      "intervals": { "log": 5, "checkpoint": 10, "samples": 30 },
      "precision": "float64",
      "samples": 4
    }
    """

  private static func scratch() throws -> Scratch {
    let scratch = try Scratch()
    _ = try scratch.write(config, to: "game.json")
    return scratch
  }

  private static func sweep(_ scratch: Scratch, _ arguments: [String]) throws -> Program.Result {
    try Program("train").run(["sweep"] + arguments, in: scratch.path)
  }

  private static func folder(_ scratch: Scratch, _ runs: String = "runs") throws -> String {
    try #require(found(scratch, runs))
  }

  /// The folder of the sweep, once it says what it is made of.
  private static func found(_ scratch: Scratch, _ runs: String) -> String? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: scratch.path + "/" + runs)) ?? []
    return names.filter { $0.contains("-sweep-") }.map { scratch.path + "/" + runs + "/" + $0 }.first {
      FileManager.default.fileExists(atPath: $0 + "/sweep.json")
    }
  }

  /// Metrics and last samples of each run, by its number.
  private static func results(_ folder: String) throws -> [String: String] {
    var results: [String: String] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) where Int(name) != nil {
      let run = RunDirectory(path: folder + "/" + name)
      let samples = try Data(contentsOf: URL(fileURLWithPath: run.samples + "/final.npy"))
      results[name] = run.metricsText + samples.base64EncodedString() + RunRecord(run).state.rawValue
    }
    return results
  }

  private static let words = ["seed=0..2", "optimizer.learningRate=0.1,0.2"]

  @Test("each run is the one that it is alone; the table has them all") func alone() throws {
    let scratch = try Self.scratch()
    let result = try Self.sweep(scratch, ["--config", "game.json", "--quiet"] + Self.words)
    #expect(result.exitCode == 0 && result.output.contains("6 runs in runs/"), "\(result)")
    let folder = try Self.folder(scratch)
    #expect(try Self.results(folder).keys.sorted() == (1...6).map { "000\($0)" })
    // The fourth: seed 1 at 0.2.
    let own = try Program("train").run(
      ["--config", "game.json", "--quiet", "--runs", "alone", "seed=1", "optimizer.learningRate=0.2"], in: scratch.path)
    #expect(own.exitCode == 0)
    let (one, member) = (
      RunDirectory(path: scratch.path + "/alone/latest/"), RunDirectory(path: folder + "/0004")
    )
    #expect(one.metricsText == member.metricsText && !one.metricsText.isEmpty)
    for file in ["samples/final.npy", "claims.json", "evaluation.json"] {
      let bytes = try [one, member].map { try Data(contentsOf: URL(fileURLWithPath: $0.path + "/" + file)) }
      #expect(bytes[0] == bytes[1], "\(file)")
    }
    let table = try String(contentsOfFile: folder + "/sweep.csv", encoding: .utf8).split(separator: "\n")
    #expect(table[0] == "run,seed,optimizer.learningRate,state,metric,value")
    let name = folder.split(separator: "/").last.map(String.init) ?? ""
    #expect(Set(table.dropFirst().map { $0.prefix { $0 != "," } }).count == 6)
    #expect(table[1].hasPrefix("\(name)/0001,0,0.1,done,"), "an id that readers of CSV take for text")
    let page = try String(contentsOfFile: folder + "/report.html", encoding: .utf8)
    #expect(
      page.contains("<svg ") && page.contains("<th scope=\"row\"><a href=\"0006/report.html\">0006</a></th>")
        && !page.contains("http://"))
    #expect(result.output.hasSuffix("/report.html\n"))
    #expect(FileManager.default.fileExists(atPath: folder + "/sweep.png"))
    let list = try Program("minim").run(["list", "--runs", folder, "seed=1"], in: scratch.path)
    #expect(list.exitCode == 0 && list.output.split(separator: "\n").count == 4)
  }

  /// The long tests kill ten times while 2,000 runs train.
  private static let isLong = ProcessInfo.processInfo.environment["MINIM_ALL_TESTS"] != nil

  @Test("killed again and again and resumed, every run is there once, as if nothing had been") func kills() throws {
    let scratch = try Self.scratch()
    let count = Self.isLong ? 2000 : 40
    let words = ["seed=0..\(count - 1)", "training.steps=30"]
    let whole = try Self.sweep(scratch, ["--config", "game.json", "--quiet", "--runs", "whole"] + words)
    #expect(whole.exitCode == 0, "\(whole.errors)")
    let first = try Program("train").start(
      ["sweep", "--config", "game.json", "--quiet", "--runs", "killed"] + words, in: scratch.path)
    while Self.found(scratch, "killed") == nil, first.isRunning { usleep(1000) }
    usleep(UInt32.random(in: 0...(Self.isLong ? 1_000_000 : 100_000)))
    first.signal(SIGKILL)
    _ = first.wait()
    let folder = try Self.folder(scratch, "killed")
    for _ in 0..<(Self.isLong ? 9 : 3) {
      let process = try Program("train").start(["sweep", "--resume", folder, "--quiet"], in: scratch.path)
      usleep(UInt32.random(in: 20_000...(Self.isLong ? 1_500_000 : 150_000)))
      process.signal(SIGKILL)
      _ = process.wait()
    }
    // A stop by a signal saves and says how to go on.
    let stopped = try Program("train").start(["sweep", "--resume", folder, "--quiet"], in: scratch.path)
    usleep(40_000)
    stopped.signal(SIGTERM)
    let told = stopped.wait()
    #expect([0, 128 + SIGTERM].contains(told.exitCode))
    let last = try Self.sweep(scratch, ["--resume", folder, "--quiet"])
    #expect(last.exitCode == 0, "\(last.errors)")
    #expect(try Self.results(folder) == Self.results(Self.folder(scratch, "whole")))
    #expect(try Self.results(folder).count == count)
    // Each run stands once in the table, in order.
    let table = try String(contentsOfFile: folder + "/sweep.csv", encoding: .utf8).split(separator: "\n").dropFirst()
    var ids: [Substring] = []
    for line in table {
      let id = line.prefix { $0 != "," }.suffix(4)
      if id != ids.last { ids.append(id) }
    }
    #expect(ids == (1...count).map { Substring(String(repeating: "0", count: max(0, 4 - "\($0)".count)) + "\($0)") })
  }

  @Test("draws of intervals, from a file and resumed, are the same draws") func draws() throws {
    let scratch = try Self.scratch()
    _ = try scratch.write(
      #"{"optimizer.learningRate": "loguniform(0.01,0.2)", "seed": "0..9", "optimizer.momentum": [0, 0.5]}"#,
      to: "grid.json")
    let words = ["--config", "game.json", "--quiet", "--draws", "6"]
    for (runs, more) in [
      ("file", ["--grid", "grid.json"]),
      ("words", ["optimizer.learningRate=loguniform(0.01,0.2)", "seed=0..9", "optimizer.momentum=0,0.5"]),
    ] {
      let result = try Self.sweep(scratch, words + more + ["--runs", runs])
      #expect(result.exitCode == 0 && result.output.hasPrefix("6 runs in \(runs)/"), "\(result)")
    }
    let folders = try [Self.folder(scratch, "file"), Self.folder(scratch, "words")]
    #expect(try Self.results(folders[0]) == Self.results(folders[1]))
    // A run that is missing is drawn as it was.
    try FileManager.default.removeItem(atPath: folders[0] + "/0004")
    #expect(try Self.sweep(scratch, ["--resume", folders[0], "--quiet"]).exitCode == 0)
    #expect(try Self.results(folders[0]) == Self.results(folders[1]))
    let rates = (1...6).compactMap {
      RunRecord(RunDirectory(path: folders[0] + "/000\($0)")).value("optimizer.learningRate").flatMap { Double($0) }
    }
    #expect(Set(rates).count == 6 && rates.allSatisfy { (0.01...0.2).contains($0) })
  }

  @Test("a run that diverges is named, and the others go on; or not") func failures() throws {
    let scratch = try Self.scratch()
    let words = [
      "--config", "game.json", "--quiet", "training.steps=100", "optimizer.learningRate=0.1,1000000,0.2", "--workers",
      "1",
    ]
    let result = try Self.sweep(scratch, words)
    #expect(
      result.exitCode == 3
        && result.errors.contains("run 0002 (training.steps=100 optimizer.learningRate=1000000): diverged"), "\(result)"
    )
    let folder = try Self.folder(scratch)
    let states = (1...3).map { RunRecord(RunDirectory(path: folder + "/000\($0)")).state }
    #expect(states == [.done, .diverged, .done])
    let fast = try Self.sweep(scratch, words + ["--fail-fast", "--runs", "fast"])
    #expect(fast.exitCode == 3)
    let stopped = try Self.folder(scratch, "fast")
    #expect(!FileManager.default.fileExists(atPath: stopped + "/0003"))
  }

  @Test("mistakes are told before anything is made") func mistakes() throws {
    let scratch = try Self.scratch()
    for (arguments, code, text) in [
      (["--config", "game.json", "optimizer.learningRat=1,2"], 78, "Did you mean"),
      (["--config", "game.json", "optimizer.learningRate=0.1,-3"], 78, "learningRate"),
      (["--config", "game.json", "seed=5..2"], 64, "from the smaller to the larger"),
      (["seed=0..2"], 64, "no config given"), (["--resume", "nowhere"], 66, "nowhere"),
      (["--resume", "x", "seed=1"], 64, "leave out the rest"),
      (["--config", "game.json", "--draws", "0"], 64, "--draws"),
      (["--config", "game.json", "optimizer.learningRate=uniform(0,1)"], 64, "--draws N"),
      (["--config", "game.json", "--draws", "2", "optimizer.learningRate=uniform(-3,1)"], 78, "learningRate"),
      (["--config", "game.json", "--grid", "/dev/null"], 78, "/dev/null"),
      (["--config", "game.json", "--grid", "no"], 66, "no"),
    ] as [([String], Int32, String)] {
      let result = try Self.sweep(scratch, arguments)
      #expect(result.exitCode == code && result.errors.contains(text), "\(arguments): \(result)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["game.json"])
  }
}

extension RunDirectory {
  fileprivate var metricsText: String { (try? String(contentsOfFile: metrics, encoding: .utf8)) ?? "" }
}
