import Foundation
import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimDrawing
import MinimKernels
import MinimNN
import MinimTraining
import TestSupport
import Testing

/// A normal that is fitted to a density by the reverse KL, the density coming in over the first twenty steps: no example, draws
/// of its own, and an objective that changes with the step.
private struct AnnealedNormal: Model {
  let parameters: ParameterLayout
  private let mean: Tensor, logDeviation: Tensor
  private let density: any DifferentiableDensity

  init(_ density: any DifferentiableDensity) {
    let scope = ParameterScope()
    mean = scope.parameter("mean", shape: [2], .uniform(bound: 1))
    logDeviation = scope.parameter("logDeviation", shape: [2], .zeros)
    parameters = scope.layout
    self.density = density
  }

  func objective(_ batch: Batch) -> Objective {
    let shape = [batch.count, 2]
    let q = DiagonalNormal(mean: mean.broadcast(to: shape), logStandardDeviation: logDeviation)
    let x = q.sample(noise: .normal(shape: shape, purpose: .model))
    let weight = minimum(batch.step / 20, .constant(1))
    return Objective("reverseKL", (q.logProb(x) - weight * density.logProb(x)).mean())
  }
}

/// A run on data of which only a density is given: the whole way from a config to a resumed run.
@Suite struct DensityAloneTests {
  private static let models = [
    NamedModel("normal") { _, data in AnnealedNormal(data.distribution?.differentiable ?? GaussianMixture.ring()) }
  ]

  private static let text = """
    {
      "name": "alone",
      "seed": 5,
      "data": { "name": "energy", "energy": "u2" },
      "batch": { "examples": 100, "shards": 3 },
      "optimizer": { "learningRate": 0.05 },
      "training": { "steps": 60 },
      "intervals": { "log": 1, "checkpoint": 20, "samples": 30, "keepLast": 10 },
      "samples": 4
    }
    """

  private static func experiment(_ overrides: [String] = []) throws -> Experiment {
    try Experiment(ConfigurationSource(texts: [("alone.json", text)], overrides: overrides), models: models)
  }

  private static func train(_ directory: RunDirectory, workers: Int = 1) throws -> [UInt64] {
    let run = try TrainingRun(experiment(), in: directory, SmallRun.options(workers: workers))
    guard case .done = try run.train() else { throw SmallRun.NotDone() }
    return run.trained.parameters.values.map(\.bitPattern)
  }

  @Test("the same bits for any number of workers, and resumed in the middle of the annealing and after it")
  func runs() throws {
    let folder = try TemporaryFolder()
    let whole = try SmallRun.directory(folder, "whole")
    let bits = try Self.train(whole)
    for workers in [2, 3] {
      #expect(try Self.train(SmallRun.directory(folder, "workers-\(workers)"), workers: workers) == bits)
    }
    for cut in [0, 20, 40] {
      let killed = RunDirectory(path: folder["cut-\(cut)"])
      try FileManager.default.copyItem(atPath: whole.path, toPath: killed.path)
      try killed.cut(after: cut)
      #expect(try Self.train(killed, workers: 2) == bits)
      #expect(killed.metricsText == whole.metricsText && !whole.metricsText.isEmpty)
    }
  }

  /// KL(q, p) of the normal that is fitted, by a grid of its own: not negative, and much smaller than at the start.
  @Test func theNormalIsFitted() throws {
    let folder = try TemporaryFolder()
    let run = try TrainingRun(Self.experiment(), in: SmallRun.directory(folder), SmallRun.options(workers: 1))
    let energy = Energy(.u2)
    func kl() -> Double {
      let entries = run.trained.parameters.layout.entries
      let (mean, logs) = (run.trained.parameters[entries[0]], run.trained.parameters[entries[1]])
      let q = GaussianMixture(
        name: "q", means: [mean],
        covariances: [[[Elementary.exp(2 * logs[0]), 0], [0, Elementary.exp(2 * logs[1])]]])
      let grid = DensityGrid(q)
      return grid.weights.indices.reduce(0) { sum, place in
        let point = Array(grid.points[2 * place..<2 * place + 2])
        return sum + grid.weights[place] * (grid.logProbs[place] - energy.logProb(point))
      }
    }
    let before = kl()
    guard case .done = try run.train() else { throw SmallRun.NotDone() }
    let after = kl()
    #expect(after > 0 && after < 0.7 * before, "\(before) \(after)")
  }

  @Test func whatIsSaidOfIt() throws {
    let experiment = try Self.experiment()
    #expect(experiment.order().sizes == [100] && experiment.order().progress(step: 7) == (1, 700))
    #expect(experiment.configuration.batch.drawing == .independent && experiment.configuration.validation == nil)
    // Other densities are other results.
    #expect(try Self.experiment(["data.confinement=3"]).configHash != experiment.configHash)
    let error = #expect(throws: ConfigurationErrors.self) {
      try Self.experiment(["validation.interval=3", "batch.drawing=epoch"])
    }
    #expect(Set(error?.problems.map { $0.path } ?? []) == ["validation", "batch.drawing"])
  }
}
