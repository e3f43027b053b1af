import MinimConfiguration
import MinimData
import MinimFiles
import MinimKernels
import MinimModels
import MinimNN
import MinimTraining
import TestSupport
import Testing

/// A number that is not finite, in the data, a parameter or a step of a run of each model: the run ends at once and names it.
@Suite struct InjectedNonFiniteTests {
  @Test("a parameter is infinite: its path is named", arguments: TinyRun.all) func parameter(_ tiny: TinyRun) throws {
    let (run, directory, folder) = try Self.start(tiny)
    let entry = try #require(run.experiment.model.parameters.entries.last)
    run.trained.parameters[entry] = [.infinity] + run.trained.parameters[entry].dropFirst()
    let bad = try Self.divergence(of: run, in: directory)
    #expect(bad.step == 1 && bad.value?.parameterPaths == [entry.path], "\(bad)")
    withExtendedLifetime(folder) { Reliability.record(13, "parameters", 1) }
  }

  @Test("a step is too long for Float: the operation that overflows is named", arguments: TinyRun.all)
  func step(_ tiny: TinyRun) throws {
    // Decay by more than everything: each parameter grows a million times a step.
    let (run, directory, folder) = try Self.start(
      tiny, ["optimizer.learningRate=1e6", "optimizer.weightDecay=1", "training.steps=40"])
    let bad = try Self.divergence(of: run, in: directory)
    #expect(bad.step > 1 && (bad.value != nil || "\(bad)".contains("squares overflow")), "\(bad)")
    withExtendedLifetime(folder) { Reliability.record(13, "steps too long", 1) }
  }

  @Test("an example is not a number: the input is named", arguments: TinyRun.all) func example(_ tiny: TinyRun) throws {
    let poisoned = NamedData.all.map { named in NamedData(named.name) { Poisoned(source: named.read($0)) } }
    let (run, directory, folder) = try Self.start(tiny, dataSets: poisoned)
    guard Self.readsExamples(run.experiment.model) else { return }
    if tiny.model == "simsiam" {
      // Its diagnostics look at the data before the first step, and refuse them.
      let error = #expect(throws: KernelError.self) { try run.train() }
      #expect(error?.description.contains("expected finite numbers") == true)
      return
    }
    let bad = try Self.divergence(of: run, in: directory)
    #expect(bad.step == 1 && bad.value?.operation.contains(Batch.inputName) == true, "\(bad)")
    withExtendedLifetime(folder) { Reliability.record(13, "examples", 1) }
  }

  // MARK: - Parts

  /// A data set whose examples each begin with a number that is none.
  private struct Poisoned: DataSource {
    let source: any DataSource

    func load(from folders: [String], seed: UInt64) throws -> DataSplit {
      let split = try source.load(from: folders, seed: seed)
      guard let rows = split.rows else { return split }
      var values = rows.values
      for row in 0..<rows.count { values[row * rows.exampleCount] = .nan }
      return DataSplit(
        name: split.name, training: .rows(Dataset(name: rows.name, exampleShape: rows.exampleShape, values: values)),
        distribution: split.distribution, levels: split.levels)
    }
  }

  /// Whether the loss depends on examples: games of a few numbers have none.
  private static func readsExamples(_ model: any Model) -> Bool {
    !["Bilinear", "DiracGAN", "LinearSimSiam"].contains("\(type(of: model))")
  }

  private static func start(
    _ tiny: TinyRun, _ overrides: [String] = [], dataSets: [NamedData] = NamedData.all
  ) throws -> (TrainingRun, RunDirectory, TemporaryFolder) {
    let folder = try TemporaryFolder()
    let experiment = try Experiment(
      ConfigurationSource(texts: [("tiny.json", tiny.config())], overrides: overrides), models: NamedModel.all,
      dataSets: dataSets)
    let directory = try SmallRun.directory(folder)
    return (try TrainingRun(experiment, in: directory, SmallRun.options()), directory, folder)
  }

  /// Trains a run that must diverge, and checks what is left of it.
  private static func divergence(of run: TrainingRun, in directory: RunDirectory) throws -> NonFiniteStep {
    guard case .diverged(let bad) = try run.train() else { throw SmallRun.NotDone() }
    let status = try RunStatus(of: directory)
    #expect(status.state == .diverged && status.exit?.rawValue == 3)
    // What is kept is finite, and of steps before.
    for step in try directory.checkpointSteps() {
      #expect(step < bad.step)
      let file = try Safetensors(contentsOf: directory.checkpoint(step: step))
      #expect(file.tensors.allSatisfy { $0.float32?.allSatisfy(\.isFinite) ?? true })
    }
    return bad
  }
}
