import MinimAutodiff
import MinimKernels
import MinimNN
import MinimParallel
import TestSupport
import Testing

/// The engine's steps against those in plain loops, which share no code with them but the expressions.
@Suite struct PlainTrainingTests {
  private static let optimizers: [any Optimizer] = [
    SGD(), SGD(momentum: 0.9, weightDecay: 0.01), SGD(momentum: 0.9, nesterov: true), Adam(),
    Adam(beta1: 0, beta2: 0.9, epsilon: 1e-3, weightDecay: 0.1), Muon(), Muon(momentum: 0.5, weightDecay: 0.1),
    Optimistic(), Averaged(Adam(), decay: 0.9), Averaged(SGD(), decay: 0.99),
  ]

  private static let examples = 7, steps = 5

  private static func rule(_ optimizer: any Optimizer, clip: Double? = nil) -> UpdateRule {
    UpdateRule(
      optimizer: optimizer, schedule: Schedule(shape: .cosine, peak: 0.05, warmUp: 2, final: 0.1, steps: 6), steps: 6,
      clipNorm: clip)
  }

  /// The parameters and their averages after each step of 7 examples in 3 shards.
  private static func engine(_ rule: UpdateRule) throws -> [[Double]] {
    let net = SmallNet()
    let parameters = try ParameterVector(net.parameters, precision: .float64)
    parameters.initialize(seed: 4)
    let engine = try StepEngine(
      parameters: parameters, optimizer: rule.optimizer, batchSizes: [examples],
      options: .init(shards: 3, clipNorm: rule.clipNorm, seed: 1), pool: WorkerPool(workers: 2),
      kernels: .current(.float64), objective: net.objective)
    let values = SmallNet.examples(examples)
    return try (1...steps).map { step in
      _ = try engine.step(step, examples: examples, rate: rule.schedule.rate(step: step)) { range, buffer in
        buffer.write(values[range.lowerBound * 9..<range.upperBound * 9], at: 0)
      }
      return net.parameters.entries.flatMap { engine.evaluatedParameters[$0] }
    }
  }

  private static func plain(_ rule: UpdateRule) throws -> [[Double]] {
    let net = SmallNet()
    let start = try ParameterVector(net.parameters, precision: .float64)
    start.initialize(seed: 4)
    var plain = try #require(
      try PlainTraining(start, rule, net.objective, seed: 1, level: .preferred))
    let inputs = [Batch.inputName: SmallNet.examples(examples).map(Double.init)]
    return try (1...steps).map { step in
      _ = try plain.step(step, examples: examples, inputs)
      return plain.evaluatedValues
    }
  }

  private static func difference(_ a: [[Double]], _ b: [[Double]]) -> Double {
    zip(a.joined(), b.joined()).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  @Test("every optimizer, with and without clipping", arguments: optimizers.indices, [nil, 0.01])
  func everyOptimizer(_ index: Int, clip: Double?) throws {
    let rule = Self.rule(Self.optimizers[index], clip: clip)
    let found = try Self.engine(rule)
    #expect(try Self.difference(found, Self.plain(rule)) < 1e-12)
    // The control: the optimizer before it, or the same without clipping.
    let other = Self.rule(Self.optimizers[index == 0 ? 1 : index - 1], clip: clip)
    #expect(try Self.difference(found, Self.plain(other)) > 1e-6)
  }

  @Test("rates are those of the formula, and one step later they are not")
  func rates() {
    let schedule = Self.rule(SGD()).schedule
    for step in 1...6 {
      #expect(abs(schedule.rate(step: step) - schedule.plainRate(step: step)) < 1e-15)
      #expect(abs(schedule.rate(step: step) - schedule.plainRate(step: step + 1)) > 1e-4 || step == 6)
    }
  }
}
