import MinimFiles
import MinimNN
import MinimTraining
import TestSupport
import Testing

/// A run that starts from another run's parameters.
@Suite struct InitialParametersTests {
  private let folder: TemporaryFolder
  private let source: RunDirectory
  private let sourceExperiment: Experiment

  init() throws {
    folder = try TemporaryFolder()
    source = try SmallRun.directory(folder, "source")
    sourceExperiment = try SmallRun.experiment()
    try SmallRun.trained(in: source)
  }

  private func initial(_ overrides: [String]) throws -> InitialParameters {
    try InitialParameters(
      sourceExperiment.keptParameters(in: source), of: source.name, configHash: sourceExperiment.configHash,
      for: SmallRun.experiment(overrides))
  }

  /// The values of each parameter before the first step.
  private func start(_ overrides: [String], _ initial: InitialParameters?) throws -> [String: [Float]] {
    let directory = try SmallRun.directory(folder, "start\(initial == nil)")
    let options = TrainingRun.Options(workers: 1, isQuiet: true, stopSignal: { nil }, level: .preferred)
    let run = try TrainingRun(SmallRun.experiment(overrides), in: directory, options, preparing: initial)
    return run.trained.parameters.byPath
  }

  @Test("parameters of the same path and shape are taken, the others start as they would")
  func matching() throws {
    let overrides = ["model.masks=[\"A3\",\"B5\",\"B3\"]", "seed=8"]
    let initial = try initial(overrides)
    let kept = try sourceExperiment.keptParameters(in: source).parameters.byPath
    let (taken, usual) = (try start(overrides, initial), try start(overrides, nil))
    #expect(initial.reshaped.map(\.own.path) == ["masked.1.weight"] && initial.unused.isEmpty)
    #expect(initial.missing.map(\.path) == ["masked.2.weight", "masked.2.bias"])
    let matched = initial.matched.map(\.path)
    #expect(matched.contains("masked.0.weight") && matched.count == taken.count - 3)
    for (path, values) in taken {
      #expect(values == (matched.contains(path) ? kept[path] : usual[path]), "\(path)")
      // The source is trained, so taking it shows.
      if matched.contains(path) { #expect(values != usual[path], "\(path)") }
    }
  }

  @Test("the run's files say where its parameters come from, and it can start again without the source")
  func origin() throws {
    let overrides = ["seed=8", "training.steps=40"]
    let (once, again) = (try SmallRun.directory(folder, "once"), try SmallRun.directory(folder, "again"))
    func run(_ directory: RunDirectory, _ initial: InitialParameters?) throws -> [Double] {
      let run = try TrainingRun(
        SmallRun.experiment(overrides), in: directory, SmallRun.options(), preparing: initial)
      guard case .done = try run.train() else { throw SmallRun.NotDone() }
      return run.trained.parameters.values
    }
    let values = try run(once, initial(overrides))
    #expect(try SmallRun.trained(overrides, in: SmallRun.directory(folder, "usual")) != values)
    let from = try #require(try once.json(once.manifest)["startedFrom"])
    #expect(from["run"] == .string(source.name) && from["step"] == 60 && from["weights"] == "raw")
    #expect(from["config"] == .string(sourceExperiment.configHash))
    #expect(try RunOrigin(of: once)?.sentence == "Started from the raw parameters of \(source.name) at step 60.")
    #expect(try RunReport(once).text.contains("Started from the raw parameters of \(source.name) at step 60."))

    // Killed before its first step and before its first checkpoint.
    try initial(overrides).prepare(again, store: FileStore())
    try FileStore().remove(source.checkpoint(step: 60))
    #expect(try run(again, nil) == values)
    #expect(again.metricsText == once.metricsText && !once.metricsText.isEmpty)
    // And from a checkpoint.
    try FileStore().remove(again.checkpoint(step: 40))
    #expect(try run(again, nil) == values)
    #expect(again.metricsText == once.metricsText)
    #expect(try again.json(again.manifest)["startedFrom"] == from)
  }

  @Test("an average is taken as what it is, and float64 parameters as they are")
  func averagesAndPrecisions() throws {
    let other = try SmallRun.directory(folder, "averaged")
    let overrides = ["optimizer.averageDecay=0.9", "precision=float64"]
    try SmallRun.trained(overrides, in: other)
    let kept = try SmallRun.experiment(overrides).keptParameters(in: other)
    let initial = try InitialParameters(
      kept, of: other.name, configHash: "", for: SmallRun.experiment(["seed=8"]))
    try initial.prepare(source, store: FileStore())
    #expect(try RunOrigin(of: source)?.isAveraged == true)
    #expect(try start(["seed=8"], initial) == kept.parameters.byPath)
  }

  @Test func nothingMatches() throws {
    let error = #expect(throws: InitialParametersError.self) {
      try InitialParameters(
        sourceExperiment.keptParameters(in: source), of: source.name, configHash: "",
        for: SmallRun.experiment(["data.name=linearGaussian", "model.name=vae"]))
    }
    #expect(error?.exit == .badConfiguration)
    #expect(error.map { "\($0)".contains("masked.0.weight [") } == true)
  }

  @Test func aModelThatDefinesItsStart() throws {
    let error = #expect(throws: InitialParametersError.self) {
      try initial(["model.name=bilinear", "data.name=none", "batch.examples=1", "batch.shards=1"])
    }
    #expect(error.map { "\($0)".contains("bilinear") } == true)
  }

  @Test func aDamagedFileIsRefused() throws {
    let directory = try SmallRun.directory(folder, "damaged")
    try initial(["seed=8"]).prepare(directory, store: FileStore())
    let bytes = try FileStore().read(directory.initial)
    try FileStore().writeAtomically(Array(bytes.dropLast(9)), to: directory.initial)
    #expect(throws: SafetensorsError.self) {
      try TrainingRun(SmallRun.experiment(["seed=8"]), in: directory, SmallRun.options())
    }
    try FileStore().writeAtomically(bytes, to: directory.initial)
    #expect(throws: CheckpointError.self) {
      try TrainingRun(SmallRun.experiment(["model.channels=9"]), in: directory, SmallRun.options())
    }
  }
}
