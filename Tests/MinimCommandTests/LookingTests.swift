import Foundation
import MinimConfiguration
import MinimTraining
import TestSupport
import Testing

/// What a user does after training: find runs, look at them, compare them; as real processes, on real terminals.
@Suite struct LookingTests {
  private static let config = """
    {
      "name": "small",
      "model": { "name": "pixelcnn", "masks": ["A3", "B3"], "channels": 8, "pointwiseLayers": 1 },
      "data": { "name": "barsAndStripes", "height": 3, "width": 3 },
      "batch": { "examples": 5, "shards": 2 },
      "optimizer": { "learningRate": 0.01 },
      "training": { "steps": 60 },
      "intervals": { "log": 10, "checkpoint": 30, "samples": 60 },
      "samples": 4
    }
    """

  /// Runs of two seeds at two rates, in this order.
  private static func runs() throws -> (scratch: Scratch, names: [String]) {
    let scratch = try Scratch()
    _ = try scratch.write(config, to: "small.json")
    for (rate, seed) in [(0.01, 1), (0.01, 2), (0.02, 1), (0.02, 2)] {
      let result = try Program("train").run(
        ["--config", "small.json", "--quiet", "seed=\(seed)", "optimizer.learningRate=\(rate)"], in: scratch.path)
      #expect(result.exitCode == 0, "\(result.errors)")
    }
    func run(_ seed: Int, _ rate: Double) throws -> String {
      let list = try Program("minim").run(
        ["list", "seed=\(seed)", "optimizer.learningRate=\(rate)", "--tsv"], in: scratch.path)
      return list.output.split(separator: "\n")[1].split(separator: "\t")[0].description
    }
    return (scratch, try [run(1, 0.01), run(2, 0.01), run(1, 0.02), run(2, 0.02)])
  }

  private static func minim(_ arguments: [String], _ scratch: Scratch) throws -> Program.Result {
    try Program("minim").run(arguments, in: scratch.path)
  }

  @Test("list, show, plot, compare, tail and export of four runs") func look() throws {
    let (scratch, names) = try Self.runs()
    #expect(Set(names).count == 4)

    let list = try Self.minim(["list", "--sort", "loss", "--columns", "seed"], scratch)
    let lines = list.output.split(separator: "\n")
    #expect(list.exitCode == 0 && lines.count == 6 && lines[0].hasPrefix("run "), "\(list)")
    #expect(names.allSatisfy { name in lines.contains { $0.hasPrefix(name) } })
    let json = try JSONParser.parse(try Self.minim(["list", "--json", "--sort", "loss"], scratch).output).json
    let losses = (json.array ?? []).compactMap { $0["loss"]?.number }
    #expect(losses.count == 4 && losses == losses.sorted())
    let reversed =
      try JSONParser.parse(
        try Self.minim(["list", "--json", "--sort", "loss", "--reverse"], scratch).output
      ).json.array ?? []
    #expect(reversed.compactMap { $0["loss"]?.number } == losses.reversed())
    #expect(
      json[0]?["state"]?.string == "done" && json[0]?["step"] == 60 && (json[0]?["claims"]?["holds"]?.integer ?? 0) >= 4
    )

    let show = try Self.minim(["show", names[0]], scratch)
    #expect(show.exitCode == 0 && show.output.hasPrefix("\(names[0]): done at step 60"), "\(show)")
    for text in [
      "override", "default", "file small.json:", "nll\n", "P1 ", "control, ", "▀",
      "Look at: ",
    ] { #expect(show.output.contains(text), "\(text)") }
    #expect(!show.output.contains("\u{1B}"))
    let words = show.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(words.contains(["optimizer.learningRate", "0.01", "override"]))

    let plot = try Self.minim(["plot", names[0], names[1], "gradientNorm"], scratch)
    #expect(plot.exitCode == 0 && plot.output.hasPrefix("gradientNorm\n") && plot.output.contains("a \(names[0])"))
    let unknown = try Self.minim(["plot", names[0], "--metric", "gradientnorm"], scratch)
    #expect(unknown.exitCode == 64 && unknown.errors.contains("Did you mean \"gradientNorm\"?"))

    let compare = try Self.minim(["compare", names[0], names[2]], scratch)
    #expect(compare.exitCode == 0 && compare.output.contains("optimizer.learningRate"), "\(compare)")
    #expect(!compare.output.contains("training.steps"))
    #expect(compare.output.contains("1 and 2: nll first differs at step 10: "))
    let same = try Self.minim(["compare", names[0], names[0]], scratch)
    #expect(same.output.contains("The configs are the same.") && same.output.contains("the same to the bit"))
    let grouped = try Self.minim(["compare", "state=done", "--group-by", "optimizer.learningRate"], scratch)
    #expect(grouped.exitCode == 0 && grouped.output.contains("paired by seed"), "\(grouped)")
    let rows = grouped.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(
      rows.contains { $0.starts(with: ["nll", "0.01", "2"]) }
        && rows.contains { $0.starts(with: ["nll", "0.02", "2"]) })

    let tail = try Self.minim(["tail", names[0], "--lines", "2"], scratch)
    #expect(tail.exitCode == 0 && tail.output.split(separator: "\n").count == 2 && tail.output.contains(#""step":60"#))
    let csv = try Self.minim(["export", names[0], "--csv"], scratch).output.split(separator: "\n")
    #expect(csv.count == 7 && csv[0] == "step,epoch,examples,nll,gradientNorm" && csv[6].hasPrefix("60,"))
    let metrics = try String(contentsOfFile: scratch.path + "/runs/\(names[0])/metrics.jsonl", encoding: .utf8)
    let first = try JSONParser.parse(String(metrics.split(separator: "\n")[0])).json
    let cells = csv[1].split(separator: ",").map(String.init)
    let examples = try #require(first["examples"]?.integer), nll = try #require(first["nll"]?.number)
    #expect(cells[0] == "10" && cells[2] == "\(examples)" && cells[3] == "\(nll)")
  }

  @Test("a killed run, one without files, and no run at all") func states() throws {
    let scratch = try Scratch()
    let none = try Self.minim(["list"], scratch)
    #expect(none.exitCode == 0 && none.output == "runs holds no runs yet\n")
    _ = try scratch.write(Self.config, to: "small.json")
    let process = try Program("train").start(
      ["--config", "small.json", "--quiet", "training.steps=100000000", "intervals.log=1000"], in: scratch.path)
    func json() throws -> JSON { try JSONParser.parse(try Self.minim(["list", "--json"], scratch).output).json }
    while try json()[0]?["loss"]?.number == nil { usleep(20_000) }
    #expect(try json()[0]?["state"]?.string == "running")
    // What comes is shown until the run is gone.
    let tail = try Program("minim").start(["tail", "latest", "--lines", "0"], in: scratch.path)
    usleep(500_000)
    process.signal(SIGKILL)
    _ = process.wait()
    let told = tail.wait()
    #expect(told.exitCode == 0 && told.output.hasPrefix(#"{"step":"#), "\(told)")
    #expect(try json()[0]?["state"]?.string == "killed")
    #expect(try Self.minim(["show", "latest"], scratch).exitCode == 0)
    try FileManager.default.createDirectory(atPath: scratch.path + "/runs/empty", withIntermediateDirectories: true)
    let empty = try Self.minim(["list", "run=empty", "--tsv"], scratch)
    #expect(empty.output.hasSuffix("empty\t?\tunknown\t0\t-\t-\t-\n"))
    let plot = try Self.minim(["plot", "empty"], scratch)
    #expect(plot.exitCode == 66 && plot.errors.contains("metrics.jsonl"))
    for wrong in [
      ["list", "nonsense"], ["list", "--sort", "nonsense"], ["compare", "empty"], ["list", "--json", "--tsv"],
    ] {
      #expect(try Self.minim(wrong, scratch).exitCode == 64, "\(wrong)")
    }
  }

  @Test("terminals of 60 and of 200 columns, without colours, and a pipe that nobody reads") func terminals() throws {
    let (scratch, names) = try Self.runs()
    let program = Program("minim")
    let commands = [
      ["list"], ["show", names[0]], ["plot", names[0], names[1]], ["compare", names[0], names[1]],
      ["tail", names[0]], ["export", names[0]],
    ]
    for command in commands {
      for columns in [60, 200] {
        let colored = try program.run(command, in: scratch.path, columns: columns)
        #expect(colored.exitCode == 0 && !colored.output.isEmpty, "\(command)")
        let plain = try program.run(
          command, in: scratch.path, columns: columns, terminal: ["TERM": "xterm-256color", "NO_COLOR": "1"])
        #expect(plain.exitCode == 0 && !plain.output.contains("\u{1B}"), "\(command)")
        let dumb = try program.run(command, in: scratch.path, columns: columns, terminal: ["TERM": "dumb"])
        #expect(dumb.exitCode == 0 && !dumb.output.contains("\u{1B}"), "\(command)")
      }
      #expect(try program.runUnread(command, in: scratch.path) == 0, "\(command)")
    }
    let plot = try program.run(["plot", names[0], names[1]], in: scratch.path, columns: 60)
    #expect(plot.output.contains("\u{1B}[38;5;"))
    let plain = try program.run(["plot", names[0]], in: scratch.path, columns: 60, terminal: ["TERM": "dumb"])
    #expect(plain.output.split(separator: "\n").allSatisfy { $0.count <= 60 })
    let wide = try program.run(["plot", names[0]], in: scratch.path, columns: 200, terminal: ["TERM": "dumb"])
    #expect(wide.output.split(separator: "\n").contains { $0.count > 100 })
  }
}
