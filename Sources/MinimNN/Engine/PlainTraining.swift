import MinimAutodiff
import MinimData
import MinimKernels

/// Training as its definitions have it: the oracle of `StepEngine`. Each batch is a whole instead of shards, its expressions
/// are evaluated operation by operation in Double, and turns, clipping, rates and the optimizer's rule are plain loops. Slow.
package struct PlainTraining {
  private let layout: ParameterLayout, rule: UpdateRule
  private let optimizer: any PlainOptimizer
  private let averageDecay: Double?
  private let objective: (_ examples: Int) -> Objective
  private let kernels: KernelTable
  private let seed: UInt64
  private var parameters: [PlainParameter]
  private var history: [[Double]] = []

  /// Prepares the training of some initial parameters.
  ///
  /// - Parameters:
  ///   - objective: the objective of a number of examples, without the rule's consensus.
  ///   - seed: the seed of random tensors.
  ///   - level: the level of the kernels that evaluate single operations.
  /// - Returns: nil if the rule's optimizer is not written in plain loops.
  /// - Throws: `KernelError` if there is not enough memory.
  package init?(
    _ start: ParameterVector, _ rule: UpdateRule, _ objective: @escaping (Int) -> Objective, seed: UInt64,
    level: KernelLevel
  ) throws {
    let averaged = rule.optimizer as? Averaged
    guard let optimizer = (averaged?.base ?? rule.optimizer) as? any PlainOptimizer else { return nil }
    (layout, self.rule, self.optimizer, averageDecay) = (start.layout, rule, optimizer, averaged?.decay)
    (self.objective, self.seed) = ({ objective($0).withConsensus(rule.consensus) }, seed)
    kernels = try KernelTable(level: level, precision: .float64)
    parameters = start.layout.entries.map { entry in
      let values = start[entry]
      return PlainParameter(
        shape: entry.shape, values: values, state: optimizer.stateNames.map { _ in values.map { _ in 0 } })
    }
  }

  /// The values of all parameters, one after the other.
  package var values: [Double] { parameters.flatMap(\.values) }

  /// The values that samples, metrics and claims would use: their average over the steps if the rule has one.
  package var evaluatedValues: [Double] {
    guard let averageDecay, !history.isEmpty else { return values }
    return Averaged.plainAverage(of: history, decay: averageDecay)
  }

  /// Takes a step and returns the loss before it.
  ///
  /// - Parameters:
  ///   - number: the number of the step, from 1.
  ///   - examples: the size of its batch.
  ///   - inputs: the batch, by the names of inputs.
  /// - Throws: `KernelError` if there is not enough memory.
  package mutating func step(_ number: Int, examples: Int, _ inputs: [String: [Double]]) throws -> Double {
    let rate = rule.schedule.rate(step: number), objective = objective(examples)
    func gradients(of player: String? = nil) throws -> (gradients: [[Double]], value: Double) {
      try self.gradients(objective, player, number, inputs)
    }
    var loss = Double.nan
    switch rule.dynamics {
    case .simultaneous:
      let (field, value) = try gradients()
      loss = value
      update(field, rate, number)
    case .extragradient:
      let start = parameters
      let (here, value) = try gradients()
      loss = value
      for (index, gradient) in here.enumerated() {
        for i in gradient.indices { parameters[index].values[i] -= rate * gradient[i] }
      }
      let ahead = try gradients().gradients
      parameters = start
      update(ahead, rate, number)
    case .alternating(let order, let firstSteps):
      for (turn, name) in (order.isEmpty ? objective.players.map(\.name) : order).enumerated() {
        let times = turn == 0 ? firstSteps : 1
        for time in 1...times {
          let (field, value) = try gradients(of: name)
          if turn == 0, time == 1 { loss = value }
          let moved = objective.players.first { $0.name == name }?.parameters
          update(field, rate, (number - 1) * times + time, moving: moved)
        }
      }
    }
    history.append(values)
    return loss
  }

  /// The field of a player, or of all, scaled down to the rule's norm, and the objective.
  private func gradients(
    _ objective: Objective, _ player: String?, _ number: Int, _ inputs: [String: [Double]]
  ) throws -> (gradients: [[Double]], value: Double) {
    var vector = [Double](repeating: 0, count: layout.count)
    for (entry, parameter) in zip(layout.entries, parameters) {
      vector.replaceSubrange(entry.range, with: parameter.values)
    }
    let values = try evaluate(
      objective.field(layout.entries.map(\.tensor), moving: player) + [objective.value], parameters: vector,
      inputs: inputs, kernels: kernels,
      random: (seed, UInt64(number), 0), fuse: false)
    let gradients = Array(values.dropLast())
    let norm = gradients.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }.squareRoot()
    let scale = rule.clipNorm.map { norm > $0 ? $0 / norm : 1 } ?? 1
    return (gradients.map { $0.map { scale * $0 } }, values[values.count - 1][0])
  }

  private mutating func update(_ gradients: [[Double]], _ rate: Double, _ number: Int, moving moved: [Tensor]? = nil) {
    for (index, entry) in layout.entries.enumerated() where moved?.contains(where: { $0 === entry.tensor }) ?? true {
      optimizer.step(&parameters[index], gradients[index], rate: rate, update: number)
    }
  }
}
