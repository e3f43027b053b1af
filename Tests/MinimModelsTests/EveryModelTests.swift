import MinimAutodiff
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// What must hold for any model; a new one is checked by being in the registry.
@Suite struct EveryModelTests {
  @Test(
    "the gradient of the objective agrees with directional differences",
    arguments: SmallModel.all.filter { !$0.stopsGradients })
  func gradients(_ small: SmallModel) throws {
    let (model, data) = (try small.make(), small.data)
    let entries = model.parameters.entries
    for count in [1, 5] {
      let objective = model.objective(Batch(count: count, of: data)).value
      let base = try ParameterVector(model.parameters, precision: .float64)
      base.initialize(seed: 5)
      let inputs = try small.inputs(count)
      let program = try PlannedRun([objective], parameters: base.values, kernels: .current(.float64))
      // Where the objective draws, all of its values are of the same draws.
      let random: (seed: UInt64, step: UInt64, firstExample: Int) = (7, 3, 2)
      program.replay.setRandom(seed: random.seed, step: random.step, firstExample: random.firstExample)
      let derivative = try evaluate(
        gradient(of: objective, withRespectTo: entries.map(\.tensor)), parameters: base.values, inputs: inputs,
        random: random)
      for seed in 0..<3 as Range<UInt64> {
        let direction = values(model.parameters.count, seed: seed)
        let exact = zip(entries, derivative).reduce(0.0) { sum, pair in
          sum + zip(pair.0.range, pair.1).reduce(0) { $0 + direction[$1.0] * $1.1 }
        }
        // So small a step that hardly a unit of a net with ReLUs changes sides within it.
        let f = [-2.0, -1, 1, 2].map { t in
          program.parameters.values = zip(base.values, direction).map { $0 + t * 1e-6 * $1 }
          return program.run(inputs)[0][0]
        }
        let difference = (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / 12e-6
        #expect(abs(exact - difference) <= 1e-6 * max(abs(difference), 1e-3), "batch of \(count)")
        #expect(abs(1.001 * exact - difference) > 1e-6 * abs(difference))
      }
    }
    Reliability.record(1, "objectives", 1)
  }

  @Test(
    "the gradient of the objective in Float is that in Double, within 1e-4 of each tensor", arguments: SmallModel.all)
  func gradientsInFloat(_ small: SmallModel) throws {
    let (model, data) = (try small.make(), small.data)
    let entries = model.parameters.entries
    // The same numbers in both precisions, so that only the computation differs.
    let single = try ParameterVector(model.parameters, precision: .float32)
    single.initialize(seed: 5)
    let count = 5
    // Each precision draws by words of its own; here both get the same numbers.
    let (objective, draws) = model.objective(Batch(count: count, of: data)).value.givingDraws()
    var inputs = try small.inputs(count)
    let drawn = try evaluate(
      draws.map(\.value), kernels: .current(.float32), random: (seed: 7, step: 3, firstExample: 2))
    for (draw, values) in zip(draws, drawn) { inputs[draw.name] = values }
    let (a, b) = try (gradients(.float32), gradients(.float64))
    let largest = b.joined().reduce(0) { max($0, abs($1)) }
    for (entry, (a, b)) in zip(entries, zip(a, b)) {
      if b.allSatisfy({ abs($0) < 1e-9 * largest }) {
        // The derivative is 0, such as that of a bias before a normalization: what Float leaves of terms that cancel is as
        // small as theirs, and not as 0.
        #expect(a.allSatisfy { abs($0) < 1e-4 * largest }, "\(entry.path)")
      } else {
        #expect(relativeDifference(a, b) < 1e-4, "\(entry.path)")
        let isTiny = b.allSatisfy { abs($0) < 1e-3 }
        #expect(relativeDifference(a.map { 1.001 * $0 }, b) > 1e-4 || isTiny, "\(entry.path)")
      }
    }
    Reliability.record(2, "objectives", 1)

    func gradients(_ precision: Precision) throws -> [[Double]] {
      try evaluate(
        gradient(of: objective, withRespectTo: entries.map(\.tensor)), parameters: single.values, inputs: inputs,
        kernels: .current(precision))
    }
  }

  @Test("training gives the same bits for 1, 2, 3 and 7 workers", arguments: SmallModel.all)
  func workersOfTraining(_ small: SmallModel) throws {
    let (model, data) = (try small.make(), small.data)
    for precision in Precision.allCases {
      let alone = try train(model, on: data, steps: 12, precision: precision)
      #expect(Set(alone.losses).count == 12)
      for workers in [2, 3, 7] {
        let team = try train(model, on: data, steps: 12, workers: workers, precision: precision)
        #expect(bits([team.parameters.values, team.losses]) == bits([alone.parameters.values, alone.losses]))
      }
    }
  }

  @Test("samples and metrics have the same bits for 1, 2, 3 and 7 workers", arguments: SmallModel.all)
  func workersOfEvaluation(_ small: SmallModel) throws {
    let (model, data) = (try small.make(), small.data)
    let vector = try ParameterVector(model.parameters, precision: .float32)
    vector.initialize(seed: 2)
    func results(_ workers: Int) throws -> ([Float], [UInt64]) {
      let it = trained(vector, data: data, workers: workers)
      return (
        try model.samples(600, from: it).values, try model.evaluate(it, exact: false).metrics.map(\.value.bitPattern)
      )
    }
    let alone = try results(1)
    #expect((Set(alone.0).count == 1) == small.drawsOnePoint)
    for workers in [2, 3, 7] {
      let team = try results(workers)
      #expect(team.0 == alone.0 && team.1 == alone.1, "\(workers) workers")
    }
  }

  @Test("a model overfits one batch", arguments: SmallModel.all.filter { !$0.isGame && !$0.learnsField })
  func overfits(_ small: SmallModel) throws {
    let (model, data) = (try small.make(), small.data)
    let losses = try train(model, on: data, steps: 600).losses
    guard let floor = small.lowestLoss else {
      // An outcome without a known best. Half a nat is several times what the draws of fifty steps are worth.
      let (first, last) = (losses[..<50].reduce(0, +) / 50, losses[550...].reduce(0, +) / 50)
      #expect(last < first - 0.5, "from \(first) to \(last)")
      return
    }
    // The entropy of the data is what no model of a distribution can go below; most of the way there is learning.
    #expect(losses[599] - floor < 0.1 * (losses[0] - floor), "from \(losses[0]) to \(losses[599]), entropy \(floor)")
    #expect(losses[599] > floor - 1e-3)
  }
}
