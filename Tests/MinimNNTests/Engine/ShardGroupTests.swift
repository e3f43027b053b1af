import MinimKernels
import MinimNN
import MinimParallel
import TestSupport
import Testing

/// Several processes that compute each batch together come to the bits of one.
@Suite struct ShardGroupTests {
  /// What a process has after some steps.
  private struct Outcome: Equatable {
    var losses: [Double] = [], norms: [Double] = [], stops: [Bool] = [], parameters: [Double] = []

    mutating func add(_ result: StepEngine.Result) {
      losses.append(result.loss)
      norms.append(result.gradientNorm)
      stops.append(result.isStopRequested)
    }
  }

  /// - Parameter stopper: the process that asks to stop in the third step.
  private static func net(
    _ group: any ShardGroup = SingleProcess(), shards: Int, workers: Int = 1, precision: Precision, stopper: Int? = nil
  ) throws -> Outcome {
    let bench = try EngineBench(
      examples: 22, shards: shards, precision: precision, workers: workers, optimizer: Adam(), clipNorm: 0.5,
      otherSizes: [13], group: group)
    var outcome = Outcome()
    for step in 1...6 {
      let asks = step == 3 && group.ownership.owner == stopper
      outcome.add(try bench.step(step, examples: step % 2 == 0 ? 13 : 22, stop: asks))
    }
    outcome.parameters = bench.parameters.values
    return outcome
  }

  @Test("parameters, losses and norms, for batches of two sizes", arguments: Precision.allCases)
  func sameBits(_ precision: Precision) throws {
    for shards in [4, 7, 8] {
      let alone = try Self.net(shards: shards, precision: precision)
      // Of more processes than shards, some have none.
      for owners in [2, 3, 4, 9] {
        for outcome in try SimulatedGroup.run(
          owners, { try Self.net($0, shards: shards, workers: 2, precision: precision) })
        {
          #expect(outcome == alone, "\(shards) shards of \(owners) processes")
        }
      }
    }
  }

  @Test("all processes see in the same step that one was asked to stop") func stop() throws {
    for stopper in 0..<3 {
      let all = try SimulatedGroup.run(3) { try Self.net($0, shards: 8, precision: .float32, stopper: stopper) }
      for outcome in all { #expect(outcome.stops == [false, false, true, false, false, false]) }
    }
    // One of nine processes has none of eight shards.
    let idle = (0..<9).filter { ShardOwnership(owner: $0, of: 9).own(of: 8).isEmpty }
    for stopper in idle + [4] {
      let all = try SimulatedGroup.run(9) { try Self.net($0, shards: 8, precision: .float32, stopper: stopper) }
      for outcome in all { #expect(outcome.stops == [false, false, true, false, false, false]) }
    }
    let nobody = try SimulatedGroup.run(3) { try Self.net($0, shards: 8, precision: .float32) }
    #expect(nobody.allSatisfy { !$0.stops.contains(true) })
  }

  @Test(
    "games, whose players move by turns or look ahead",
    arguments: [
      Dynamics.simultaneous, .extragradient, .alternating(order: ["critic", "generator"], firstSteps: 2),
    ])
  func games(_ dynamics: Dynamics) throws {
    let play: @Sendable (any ShardGroup) throws -> Outcome = { group in
      let bench = try GameBench(optimizer: Adam(), dynamics: dynamics, clipNorm: 1, group: group)
      var outcome = Outcome()
      for step in 1...5 { outcome.add(try bench.step(step)) }
      outcome.parameters = bench.engine.parameters.values
      return outcome
    }
    let alone = try play(SingleProcess())
    for owners in [2, 3] {
      for outcome in try SimulatedGroup.run(owners, play) { #expect(outcome == alone) }
    }
  }

  @Test("a step that is not finite is refused by all processes, which keep their parameters") func nonFinite() throws {
    let all = try SimulatedGroup.run(2) { group -> Bool in
      var bench = try EngineBench(examples: 22, shards: 4, group: group)
      let before = bench.parameters.values
      bench.examples[3] = .infinity
      do { _ = try bench.step(1) } catch is NonFiniteStep { return bench.parameters.values == before }
      return false
    }
    #expect(all == [true, true])
  }
}
