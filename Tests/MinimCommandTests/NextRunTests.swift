import Foundation
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// What a user does after the first run: train it longer, start another from it, and change one word of its config.
@Suite struct NextRunTests {
  private static let constant = ["optimizer.schedule.name=constant"]

  private func train(_ small: SmallRun, _ arguments: [String]) throws -> Program.Result {
    try Program("train").run(arguments, in: small.scratch.path)
  }

  @Test("a finished run with more steps is the run of so many steps, killed or not", arguments: [0, 8])
  func longer(_ kills: Int) throws {
    let (small, whole) = (try SmallRun(), try SmallRun())
    try small.train(Self.constant + ["training.steps=303"])
    try whole.train(Self.constant + ["training.steps=1500"])
    let words = ["resume", "latest", "training.steps=1500"]
    for _ in 0..<kills {
      let process = try Program("train").start(words + ["--quiet"], in: small.scratch.path)
      usleep(UInt32.random(in: 5_000...60_000))
      process.signal(SIGKILL)
      _ = process.wait()
    }
    let result = try train(small, words)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(
      kills > 0 || result.errors.contains("training.steps: 303 -> 1500, from step 300, because the old last step was"),
      "\(result.errors)")
    #expect(try small.fingerprint(step: 1500) == whole.fingerprint(step: 1500))
    for file in ["config.json", "claims.json", "evaluation.json"] {
      #expect(try small.file(file) == whole.file(file), "\(file)")
    }
    let status = String(decoding: try small.file("status.json"), as: UTF8.self)
    #expect(status.hasPrefix(#"{"state":"done","step":1500,"exitCode":0"#))
    #expect(String(decoding: try small.file("report.html"), as: UTF8.self).contains("It first had 303 steps."))
    #expect(String(decoding: try small.file("sources.json"), as: UTF8.self).contains(#""training.steps": "override""#))
    let again = try train(small, ["resume", "latest", "--quiet"])
    #expect(again.exitCode == 0 && again.output.contains("step-00001500.png"))
    let eval = try Program("minim").run(["eval", "latest"], in: small.scratch.path)
    #expect(eval.exitCode == 0 && eval.output.hasPrefix("Parameters of step 1500"))
  }

  @Test("where more steps would change those taken, it says what to do, and that works") func cosine() throws {
    let small = try SmallRun()
    try small.train()
    let before = try small.fingerprint()
    let refused = try train(small, ["resume", "latest", "training.steps=500"])
    #expect(refused.exitCode == 78)
    for word in ["training.steps: 300 -> 500", "optimizer.schedule.name is cosine"] {
      #expect(refused.errors.contains(word), "\(refused.errors)")
    }
    #expect(try small.fingerprint() == before)
    let commands = refused.errors.split(separator: "\n").compactMap { line in
      line.firstRange(of: ": train ").map { line[$0.upperBound...].split(separator: " ").map(String.init) }
    }
    #expect(commands.count == 2)
    for (words, steps) in zip(commands, [500, 200]) {
      let result = try train(small, words + ["--quiet"])
      #expect(result.exitCode == 0 && result.output.contains("step-00000\(steps).png"), "\(words): \(result)")
    }
  }

  @Test("a run starts from another's parameters, says which, and resumes to the same bits") func from() throws {
    let small = try SmallRun()
    try small.train()
    let source = try FileManager.default.destinationOfSymbolicLink(atPath: small.latest)
    let words = ["--config", "small.json", "--from", "latest", "training.steps=2000", "model.masks=[\"A3\",\"B5\"]"]
    let first = try train(small, words)
    #expect(first.exitCode == 0, "\(first.errors)")
    #expect(first.errors.hasPrefix("From \(source) (config "))
    #expect(first.errors.contains("7 of 8 parameters match. Parameters of step 300"))
    #expect(first.errors.contains("  other shape: masked.1.weight [13, 8, 8] here, [5, 8, 8] there\n"))
    let expected = try small.fingerprint(step: 2000)
    let page = String(decoding: try small.file("report.html"), as: UTF8.self)
    #expect(page.contains("Started from the raw parameters of \(source) at step 300."))

    let named = ["--from", String(source.prefix(30)), "--quiet"]
    let killed = try Program("train").start(
      ["--config", "small.json"] + named + Array(words.suffix(2)), in: small.scratch.path)
    while killed.isRunning,
      ((try? small.file("config.json").count) ?? 0) == 0
        || (try? FileManager.default.destinationOfSymbolicLink(atPath: small.latest)) == source
    { usleep(500) }
    killed.signal(SIGKILL)
    _ = killed.wait()
    try FileManager.default.removeItem(atPath: small.scratch.path + "/runs/" + source)
    let resumed = try train(small, ["resume", "latest", "--quiet"])
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(try small.fingerprint(step: 2000) == expected)
    try small.train(Array(words.suffix(2)))
    #expect(try small.fingerprint(step: 2000) != expected)
  }

  @Test("a start that cannot be is refused before anything is made") func wrongStarts() throws {
    let small = try SmallRun()
    try small.train()
    for (arguments, code, text) in [
      (["--config", "small.json", "--from", "nothing"], 66, "nothing"),
      (
        ["--config", "small.json", "--from", "latest", "model.name=vae", "data.name=linearGaussian"], 78,
        "no parameter of"
      ),
      (["sweep", "--config", "small.json", "--from", "latest", "seed=1,2"], 64, "one at a time"),
    ] as [([String], Int32, String)] {
      let result = try train(small, arguments)
      #expect(result.exitCode == code && result.errors.contains(text), "\(arguments): \(result)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: small.scratch.path + "/runs").count == 2)
  }

  @Test("one word swaps a data set, and one line says what no longer applies") func oneWord() throws {
    let scratch = try Scratch()
    let minim = Program("minim", environment: ShortRun.home), train = Program("train", environment: ShortRun.home)
    let note = "data.name=ring replaces twoMoons: data.noise no longer applies; data.rows=0 is kept\n"
    let printed = try train.run(["--config", "realnvp.json", "data.name=ring", "--print-config"], in: scratch.path)
    #expect(printed.exitCode == 0 && printed.errors == note)
    #expect(try JSONParser.parse(printed.output).json["data"]?["rows"] == 0)
    let check = try minim.run(["check", "realnvp", "data.name=ring", "training.steps=7"], in: scratch.path)
    #expect(check.exitCode == 0 && check.errors == note && check.output.contains(", 7 steps on ring"), "\(check)")
    #expect(try minim.run(["check", "realnvp", "--set", "data.name=ring"], in: scratch.path).errors == note)
    // Some data hold nothing out for validation.
    let whole = try minim.run(["check", "pixelcnn-digits5", "data.name=ising"], in: scratch.path)
    #expect(whole.exitCode == 0 && whole.errors.contains(": validation, data.size and data.threshold no"), "\(whole)")
    let wrong = try minim.run(["check", "realnvp.json", "data.name=ring", "data.noise=1"], in: scratch.path)
    #expect(wrong.exitCode == 78 && wrong.errors.contains("override   data.noise=1  error  unknown key"))
    let explain = try minim.run(
      ["explain", "data.radius", "data.name=ring", "--config", "realnvp"], in: scratch.path)
    #expect(explain.exitCode == 0 && explain.output.contains("data.radius: number"))
    #expect(try minim.run(["explain", "data.radius", "data.name=ring"], in: scratch.path).exitCode == 64)
    #expect(try minim.run(["check", "data.name=ring"], in: scratch.path).errors.contains("no config given"))
    let sweep = try train.run(
      [
        "sweep", "--config", "realnvp", "--quiet", "data.name=ring,banana", "training.steps=2", "model.couplings=2",
        "model.hidden=[4]", "samples=4",
      ], in: scratch.path)
    #expect(sweep.exitCode == 0, "\(sweep.errors)")
    #expect(sweep.errors.split(separator: "\n").filter { $0.contains(" replaces twoMoons: ") }.count == 2)
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/runs")
    let runs = ["0001", "0002"].map { RunRecord(RunDirectory(path: scratch.path + "/runs/\(names[0])/\($0)")) }
    #expect(runs.map { $0.value("data.name") } == ["ring", "banana"] && runs.allSatisfy { $0.state == .done })
  }

  @Test("a config is found without .json, whatever a folder is called") func names() throws {
    let small = try SmallRun()
    try FileManager.default.createDirectory(atPath: small.scratch.path + "/small", withIntermediateDirectories: true)
    let result = try train(small, ["--config", "small", "training.steps=3", "--quiet"])
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(try train(small, ["small"]).errors.contains("Did you mean --config small?"))
    let missing = try train(small, ["--config", "smal"])
    #expect(missing.exitCode == 66 && missing.errors.contains("smal error  not found"), "\(missing.errors)")
  }
}
