import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimDrawing
import MinimNN
import MinimTraining
import Synchronization
import TestSupport
import Testing

/// What a run says it is doing, seen from inside of what it does.
private final class Witness: Sendable {
  private let seen = Mutex<[String]>([])
  var words: [String] { seen.withLock { $0 } }
  func note(_ place: String, _ activity: Activity) {
    seen.withLock { $0.append("\(place): \(activity.state?.name ?? "nothing")") }
  }
}

/// A model that looks at the run's activity wherever it is asked for something.
private struct WatchingModel: Model {
  let parameters: ParameterLayout
  private let mean: Tensor
  private let witness: Witness

  init(_ data: DataSplit, _ witness: Witness) {
    let scope = ParameterScope()
    mean = scope.parameter("mean", shape: data.exampleShape, .zeros)
    parameters = scope.layout
    self.witness = witness
  }

  func objective(_ batch: Batch) -> Objective { Objective("loss", square(batch.examples - mean).mean()) }

  func samples(_ count: Int, from trained: Trained) throws -> Samples {
    witness.note("samples", trained.activity)
    return Samples([Double](), of: trained.data)
  }

  func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    witness.note("evaluate", trained.activity)
    return Evaluation([])
  }

  func claims(_ trained: Trained) throws -> [Claim] {
    witness.note("claims", trained.activity)
    trained.checking("M1") { witness.note("M1", trained.activity) }
    trained.checking("M2 and M3") { witness.note("M2", trained.activity) }
    return []
  }

  func pictures(_ trained: Trained) throws -> [Picture] {
    witness.note("pictures", trained.activity)
    return []
  }

  func diagnostics(_ trained: Trained) throws -> Diagnostics? {
    witness.note("diagnostics", trained.activity)
    return nil
  }
}

/// The order of what a run reports.
private final class Reports: TrainingProgress {
  var calls: [String] = []
  var activity: Activity?

  func follow(_ activity: Activity) {
    self.activity = activity
    calls.append("follow")
  }
  func update(step: Int, loss: () -> Double) { calls.append("step \(step)") }
  func interrupt(_ text: String) { calls.append(text) }
  func finish(step: Int, loss: Double) { calls.append("finish") }
  func close() { calls.append(activity?.state == nil ? "close" : "close while at work") }
}

@Suite struct RunActivityTests {
  @Test("a run names everything that it does besides its steps, and closes its line when all is done")
  func names() throws {
    let text = """
      {
        "name": "first", "model": { "name": "watching" }, "data": { "name": "barsAndStripes", "height": 3, "width": 3 },
        "batch": { "examples": 14 }, "optimizer": { "learningRate": 0.1 }, "training": { "steps": 2 },
        "intervals": { "diagnostics": 1 }
      }
      """
    let witness = Witness(), reports = Reports()
    let experiment = try Experiment(
      ConfigurationSource(texts: [("first.json", text)]),
      models: [NamedModel("watching") { _, data in WatchingModel(data, witness) }])
    let folder = try TemporaryFolder()
    var options = SmallRun.options()
    options.progress = reports
    let run = try TrainingRun(experiment, in: SmallRun.directory(folder), options)
    guard case .done = try run.train(), case .done = try run.conclude() else { throw SmallRun.NotDone() }
    #expect(
      witness.words == [
        "diagnostics: diagnostics", "diagnostics: diagnostics", "diagnostics: diagnostics", "samples: samples",
        "samples: samples", "pictures: pictures", "claims: claims", "M1: claim M1", "M2: claims M2 and M3",
        "evaluate: evaluation",
      ])
    #expect(reports.calls == ["follow", "step 1", "step 2", "finish", "close"])
    #expect(reports.activity === run.trained.activity)
  }
}
