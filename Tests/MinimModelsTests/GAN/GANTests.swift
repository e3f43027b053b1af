import MinimAutodiff
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import MinimParallel
import TestSupport
import Testing

/// What the players of a GAN minimize, by its definition.
@Suite struct GANTests {
  private static func softplus(_ x: Double) -> Double { Elementary.softplus(x) }

  /// The losses of the critic and the generator for the critic's values, in plain numbers.
  private static func losses(_ name: String, real: Double, fake: Double) -> (critic: Double, generator: Double) {
    switch name {
    case "nonSaturating": (softplus(-real) + softplus(fake), softplus(-fake))
    case "hinge": (max(0, 1 - real) + max(0, 1 + fake), -fake)
    default: (fake - real, -fake)
    }
  }

  /// The critic's value of a row, in plain loops.
  private static func value(_ it: SmallGAN, _ row: [Double]) -> Double { net(it, "critic", row)[0] }

  private static func net(_ it: SmallGAN, _ scope: String, _ row: [Double]) -> [Double] {
    let entries = it.model.parameters.entries.filter { $0.path.hasPrefix(scope + ".") }
    var h = row
    for layer in 0..<entries.count / 2 {
      let weight = it.vector[entries[2 * layer]], bias = it.vector[entries[2 * layer + 1]]
      let n = bias.count
      h = (0..<n).map { j in h.indices.reduce(bias[j]) { $0 + h[$1] * weight[$1 * n + j] } }
      if layer < entries.count / 2 - 1 { h = h.map { Elementary.tanh($0) } }
    }
    return h
  }

  @Test("the players minimize the losses of the papers", arguments: ["nonSaturating", "hinge", "wasserstein"])
  func objectives(_ loss: String) throws {
    let it = try SmallGAN(#", "loss": "\#(loss)", "gradientPenalty": 0.6"#)
    let count = 5
    let rows = try #require(it.data.rows)
    let inputs = rows.values.prefix(2 * count).map(Double.init)
    let objective = it.model.objective(Batch(count: count, of: it.data))
    let random: (seed: UInt64, step: UInt64, firstExample: Int) = (3, 7, 0)
    let z = Tensor.normal(shape: [count, 2], purpose: .model)
    func evaluate(_ tensors: [Tensor]) throws -> [[Double]] {
      try MinimAutodiff.evaluate(
        tensors, parameters: it.vector.values, inputs: [Batch.inputName: inputs], random: random)
    }
    let found = try evaluate(objective.players.map(\.value) + [z])
    var (critic, generator) = (0.0, 0.0)
    for index in 0..<count {
      let row = Array(inputs[2 * index..<2 * index + 2])
      let draw = Self.net(it, "generator", Array(found[2][2 * index..<2 * index + 2]))
      let loss = Self.losses(loss, real: Self.value(it, row), fake: Self.value(it, draw))
      // The slope by differences.
      let slopes = (0..<2).map { i in
        func at(_ step: Double) -> Double { Self.value(it, row.indices.map { row[$0] + ($0 == i ? step : 0) }) }
        return (at(1e-5) - at(-1e-5)) / 2e-5
      }
      critic += (loss.critic + 0.3 * (slopes[0] * slopes[0] + slopes[1] * slopes[1])) / Double(count)
      generator += loss.generator / Double(count)
    }
    #expect(abs(found[0][0] - critic) < 1e-8)
    #expect(abs(found[1][0] - generator) < 1e-12)
    #expect(objective.players.map(\.name) == ["critic", "generator"])
  }

  @Test("images end at black and white, and draws are those of the seed") func draws() throws {
    let it = try SmallGAN(data: patternData(3, 3), scale: 3)
    let draws = try it.model.draws(500, it.trained)
    #expect(draws.count == 4500 && draws.allSatisfy { (0...1).contains($0) })
    #expect((draws.max() ?? 0) > 0.9 && (draws.min() ?? 1) < 0.1)
    #expect(try Array(it.model.draws(700, it.trained).prefix(4500)) == draws)
  }

  @Test("data without examples are refused") func noExamples() throws {
    for data in [
      DataSplit(name: "energy", training: .none(exampleShape: [2])),
      DataSplit(name: "none", training: .rows(Dataset(name: "none", exampleShape: [1], values: [0]))),
    ] {
      #expect(throws: (any Error).self) { try ModelName.gan.make("{}", data) }
    }
  }

  @Test(
    "four clusters are learned in 3000 steps, by each of the dynamics",
    arguments: [
      Dynamics.simultaneous, .alternating(), .extragradient,
    ])
  func learns(_ dynamics: Dynamics) throws {
    let data = DataSplit.sample(GaussianMixture.fourClusters, rows: 2000)
    let it = try SmallGAN(#", "generator": [32, 32], "critic": [32, 32], "gradientPenalty": 0.1"#, data: data)
    it.vector.initialize(seed: 1)
    let adam = Adam(beta1: 0), rows = try #require(data.rows)
    let engine = try StepEngine(
      parameters: it.vector, optimizer: adam, batchSizes: [128],
      options: .init(shards: 2, clipNorm: nil, seed: 1, dynamics: dynamics), pool: WorkerPool(workers: 2),
      kernels: .current(.float64)
    ) { it.model.objective(Batch(count: $0, of: data)) }
    let schedule = Schedule(shape: .cosine, peak: 0.003, steps: 3000)
    for step in 1...3000 {
      let indices = (0..<128).map { (step * 128 + $0) % rows.count }
      _ = try engine.step(step, examples: 128, rate: schedule.rate(step: step)) { range, input in
        input.write(indices[range], of: rows)
      }
    }
    let claims = try it.claims()
    for id in ["G4", "G4b", "G5", "G6"] {
      #expect(claims[id]?.verdict == .holds, "\(id): \(claims[id]?.measured ?? .nan)")
    }
    let spread = try #require(claims["G4c"])
    #expect(spread.control?.fails == true)
  }
}
