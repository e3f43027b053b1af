import Foundation
import MinimConfiguration
import TestSupport
import Testing

/// Event files for TensorBoard, of real processes: all that a run has, to the bit, while it trains, after a kill, and later.
@Suite struct TensorBoardTests {
  @Test("train --tensorboard and minim export --tensorboard write every number and picture of a run") func everything()
    throws
  {
    let run = try TensorBoardRun()
    let plain = try run.train()
    #expect(plain.exitCode == 0 && run.files(run.latest + "/tensorboard").isEmpty, "\(plain.errors)")
    let metrics = try TensorBoardRun.bytes(run.latest + "/metrics.jsonl")
    let trained = try run.train(["--tensorboard"])
    #expect(trained.exitCode == 0, "\(trained.errors)")
    #expect(try TensorBoardRun.bytes(run.latest + "/metrics.jsonl") == metrics)
    try Self.expectEverything(run, run.events(run.latest + "/tensorboard"))

    let exported = try run.minim(["export", "latest", "--tensorboard", "--output", "boards"])
    #expect(exported.exitCode == 0 && exported.output == "Look at: tensorboard --logdir boards\n", "\(exported)")
    let other = try run.scratch.path + "/boards/" + run.name()
    try Self.expectEverything(run, run.events(other))
    // Times and all, but for the order of metrics and pictures.
    let texts = try [run.events(other), run.events(run.latest + "/tensorboard")].map { $0.map { "\($0)" }.sorted() }
    #expect(texts[0] == texts[1])

    let first = try #require(run.files(run.latest + "/tensorboard").first)
    let again = try run.minim(["export", "latest", "--tensorboard"])
    #expect(again.exitCode == 0 && again.output == "Look at: tensorboard --logdir runs\n", "\(again)")
    #expect(run.files(run.latest + "/tensorboard").map(Self.number) == [Self.number(first) + 1])
    try Self.expectEverything(run, run.events(run.latest + "/tensorboard"))
  }

  /// Compares events with the files of the newest run.
  private static func expectEverything(_ run: TensorBoardRun, _ events: [EventReader.Event]) throws {
    #expect(events.first?.version == "brain.Event:2" && events.dropFirst().first?.startsSession == true)
    let values = events.flatMap { event in event.values.map { (step: event.step, value: $0) } }
    let metrics = try run.metrics()
    #expect(metrics.contains { $0.tag == "gradientNorm" } && metrics.contains { $0.tag == "effectiveRank" })
    let exact = values.compactMap { it in it.value.double.map { "\(it.step) \(it.value.tag) \($0.bitPattern)" } }
    #expect(exact.sorted() == metrics.map { "\($0.step) \($0.tag)/float64 \($0.value.bitPattern)" }.sorted())
    let rounded = values.compactMap { it in it.value.float.map { "\(it.step) \(it.value.tag) \($0.bitPattern)" } }
    #expect(rounded.sorted() == metrics.map { "\($0.step) \($0.tag) \(Float($0.value).bitPattern)" }.sorted())
    let pictures = try run.pictures()
    #expect(Set(pictures.map(\.tag)).isSuperset(of: ["samples", "diagnostics"]) && pictures.count > 3)
    let seen = values.filter { $0.value.picture != nil }
    #expect(seen.count == pictures.count)
    for (tag, step, png) in pictures {
      #expect(seen.contains { $0.step == step && $0.value.tag == tag && $0.value.picture?.png == png }, "\(tag)")
    }
  }

  @Test("killed again and again and resumed, the events are those of the run, none of them twice") func kills() throws {
    let run = try TensorBoardRun()
    let long = ["training.steps=4000", "intervals.samples=400", "intervals.checkpoint=150", "--tensorboard"]
    var process = try Program("train").start(["--config", "siamese.json", "--quiet"] + long, in: run.scratch.path)
    let folder = run.latest + "/tensorboard"
    var (files, kills) = (0, 0)
    for _ in 0..<4 {
      // A new file, and in it more than what was there when it was made.
      while process.isRunning, Self.number(run.files(folder).last ?? "") <= files { usleep(2000) }
      let first = (try? run.events(folder).count) ?? 0
      while process.isRunning, ((try? run.events(folder).count) ?? 0) < first + 5 { usleep(2000) }
      process.signal(SIGKILL)
      kills += process.wait().exitCode == 128 + SIGKILL ? 1 : 0
      files = Self.number(run.files(folder).last ?? "")
      process = try Program("train").start(["resume", "latest", "--quiet", "--tensorboard"], in: run.scratch.path)
    }
    #expect(process.wait().exitCode == 0)
    #expect(kills > 0 && Self.number(run.files(folder).last ?? "") == files + 1)
    try Self.expectEverything(run, run.events(folder))
  }

  private static func number(_ name: String) -> Int { Int(name.split(separator: ".").dropLast().last ?? "") ?? 0 }

  @Test(
    "while a run trains: a plain one can be exported, one that keeps its own events is told apart",
    arguments: [false, true])
  func whileTraining(isKept: Bool) throws {
    let run = try TensorBoardRun()
    let endless = ["training.steps=100000000", "intervals.samples=1000000"]
    let process = try Program("train").start(
      ["--config", "siamese.json", "--quiet"] + endless + (isKept ? ["--tensorboard"] : []), in: run.scratch.path)
    let isReady = {
      ((try? run.metrics().count) ?? 0) > 100 && (!isKept || !run.files(run.latest + "/tensorboard").isEmpty)
    }
    while process.isRunning, !isReady() { usleep(5000) }
    let own = try run.minim(["export", "latest", "--tensorboard"])
    let other = try run.minim(["export", "latest", "--tensorboard", "--output", "boards"])
    #expect(process.isRunning)
    process.signal(SIGKILL)
    _ = process.wait()
    #expect(own.exitCode == (isKept ? 75 : 0) && own.errors.contains("--output") == isKept, "\(own)")
    #expect(other.exitCode == 0, "\(other)")
    for folder in [run.scratch.path + "/boards/" + (try run.name()), run.latest + "/tensorboard"] {
      #expect(try run.events(folder).count > 10)
    }
  }

  @Test("a sweep keeps the events of each run") func sweep() throws {
    let run = try TensorBoardRun()
    let result = try Program("train").run(
      ["sweep", "--config", "siamese.json", "--quiet", "--tensorboard", "seed=1,2", "training.steps=20"],
      in: run.scratch.path)
    #expect(result.exitCode == 0, "\(result.errors)")
    let sweep = try #require(try FileManager.default.contentsOfDirectory(atPath: run.scratch.path + "/runs").first)
    for member in ["0001", "0002"] {
      #expect(try run.events(run.scratch.path + "/runs/\(sweep)/\(member)/tensorboard").count > 4)
    }
  }

  @Test("mistakes are told, and nothing is made") func mistakes() throws {
    let run = try TensorBoardRun()
    #expect(try run.train(["training.steps=10"]).exitCode == 0)
    try FileManager.default.createDirectory(
      atPath: run.scratch.path + "/runs/empty", withIntermediateDirectories: true)
    for (arguments, code, text) in [
      (["latest", "--tensorboard", "--csv"], 64, "leave out --csv"),
      (["latest", "--tensorboard", "--diagnostics"], 64, "leave out --csv"),
      (["nowhere", "--tensorboard"], 66, "nowhere"), (["empty", "--tensorboard"], 66, "metrics.jsonl"),
      (["latest", "--tensorboard", "--output", "siamese.json"], 73, "siamese.json"),
    ] as [([String], Int32, String)] {
      let result = try run.minim(["export"] + arguments)
      #expect(result.exitCode == code && result.errors.contains(text) && result.output == "", "\(arguments): \(result)")
    }
    #expect(run.files(run.latest + "/tensorboard").isEmpty && run.files(run.scratch.path + "/runs/empty").isEmpty)
    let help = try run.minim(["export", "--help"])
    #expect(help.exitCode == 0 && help.output.contains("tensorboard --logdir runs"))
  }
}
