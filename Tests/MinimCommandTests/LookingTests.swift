import Foundation
import MinimConfiguration
import MinimFiles
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
      "override", "default", "--all shows every key", "file small.json:", "nll\n", "P1 ", "control fails: ", "▀",
      "Look at: ",
    ] { #expect(show.output.contains(text), "\(text)") }
    #expect(!show.output.contains("\u{1B}"))
    let words = show.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    // The value, the default, and where the value came from; the rest only on request.
    #expect(words.contains(["optimizer.learningRate", "0.01", "0.001", "override"]))
    #expect(words.contains(["model.channels", "8", "32", "file", "small.json:3:57"]), "\(show.output)")
    #expect(!show.output.contains("optimizer.beta1") && !show.output.contains("optimizer.name"))
    let all = try Self.minim(["show", names[0], "--all"], scratch).output
    let allWords = all.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(allWords.contains(["optimizer.learningRate", "0.01", "override"]))
    #expect(allWords.contains(["optimizer.beta1", "0.9", "default"]))

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

    for (arguments, words) in [
      ([names[0], names[2]], ["optimizer.learningRate", "1 and 2: nll first differs at step 10"]),
      (["state=done", "--group-by", "optimizer.learningRate"], ["paired by seed", "mean, 95 %", "0.02"]),
    ] {
      let file = scratch.path + "/comparison.html"
      let reported = try Self.minim(["compare"] + arguments + ["--report", file], scratch)
      #expect(reported.exitCode == 0 && reported.output.hasSuffix("Look at: \(file)\n"), "\(reported)")
      let page = try String(contentsOfFile: file, encoding: .utf8)
      #expect(page.contains("<svg ") && words.allSatisfy(page.contains) && names.prefix(1).allSatisfy(page.contains))
      #expect(!page.contains("http://") && !page.contains("https://"))
      // A page has one script, its own.
      #expect(page.components(separatedBy: "<script").count == 2)
    }

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
    while tail.outputSoFar.isEmpty, tail.isRunning { usleep(20_000) }
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

  @Test("what takes longer, on a narrow terminal and into a pipe that nobody reads") func slowCommands() throws {
    let (scratch, _) = try Self.runs()
    for command in [["doctor"], ["profile", "small.json"]] {
      let narrow = try Program("minim").run(command, in: scratch.path, columns: 60, terminal: ["TERM": "dumb"])
      #expect(narrow.exitCode == 0 && !narrow.output.isEmpty && !narrow.output.contains("\u{1B}"), "\(command)")
      #expect(try Program("minim").runUnread(command, in: scratch.path) == 0, "\(command)")
      Reliability.record(8, "commands whose reader is gone", 1)
    }
  }

  @Test("training and a sweep on a terminal: a line that is drawn again, or plain ones") func training() throws {
    let scratch = try Scratch()
    _ = try scratch.write(Self.config, to: "small.json")
    let program = Program("train")
    let words = ["--config", "small.json", "training.steps=4000", "intervals.samples=4000"]
    for columns in [60, 200] {
      let live = try program.run(words, in: scratch.path, columns: columns, withErrors: true)
      #expect(live.exitCode == 0 && live.output.contains("\u{1B}[K") && live.output.contains("step 4000/4000"))
      let lines = live.output.split(separator: "\n").flatMap { $0.split(separator: "\r") }
      let drawn = lines.filter { $0.hasPrefix("small  step ") }
      #expect(!drawn.isEmpty && drawn.allSatisfy { $0.replacing("\u{1B}[K", with: "").count < columns })
      for terminal in [["TERM": "dumb"], ["TERM": "xterm", "NO_COLOR": "1"]] {
        let plain = try program.run(words, in: scratch.path, columns: columns, withErrors: true, terminal: terminal)
        #expect(plain.exitCode == 0 && plain.output.contains("step 4000/4000"))
        #expect(plain.output.contains("\u{1B}") == (terminal["TERM"] == "xterm"))
      }
      let sweep = try program.run(
        ["sweep", "--config", "small.json", "seed=0..3"], in: scratch.path, columns: columns, withErrors: true)
      #expect(sweep.exitCode == 0 && sweep.output.contains("4 of 4 runs done") && sweep.output.contains("\u{1B}[J"))
    }
    #expect(try program.runUnread(words, in: scratch.path) == 0)
    Reliability.record(8, "commands whose reader is gone", 1)
  }

  @Test("a shell can complete commands, options, configs and runs") func completions() throws {
    let (scratch, names) = try Self.runs()
    for (program, words) in [
      ("train", ["resume", "sweep", "config"]), ("minim", ["list", "compare", "group-by"]),
    ] {
      for shell in ["bash", "zsh", "fish"] {
        let script = try Program(program).run(["--generate-completion-script", shell], in: scratch.path)
        #expect(script.exitCode == 0 && words.allSatisfy { script.output.contains($0) }, "\(program) \(shell)")
      }
      // A shell that is there finds nothing wrong with its script.
      let file = try scratch.write(
        try Program(program).run(["--generate-completion-script", "bash"], in: scratch.path).output, to: "script")
      #expect(try Program("/bin/bash").run(["-n", file], in: scratch.path).exitCode == 0)
    }
    let runs = try Self.minim(["---completion", "show", "--", "positional@0", "0", "0"], scratch).output
    #expect(Set(runs.split(separator: "\n").map(String.init)).isSuperset(of: names + ["latest"]))
    let configs = try Program("train", environment: ["MINIM_HOME": Project.home]).run(
      ["---completion", "--", "--config", "0", "0"], in: scratch.path
    ).output.split(separator: "\n")
    #expect(configs.contains("small.json") && configs.contains("pixelcnn.json"))
  }

  @Test("terminals of 60 and of 200 columns, without colors, and a pipe that nobody reads") func terminals() throws {
    let (scratch, names) = try Self.runs()
    let program = Program("minim")
    let commands = [
      ["list"], ["show", names[0]], ["plot", names[0], names[1]], ["compare", names[0], names[1]],
      ["compare", "state=done", "--group-by", "optimizer.learningRate"], ["tail", names[0]], ["export", names[0]],
      ["report", names[0]], ["explain", "optimizer", "--config", "small.json"], ["schema", "small.json"],
      ["check", "small.json"], ["eval", names[0]], ["sample", names[0], "--count", "4"], ["masks", "A3,B3"], ["--help"],
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
      Reliability.record(8, "commands whose reader is gone", 1)
    }
    // A claim is a block: its verdict first and in color, then what was measured, then the control.
    let show = try program.run(["show", names[0]], in: scratch.path, columns: 200)
    let lines = show.output.split(whereSeparator: \.isNewline)
    let first = try #require(lines.firstIndex { $0.hasPrefix("\u{1B}[32mholds") && $0.contains("\u{1B}[1mP1") })
    #expect(lines[first].contains("every receptive field is the one implied by the masks"))
    #expect(lines[first + 1].trimmingPrefix(while: { $0 == " " }).hasPrefix("measured 0 = 0: "))
    #expect(lines[first + 2].trimmingPrefix(while: { $0 == " " }).hasPrefix("control fails: "))
    let plot = try program.run(["plot", names[0], names[1]], in: scratch.path, columns: 60)
    #expect(plot.output.contains("\u{1B}[38;5;"))
    let plain = try program.run(["plot", names[0]], in: scratch.path, columns: 60, terminal: ["TERM": "dumb"])
    #expect(plain.output.split(separator: "\n").allSatisfy { $0.count <= 60 })
    let wide = try program.run(["plot", names[0]], in: scratch.path, columns: 200, terminal: ["TERM": "dumb"])
    #expect(wide.output.split(separator: "\n").contains { $0.count > 100 })
  }
}
