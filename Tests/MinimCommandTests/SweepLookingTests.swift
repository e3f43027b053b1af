import Foundation
import MinimConfiguration
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// A sweep, found and compared like a run: as real processes.
@Suite struct SweepLookingTests {
  private static let config = """
    {
      "name": "small",
      "model": { "name": "pixelcnn", "masks": ["A3", "B3"], "channels": 8, "pointwiseLayers": 1 },
      "data": { "name": "barsAndStripes", "height": 3, "width": 3 },
      "batch": { "examples": 5, "shards": 2 },
      "training": { "steps": 40 },
      "intervals": { "log": 10, "checkpoint": 20, "samples": 40 },
      "samples": 4
    }
    """

  /// A sweep over these values; and its name.
  private static func sweep(_ words: [String]) throws -> (scratch: Scratch, name: String) {
    let scratch = try Scratch()
    _ = try scratch.write(config, to: "small.json")
    let result = try Program("train").run(["sweep", "--config", "small.json", "--quiet"] + words, in: scratch.path)
    #expect(result.exitCode == 0, "\(result)")
    let name = try #require(FileStore().linkTarget(scratch.path + "/runs/latest"))
    #expect(result.output.contains("Compare: minim compare \(name)\n"), "\(result)")
    return (scratch, name)
  }

  private static func minim(_ arguments: [String], _ scratch: Scratch) throws -> Program.Result {
    try Program("minim").run(arguments, in: scratch.path)
  }

  private static func words(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
  }

  private static let keys = ["seed=0..2", "optimizer.learningRate=0.01,0.02"]

  @Test("list has it in one row, and its runs by its name") func list() throws {
    let (scratch, name) = try Self.sweep(Self.keys)
    let list = try Self.minim(["list"], scratch).output.split(separator: "\n")
    #expect(list.count == 3 && list[2].hasPrefix("\(name)  pixelcnn  6 of 6 done"), "\(list)")
    let json = try JSONParser.parse(try Self.minim(["list", "--json", "--columns", "seed"], scratch).output).json
    #expect(json[0]?["kind"] == "sweep" && json[0]?["state"] == "done" && json[0]?["runs"] == 6)
    #expect(json[0]?["done"] == 6 && json[0]?["seed"] == ["0", "1", "2"] && json[0]?["model"] == "pixelcnn")
    for (filter, count) in [
      ("state=done", 1), ("seed=1", 1), ("optimizer.learningRate=0.02", 1), ("seed=3", 0), ("state=running", 0),
    ] {
      let found = try JSONParser.parse(try Self.minim(["list", filter, "--json"], scratch).output).json
      #expect(found.array?.count == count, "\(filter)")
    }
    let members = try Self.minim(["list", name, "seed=1", "--tsv"], scratch).output.split(separator: "\n")
    #expect(members.count == 3 && members[0].hasSuffix("\tseed\toptimizer.learningRate"))
    #expect(members[1].hasPrefix("\(name)/0003\tpixelcnn\tdone\t40\t") && members[2].hasSuffix("\t1\t0.02"))
    for wrong in [["list", "nonsense"], ["list", "latest/1"]] {
      let result = try Self.minim(wrong, scratch)
      #expect(result.exitCode == 64 && result.errors.contains("list takes"), "\(result)")
    }
  }

  @Test("show has what varies, its runs and the best; compare groups by what varies; plot has each run")
  func look() throws {
    let (scratch, name) = try Self.sweep(Self.keys)
    let entries = SweepDirectory(recovering: scratch.path + "/runs/" + name).entries()
    let losses = entries.compactMap { $0.entry.record.loss?.value }
    #expect(Set(losses).count == 6)
    let best = try #require(losses.indices.min { losses[$0] < losses[$1] })

    let show = try Self.minim(["show", "latest"], scratch)
    #expect(show.exitCode == 0 && show.output.hasPrefix("\(name): 6 of 6 done in "), "\(show)")
    let rows = Self.words(show.output)
    #expect(
      rows.contains(["seed", "0,", "1,", "2"]) && rows.contains { $0.prefix(4) == ["0004", "1", "0.02", "done"] })
    #expect(
      show.output.contains("Lowest nll in the last step: ") && show.output.contains("in \(name)/000\(best + 1) ("))

    let compare = try Self.minim(["compare", name, "--report", "page.html"], scratch)
    #expect(compare.exitCode == 0 && compare.output.contains("paired by seed"), "\(compare)")
    let groups = Self.words(compare.output).filter { $0.first == "nll" }
    #expect(
      groups.count == 3 && groups[0].prefix(3) == ["nll", "0.01", "3"] && groups[1].prefix(3) == ["nll", "0.02", "3"])
    let page = try String(contentsOfFile: scratch.path + "/page.html", encoding: .utf8)
    #expect(page.contains("by optimizer.learningRate"))
    // The same, asked for.
    let asked = try Self.minim(["compare", "model=pixelcnn", "--group-by", "optimizer.learningRate"], scratch)
    #expect(asked.output == compare.output.replacing("Look at: page.html\n", with: ""))
    let two = try Self.minim(["compare", "latest", "--group-by", "optimizer.learningRate,seed"], scratch).output
    #expect(Self.words(two).contains { $0.prefix(4) == ["nll", "0.01,", "0", "1"] }, "\(two)")
    let wrong = try Self.minim(["compare", "latest", "--group-by", "optimizer.learningRat"], scratch)
    #expect(wrong.exitCode == 64 && wrong.errors.contains("Did you mean \"optimizer.learningRate\"?"))

    let plot = try Self.minim(["plot", "latest", "gradientNorm"], scratch)
    #expect(plot.exitCode == 0 && plot.output.hasPrefix("gradientNorm of \(name)\n"), "\(plot)")
    #expect(plot.output.contains("f 0006  seed=2  optimizer.learningRate=0.02"))
    try FileManager.default.removeItem(atPath: scratch.path + "/runs/\(name)/report.html")
    let report = try Self.minim(["report", "latest"], scratch)
    #expect(report.exitCode == 0 && report.output == "Look at: runs/\(name)/report.html\n")
    #expect(FileManager.default.fileExists(atPath: scratch.path + "/runs/\(name)/report.html"))
  }

  @Test("without seeds or with nothing else, a sweep is compared side by side or as one group") func kinds() throws {
    let (plain, name) = try Self.sweep(["optimizer.learningRate=0.01,0.02"])
    let sides = try Self.minim(["compare", "latest"], plain).output
    #expect(sides.hasPrefix("1  \(name)/0001: done at step 40\n") && sides.contains("1 and 2: nll first differs"))
    let (seeds, _) = try Self.sweep(["seed=0..2"])
    let group = try Self.minim(["compare", "latest"], seeds).output
    #expect(Self.words(group).contains { $0.prefix(3) == ["nll", "small", "3"] }, "\(group)")
  }

  @Test("every command that takes a run takes a sweep's, and says so of a sweep") func members() throws {
    let (scratch, name) = try Self.sweep(["seed=0,1"])
    let commands = [
      ["show"], ["tail", "--once"], ["export"], ["eval"], ["sample", "--count", "4"], ["report"], ["plot"],
    ]
    for command in commands {
      for member in ["latest/2", "\(name)/0002", "\(name.dropLast(1))/2", "runs/latest/0002"] {
        let result = try Self.minim([command[0], member] + command.dropFirst(), scratch)
        #expect(result.exitCode == 0 && !result.output.isEmpty, "\(command) \(member): \(result)")
      }
    }
    #expect(try Self.minim(["show", "latest/2"], scratch).output.hasPrefix("\(name)/0002: done at step 40"))
    let events = try Self.minim(["export", "latest/2", "--tensorboard", "--output", "events"], scratch)
    #expect(events.exitCode == 0 && FileManager.default.fileExists(atPath: scratch.path + "/events/\(name)/0002"))
    let resumed = try Program("train").run(["resume", "latest/1", "--quiet"], in: scratch.path)
    #expect(resumed.exitCode == 0, "\(resumed)")
    for command in ["tail", "export", "eval", "sample"] {
      let result = try Self.minim([command, "latest"], scratch)
      #expect(result.exitCode == 64 && result.errors.contains("Name one of them: \(name)/0001"), "\(result)")
    }
    let runs = try Self.minim(["---completion", "show", "--", "positional@0", "1", "0"], scratch).output
    #expect(runs.split(separator: "\n").contains { $0 == name }, "\(runs)")
    let again = try Program("train").run(["sweep", "--resume", "latest", "--quiet"], in: scratch.path)
    #expect(again.exitCode == 0 && again.output.hasPrefix("2 runs in runs/\(name)"), "\(again)")
    let single = try Program("train").run(["sweep", "--resume", "latest/1", "--quiet"], in: scratch.path)
    #expect(single.exitCode == 64 && single.errors.contains("is not a sweep"), "\(single)")
  }

  @Test("files that are missing or damaged are no error") func damaged() throws {
    let (scratch, name) = try Self.sweep(Self.keys)
    let folder = scratch.path + "/runs/" + name
    try FileManager.default.removeItem(atPath: folder + "/0002/config.json")
    try FileManager.default.removeItem(atPath: folder + "/0004")
    try FileManager.default.removeItem(atPath: folder + "/0005/metrics.jsonl")
    try "{".write(toFile: folder + "/0003/status.json", atomically: true, encoding: .utf8)
    let commands = [["list"], ["list", name], ["show", name], ["compare", name], ["plot", name], ["report", name]]
    for isDescribed in [true, false] {
      if !isDescribed { try "[".write(toFile: folder + "/sweep.json", atomically: true, encoding: .utf8) }
      for command in commands {
        let result = try Self.minim(command, scratch)
        #expect(result.exitCode == 0 && !result.output.isEmpty, "\(command): \(result)")
        // What is damaged is told once, by those who read it.
        var told = result.errors.split(separator: "\n")
        let reason = "sweep.json: cannot read: it does not describe a sweep. The runs of \(name) are those that have "
        let lost = told.filter { $0.contains(reason) }
        #expect(lost.count == (isDescribed ? 0 : 1), "\(command): \(result)")
        told.removeAll { lost.contains($0) }
        #expect(told.count == (command[0] == "plot" ? 0 : 1), "\(command): \(result)")
        #expect(told.allSatisfy { $0.contains("/0003/status.json: cannot read: it is not the status of a run") })
      }
      let show = try Self.minim(["show", name], scratch).output
      #expect(show.hasPrefix("\(name): 4 of 6 done, 1 unknown"), "\(show)")
      #expect(Self.words(show).contains { $0.first == "0004" && $0.contains("pending") }, "\(show)")
      let missing = try Self.minim(["show", "\(name)/4"], scratch)
      #expect(missing.exitCode == 66 && missing.errors.contains("has not begun"), "\(missing)")
    }
    let empty = scratch.path + "/runs/29990101-000000-none-sweep-0000"
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    try FileStore().writeAtomically(#"{"configs":[],"axes":[],"draws":0}"#, to: empty + "/sweep.json")
    for (command, code) in [("show", 0), ("compare", 64), ("plot", 66), ("report", 0), ("list", 0)] as [(String, Int32)]
    {
      let result = try Self.minim([command, "2999"], scratch)
      #expect(
        result.exitCode == code && (result.output + result.errors).contains("none-sweep-0000"), "\(command): \(result)")
    }
  }
}
