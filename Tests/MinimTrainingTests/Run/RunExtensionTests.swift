import Glibc
import MinimFiles
import MinimNN
import MinimTraining
import TestSupport
import Testing

/// A run with more steps is the run that it would have been with them from the start.
@Suite struct RunExtensionTests {
  private let held: HeldOutRun
  init() throws { held = try HeldOutRun() }

  /// Extends a run to its new end, where its evaluation is written too.
  @discardableResult
  private func extend(
    _ directory: RunDirectory, from old: [String], to new: [String]
  ) throws -> (RunExtension, KeptParameters?) {
    let lengths = try RunExtension.formerLengths(of: directory)
    let (old, new) = (try held.experiment(old).extended(from: lengths), try held.experiment(new))
    let change = try #require(try RunExtension(of: directory, from: old, to: new))
    let run = try TrainingRun(
      new.extended(from: lengths + [change.old]), in: directory, SmallRun.options(), preparing: change)
    guard case .done = try run.train() else { throw SmallRun.NotDone() }
    try run.concluded()
    return (change, run.kept)
  }

  private func expectEqual(_ a: RunDirectory, _ b: RunDirectory, step: Int) throws {
    #expect(a.metricsText == b.metricsText)
    for prefix in ["parameters/", "optimizer/"] {
      let tensors = try [a, b].map { try $0.tensors(step: step, prefix: prefix) }
      #expect(tensors[0] == tensors[1] && !tensors[0].isEmpty)
    }
    for path in [\RunDirectory.evaluation, \.claims, \.config] {
      #expect(try a.json(a[keyPath: path]) == b.json(b[keyPath: path]))
    }
    #expect(try a.json(a.manifest)["config"] == b.json(b.manifest)["config"])
    #expect(a.names(a.samples) == b.names(b.samples))
  }

  @Test(
    "from an ordinary last step, and from one that was evaluated because it was the last",
    arguments: [(200, 200), (203, 200), (207, 200), (144, 140)])
  func theSameBits(_ short: Int, _ start: Int) throws {
    // Without patience the run goes on, and each best step has a checkpoint.
    let (directory, whole) = (try held.directory("short"), try held.directory("long"))
    try held.train(["training.steps=\(short)"], in: directory)
    let before = directory.metricsText
    let (change, kept) = try extend(directory, from: ["training.steps=\(short)"], to: ["training.steps=333"])
    let expected = try held.train(["training.steps=333"], in: whole)
    #expect(change.start <= start && change.isRewound == (short % 10 != 0))
    #expect(kept?.step == expected.step && kept?.parameters.values == expected.parameters.values)
    try expectEqual(directory, whole, step: 333)
    // The rows of the short run are not just those of the long one, unless its last step was an ordinary one.
    #expect(whole.metricsText.hasPrefix(before) == !change.isRewound)
    #expect(try directory.json(directory.manifest)["extendedFrom"] == [.integer(short)])
  }

  @Test func extendedTwice() throws {
    let (directory, whole) = (try held.directory("short"), try held.directory("long"))
    try held.train(["training.steps=51"], in: directory)
    try extend(directory, from: ["training.steps=51"], to: ["training.steps=115"])
    try extend(directory, from: ["training.steps=115"], to: ["training.steps=201"])
    try held.train(["training.steps=201"], in: whole)
    try expectEqual(directory, whole, step: 201)
    #expect(try RunExtension.formerLengths(of: directory) == [51, 115])
    // Checkpoints of every length can still be read, those of other configs cannot.
    let experiment = try held.experiment(["training.steps=201"]).extended(from: [51, 115])
    #expect(try experiment.keptParameters(in: directory, step: 25).step == 25)
    #expect(throws: CheckpointError.self) {
      try held.experiment(["training.steps=201"]).keptParameters(in: directory, step: 25)
    }
    #expect(throws: CheckpointError.self) {
      try held.experiment(["training.steps=201", "seed=4"]).extended(from: [51, 115])
        .keptParameters(in: directory, step: 25)
    }
  }

  @Test("stopped at any call while the folder is prepared, the run is that of the old or of the new length")
  func stoppedInBetween() throws {
    let (old, new) = (["training.steps=43"], ["training.steps=70"])
    let whole = try held.directory("whole")
    try held.train(new, in: whole)
    var (point, isWhole, written) = (0, false, Set<Int>())
    while !isWhole {
      let directory = try held.directory("stopped\(point)"), failing = point
      try held.train(old, in: directory)
      let change = try #require(
        try RunExtension(of: directory, from: held.experiment(old), to: held.experiment(new)))
      let store = FileStore(faults: FileFaults { call, _ in call < failing ? nil : .error(EIO) })
      isWhole = (try? change.prepare(directory, store: store)) != nil
      let steps = try #require(try directory.json(directory.config)["training"]?["steps"]?.integer)
      written.insert(steps)
      // The user asks again: what is left to do is an extension, or no more than to resume.
      if steps == 43 {
        try extend(directory, from: old, to: new)
      } else {
        let experiment = try held.experiment(new).extended(from: RunExtension.formerLengths(of: directory))
        let run = try TrainingRun(experiment, in: directory, SmallRun.options())
        guard case .done = try run.train() else { throw SmallRun.NotDone() }
        try run.concluded()
      }
      try expectEqual(directory, whole, step: 70)
      point += 5
    }
    #expect(point > 15 && written == [43, 70])
  }

  @Test func refusals() throws {
    let directory = try held.directory("a")
    try held.train(["training.steps=40"], in: directory)
    func error(_ old: [String], _ new: [String]) throws -> RunChangeError? {
      #expect(throws: RunChangeError.self) {
        try RunExtension(of: directory, from: held.experiment(old), to: held.experiment(new))
      }
    }
    let steps = ["training.steps=40"]
    let keys = try error(steps, ["training.steps=80", "seed=4", "optimizer.learningRate=0.1"])
    #expect(
      keys?.description.hasSuffix(
        "Different here:\n  seed: 3 -> 4\n  training.steps: 40 -> 80\n  optimizer.learningRate: 0.02 -> 0.1") == true,
      "\(keys?.description ?? "")")
    #expect(try error(steps, ["training.steps=40", "optimizer.name=sgd"])?.exit == .badConfiguration)
    #expect(try error(steps, ["training.steps=30"]) == .tooFew(taken: 40, old: 40, new: 30))
    let cosine = ["optimizer.schedule.name=cosine"]
    #expect(
      try error(steps + cosine, ["training.steps=80"] + cosine) == .schedule(name: "cosine", old: 40, new: 80))
    // What does not affect the result is no extension.
    #expect(
      try RunExtension(of: directory, from: held.experiment(steps), to: held.experiment(steps + ["intervals.log=3"]))
        == nil)
    // Nothing was touched.
    #expect(try held.experiment(steps).keptParameters(in: directory).step > 0)
  }

  @Test func trainingThatHasEndedByItself() throws {
    let directory = try held.directory("a"), patience = ["validation.patience=3"]
    try held.train(patience, in: directory)
    let last = try #require(directory.checkpointSteps().last)
    #expect(last < 200)
    #expect(throws: RunChangeError.stoppedImproving(step: last)) {
      try RunExtension(
        of: directory, from: held.experiment(patience), to: held.experiment(patience + ["training.steps=400"]))
    }
  }

  @Test func withoutACheckpointFromBeforeTheLastStep() throws {
    let directory = try held.directory("a"), few = ["training.steps=9", "intervals.keepLast=1"]
    try held.train(few, in: directory)
    #expect(throws: RunChangeError.noCheckpoint(before: 9)) {
      try RunExtension(of: directory, from: held.experiment(few), to: held.experiment(["training.steps=400"]))
    }
  }
}
