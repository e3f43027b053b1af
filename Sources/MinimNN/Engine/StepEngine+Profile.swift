@_spi(Minim) import MinimAutodiff
import MinimKernels
import MinimParallel

extension StepEngine {
  /// The multiplications and additions of the products of one step. Products contain no padding and no masked taps, so
  /// all of them count.
  @_spi(Minim) public func floatingPointOperations(examples: Int) -> Int {
    turns.indices.reduce(0) { sum, turn in
      let programs = cut(of: examples, turn: turn).programs
      return sum + turns[turn].evaluations * programs.reduce(0) { $0 + $1.plan.floatingPointOperations }
    }
  }

  /// The instructions of a batch's largest shard, in a step's first field, in the order in which they run, and the
  /// median time of each.
  ///
  /// - Parameter fill: writes the examples of a range of the batch.
  @_spi(Minim) public func instructionTimes(
    examples: Int, runs: Int, fill: (Range<Int>, BatchBuffer) -> Void
  ) -> [InstructionTime] {
    let cut = cut(of: examples)
    let worker = cut.programs[0].workers[0]
    let replay = worker.replay
    worker.shared.update()
    if let input = worker.input { fill(cut.shards.ranges[0], input) }
    worker.step?[0] = 1
    replay.setRandom(seed: options.seed, step: 1, firstExample: 0)
    return replay.profile(runs: runs, result: slots[0].pointer)
  }

  /// How often a step computes a field.
  package var fieldsPerStep: Int { turns.reduce(0) { $0 + $1.evaluations } }

  /// The bytes of a slot of each sum over the shards of a step: of the gradient, and of each statistic of the batch.
  package func sums(examples: Int) -> [Int] {
    let gradient = ShardSum.slotBytes(parameters.layout.count, elementSize: kernels.precision.elementSize)
    return turns.indices.flatMap { turn in
      Array(repeating: [gradient] + cut(of: examples, turn: turn).exchangedBytes, count: turns[turn].evaluations)
        .flatMap { $0 }
    }
  }

  /// The bytes that each worker needs to replay the largest shard.
  package func bytesPerWorker(examples: Int) -> Int {
    kernels.precision.elementSize
      * turns.indices.reduce(0) { $0 + cut(of: examples, turn: $1).programs[0].plan.elementsPerWorker }
  }
}
