import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// T1: a step. T2: its rate.

extension TrainingClaims {
  /// T1: the first steps of training, as the engine takes them, compared with the same steps in plain loops.
  func stepClaim() throws -> Claim {
    let theorem = Claim.Theorem(
      "T1", "the parameters after a step are those of the optimizer's formula on the whole batch", .identity)
    let start = try ParameterVector(model.parameters, precision: .float64)
    start.initialize(seed: configuration.seed)
    let rule = configuration.rule
    guard let own = try plainSteps(start, rule), let faster = try plainSteps(start, rule.withRate(1.01)) else {
      return .notApplicable(theorem, "the optimizer is not one that is written in plain loops too")
    }
    let engine: [[Double]]
    do { engine = try engineSteps(start) } catch is NonFiniteStep {
      return .notApplicable(theorem, "the first steps are not finite")
    }
    let first = start.layout.entries.flatMap { start[$0] }
    let change = own.reduce(0) { max($0, Self.largest($1, first)) }
    guard change > 0, change.isFinite else {
      return .notApplicable(theorem, "the first steps do not move the parameters")
    }
    func difference(_ steps: [[Double]]) -> Double {
      zip(engine, steps).reduce(0) { max($0, Self.largest($1.0, $1.1)) } / change
    }
    let (examples, shards) = smallBatch
    return Claim(
      theorem,
      "largest difference after \(Self.steps) steps of \(examples) examples in \(shards) shards, over the largest change",
      measured: difference(own), .equal, 0, tolerance: 1e-6, samples: first.count,
      control: .init("a rate that is 1 % larger", changed: "the learning rate", measured: difference(faster)))
  }

  private static let steps = 3

  /// The values of all parameters after each step, and of their average after the last, in plain loops.
  private func plainSteps(_ start: ParameterVector, _ rule: UpdateRule) throws -> [[Double]]? {
    guard
      var plain = try PlainTraining(start, rule, objective, seed: configuration.seed, level: trained.level)
    else { return nil }
    let order = smallOrder()
    var all: [[Double]] = []
    for step in 1...Self.steps {
      let size = order.draw(step: step)
      let indices = try paired(Array(order.indices.prefix(size)), start.values, step: step)
      _ = try plain.step(step, examples: size, inputs(indices, step: step))
      all.append(plain.values)
    }
    return all + [plain.evaluatedValues]
  }

  /// The examples of a step in the order of the model's pairing.
  private func paired(_ indices: [Int], _ parameters: [Double], step: Int) throws -> [Int] {
    guard let pairing = model.pairing, let values = inputs(indices, step: step)[Batch.inputName] else { return indices }
    return try pairing.order(
      of: indices.count, data.exampleShape, values, parameters: parameters,
      random: (configuration.seed, UInt64(step)), kernels: KernelTable(level: trained.level, precision: .float64)
    ).map { indices[$0] }
  }

  /// The same by the engine, in Double.
  private func engineSteps(_ start: ParameterVector) throws -> [[Double]] {
    let trainer = try Trainer(
      start.converted(to: .float64), configuration.rule, examples: data.training, order: smallOrder(),
      shards: smallBatch.shards, seed: configuration.seed, pool: trained.pool,
      kernels: KernelTable(level: trained.level, precision: .float64), pairing: model.pairing, objective: objective)
    let entries = start.layout.entries
    let all = try (1...Self.steps).map { step in
      try trainer.step(step)
      return entries.flatMap { trainer.engine.parameters[$0] }
    }
    return all + [entries.flatMap { trainer.engine.evaluatedParameters[$0] }]
  }

  private func smallOrder() -> BatchOrder {
    BatchOrder(
      count: data.training.count, examples: smallBatch.examples, drawing: configuration.batch.drawing,
      seed: configuration.seed)
  }

  private static func largest(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  /// T2: the rate of each step, by the schedule's formula. None if it is the same in all steps.
  func rateClaims() -> [Claim] {
    let schedule = configuration.schedule
    guard schedule.dependsOnSteps || schedule.warmUp > 0 else { return [] }
    let steps = configuration.steps
    let shown = stride(from: 1, through: steps, by: max(1, steps / 1000))
    func difference(later: Int) -> Double {
      shown.reduce(0) { max($0, abs(schedule.rate(step: $1) - schedule.plainRate(step: $1 + later))) } / schedule.peak
    }
    return [
      Claim(
        Claim.Theorem("T2", "the learning rate of a step is that of its schedule's formula", .identity),
        "largest difference, over the learning rate", measured: difference(later: 0), .equal, 0, tolerance: 1e-12,
        control: .init(
          "the rates of a tenth of the run later", changed: "the steps",
          measured: difference(later: max(1, steps / 10)),
          cannotFailIf: "the run ends before the rate changes"))
    ]
  }
}
