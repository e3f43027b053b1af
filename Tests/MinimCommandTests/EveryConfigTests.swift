import Foundation
import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimKernels
import MinimTraining
import TestSupport
import Testing

/// What is promised of every run, of every config that comes with the project, as real processes.
@Suite struct EveryConfigTests {
  /// Kills of each config: the long suite makes more.
  private static let kills = ProcessInfo.processInfo.environment["MINIM_ALL_TESTS"] == nil ? 1 : 20

  @Test func thereAreConfigs() {
    #expect(ShortRun.configs.contains("pixelcnn.json") && ShortRun.configs.contains("pixelcnn-folder.json"))
  }

  @Test(
    "the same bits for any number of workers, on any kernels and after a kill; check, eval and sample know the run",
    arguments: ShortRun.configs)
  func sameBits(_ config: String) throws {
    let short = try ShortRun(config)
    let first = try short.train(["--workers", "1"], in: "reference")
    #expect(first.exitCode == 0, "\(first.errors)")
    let reference = try short.fingerprint(in: "reference")
    #expect(reference.count >= 4)
    let figures = try SVGFile.all(in: short.run(in: "reference").samples)
    if ["gan.json", "flow-matching.json", "simsiam-linear.json"].contains(config) { #expect(!figures.isEmpty) }
    for figure in figures {
      #expect(figure.drawing.words.count > 3, "\(figure.name) has no words")
      #expect(problems(of: figure.drawing).isEmpty, "\(figure.name): \(problems(of: figure.drawing))")
    }
    // Numbers of workers, levels and kills come together, so that few runs have all of them.
    let (workers, levels) = (["2", "3", "7"], KernelLevel.bitExact)
    let turns = max(workers.count, levels.count)
    for turn in 0..<turns - 1 + Self.kills {
      let (count, level, runs) = (workers[turn % workers.count], levels[turn % levels.count], "turn-\(turn)")
      let (words, environment) = (["--workers", count], ["MINIM_KERNELS": level.description])
      if turn < turns - 1 {
        let result = try short.train(words, in: runs, environment: environment)
        #expect(result.exitCode == 0, "\(result.errors)")
      } else {
        try Self.killed(short, words, in: runs, environment: environment)
      }
      #expect(try short.fingerprint(in: runs) == reference, "turn \(turn): workers \(count), kernels \(level)")
    }
    try Self.control(short, reference)
    try Self.commands(short, first, in: "reference")
  }

  /// The control: another seed is another run, and its first checkpoint shows it. Where training draws nothing, the samples
  /// may; where they do not either, another rate is another run.
  private static func control(_ short: ShortRun, _ reference: [String: String]) throws {
    let process = try short.start(["seed=12345"], in: "other")
    let checkpoint = short.run(in: "other").checkpoint(step: 5)
    while process.isRunning, !FileManager.default.fileExists(atPath: checkpoint) { usleep(500) }
    let first = try #require(reference["step 5"])
    if try FileManager.default.fileExists(atPath: checkpoint) && short.fingerprint(in: "other", step: 5) != first {
      process.signal(SIGKILL)
      _ = process.wait()
      return
    }
    #expect(process.wait().exitCode == 0)
    let drawsNothing = try short.samplesAreOne(in: "reference")
    #expect(try (short.fingerprint(in: "other") == reference) == drawsNothing)
    if drawsNothing {
      #expect(try short.train(["optimizer.learningRate=0.0123"], in: "rate").exitCode == 0)
      #expect(try short.fingerprint(in: "rate") != reference)
    }
  }

  /// Kills a run at a random moment, then lets it continue to its end.
  private static func killed(
    _ short: ShortRun, _ words: [String], in runs: String, environment: [String: String]
  ) throws {
    let process = try short.start(words, in: runs, environment: environment)
    // After some lines of metrics and a moment more: before the first step, while it trains, or after it.
    let lines = Int.random(in: 0...40)
    func written() -> Int { (try? short.bytes(short.run(in: runs).metrics))?.count(where: { $0 == 10 }) ?? 0 }
    while process.isRunning, written() < lines { usleep(200) }
    usleep(UInt32.random(in: 0...20_000))
    process.signal(SIGKILL)
    let killed = process.wait()
    #expect([0, 128 + SIGKILL].contains(killed.exitCode), "\(killed.errors)")
    // Killed before its folder was made: nothing to resume.
    let hasBegun = FileManager.default.fileExists(atPath: short.run(in: runs).config)
    let result = try hasBegun ? short.resume(in: runs).wait() : short.train(in: runs)
    #expect(result.exitCode == 0, "\(result.errors)")
  }

  /// What check, eval and sample say of the config and of a run of it that has ended.
  private static func commands(_ short: ShortRun, _ trained: Program.Result, in runs: String) throws {
    let check = try short.minim(["check", short.config])
    #expect(check.exitCode == 0 && check.output.hasPrefix("\(short.config) is valid: "), "\(check.errors)")
    let run = short.run(in: runs)
    #expect(try RunStatus(of: run).state == .done)

    let claims = try JSONParser.parse(short.bytes(run.claims)).json["claims"]?.array ?? []
    let formulas = claims.compactMap { $0["formula"]?.string }
    #expect(!formulas.isEmpty)
    for formula in formulas {
      // The control: a brace too many.
      #expect(Formula(formula) != nil && Formula(formula + "}") == nil, "\(formula)")
    }

    // The metrics of the kept parameters, to the bit those that the run wrote.
    let written = try JSONParser.parse(short.bytes(run.evaluation)).json
    let result = try short.minim(["eval", "latest", "--runs", runs, "--json", "--workers", "2"])
    #expect(result.exitCode == 0, "\(result.errors)")
    let json = try JSONParser.parse(result.output).json
    #expect(json["step"] == written["step"] && json["weights"] == written["weights"])
    let metrics = try #require(written["metrics"]?.array)
    #expect(!metrics.isEmpty)
    for metric in metrics {
      let name = try #require(metric["name"]?.string)
      #expect(json[name]?.number == metric["value"]?.number, "\(name)")
    }
    let step = try #require(written["step"]?.integer)
    let text = try short.minim(["eval", "latest", "--runs", runs])
    #expect(text.exitCode == 0 && text.output.hasPrefix("Parameters of step \(step)"))
    #expect(trained.output.hasPrefix(text.output.prefix { $0 != "\n" }))

    let sample = try short.minim(["sample", "latest", "--runs", runs, "--count", "12", "--output", "12.png"])
    #expect(sample.exitCode == 0 && sample.output.hasSuffix("Look at: 12.png\n"), "\(sample.errors)")
    let (image, texts) = try PNG.decode(short.bytes(short.scratch.path + "/12.png"))
    #expect(image.width > 50 && texts.contains(PNG.Text(key: "step", value: "\(step)")))
  }

  @Test("an unknown key is refused, and nothing is written", arguments: ShortRun.configs)
  func unknownKeys(_ config: String) throws {
    let short = try ShortRun(config)
    for key in ["training.stepz=3", "modle.name=x", "model.zzz=1", "data.nmae=x"] {
      let result = try Program("train", environment: ShortRun.home).run(
        ["--config", config, key], in: short.scratch.path)
      #expect(result.exitCode == 78 && result.output == "", "\(key)")
      #expect(
        result.errors.contains("unknown key") && result.errors.contains("Nothing was started."), "\(result.errors)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: short.scratch.path) == [])
  }
}
