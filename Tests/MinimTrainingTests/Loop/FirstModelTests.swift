import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimNN
import MinimTraining
import TestSupport
import Testing

/// The least that a model needs: its parameters, and an objective. Here the mean of the data plus 3, by squares: far from where
/// it starts, so that the noise of batches cannot hide that it learns.
private struct MeanModel: Model {
  let parameters: ParameterLayout
  private let mean: Tensor

  init(_ section: ConfigurationSection, _ data: DataSplit) {
    let scope = ParameterScope()
    mean = scope.parameter("mean", shape: [data.exampleShape.reduce(1, *)], .zeros)
    parameters = scope.layout
  }

  func objective(_ batch: Batch) -> Objective {
    let x = batch.examples.reshape([batch.count, mean.shape[0]])
    return Objective("loss", square(x + 3 - mean).sum(axis: 1).mean())
  }
}

/// A first model, without losses of examples, samples, metrics or claims, has whole runs all the same.
@Suite struct FirstModelTests {
  @Test(
    "on images, points, and vectors",
    arguments: [
      #""barsAndStripes", "height": 3, "width": 3"#, #""gaussianMixture""#, #""linearGaussian""#, #""ring", "rows": 0"#,
    ])
  func run(_ data: String) throws {
    let text = """
      {
        "name": "first", "model": { "name": "mean" }, "data": { "name": \(data) }, "batch": { "examples": 14 },
        "optimizer": { "name": "sgd", "learningRate": 0.1 }, "training": { "steps": 20 },
        "intervals": { "log": 1, "samples": 10, "checkpoint": 10 }
      }
      """
    let experiment = try Experiment(
      ConfigurationSource(texts: [("first.json", text)]), models: [NamedModel("mean", MeanModel.init)])
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    let run = try TrainingRun(experiment, in: directory, SmallRun.options())
    guard case .done = try run.train(), case .done(let claims, let evaluation, let exit) = try run.conclude() else {
      throw SmallRun.NotDone()
    }
    // Those about training, which hold for every model.
    #expect(claims.count >= 3 && claims.allSatisfy { $0.id.hasPrefix("T") && !$0.provesBug })
    #expect(evaluation.metrics.isEmpty && exit == .success)
    #expect(try RunStatus(of: directory).state == .done)
    let rows = try RunMetrics(directory).series("loss")
    #expect(rows.count == 20)
    #expect(try #require(rows.last).y < #require(rows.first).y / 2)
  }
}
