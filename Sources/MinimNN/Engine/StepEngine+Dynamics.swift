import CMinimKernels
import MinimAutodiff
import MinimKernels
import MinimParallel

// Steps that evaluate the field more than once. They keep a copy of the previous values, so that a step that fails
// halfway changes nothing.

extension StepEngine {
  /// A part of the field, and the parameters that it moves.
  struct Turn {
    /// The player; nil if everything moves at once.
    let player: String?
    /// The number of moves per step, one after the other.
    let times: Int
    /// The number of evaluations of the field per step.
    let evaluations: Int
    /// The elements of the parameter vector that move.
    let moving: [Range<Int>]
    /// The same elements in the pieces of an update.
    private(set) var pieces: [Range<Int>] = []
    /// One per batch size, made before the first step.
    private(set) var cuts: [Cut] = []

    /// The turns of a step, without their pieces and cuts.
    static func all(
      _ dynamics: Dynamics, _ objective: @autoclosure () -> Objective, _ layout: ParameterLayout
    ) -> [Turn] {
      switch dynamics {
      case .simultaneous, .extragradient:
        let evaluations = dynamics == .extragradient ? 2 : 1
        return [Turn(player: nil, times: 1, evaluations: evaluations, moving: [0..<layout.count])]
      case .alternating(let order, let firstSteps):
        let players = objective().players
        let names = players.map(\.name)
        require(names.count > 1, "\(names.count) players cannot take turns")
        if let problem = dynamics.problem(players: names) { mistake("the order of the players: \(problem)") }
        return (order.isEmpty ? names : order).enumerated().map { index, name in
          let own = players.first { $0.name == name }?.parameters ?? []
          let entries = layout.entries.filter { entry in own.contains { $0 === entry.tensor } }
          let times = index == 0 ? firstSteps : 1
          return Turn(player: name, times: times, evaluations: times, moving: joined(entries.map(\.range)))
        }
      }
    }

    /// Ranges in ascending order; ranges that are separated only by padding are joined.
    private static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
      ranges.reduce(into: []) { runs, range in
        if let last = runs.last, padded(last.upperBound) == range.lowerBound {
          runs[runs.count - 1] = last.lowerBound..<range.upperBound
        } else {
          runs.append(range)
        }
      }
    }

    func with(
      _ cuts: [Cut], _ layout: ParameterLayout, _ granularity: OptimizerGranularity, on pool: WorkerPool
    ) -> Turn {
      var copy = self
      copy.cuts = cuts
      copy.pieces = granularity == .elements ? blocks(on: pool) : wholeParameters(layout)
      return copy
    }

    private func wholeParameters(_ layout: ParameterLayout) -> [Range<Int>] {
      layout.entries.map(\.range).filter { range in moving.contains { $0.contains(range.lowerBound) } }
    }

    /// The block of each worker: what it has added up in the reduction, so that its part of the gradient is in its
    /// cache.
    private func blocks(on pool: WorkerPool) -> [Range<Int>] {
      let length = ShardSum.blockLength
      return moving.flatMap { run in
        pool.ownIndices(of: (run.count + length - 1) / length).map { blocks in
          let start = run.lowerBound + blocks.lowerBound * length
          return start..<min(run.upperBound, start + blocks.count * length)
        }
      }
    }
  }

  /// The number of vectors that a step keeps a copy of.
  static func keptVectors(_ dynamics: Dynamics, _ stateVectors: Int) -> Int {
    switch dynamics {
    case .simultaneous: 0
    case .alternating: 1 + stateVectors
    case .extragradient: 1
    }
  }

  /// Moves each player in turn, by the field at the parameters that the player before has left.
  func takeTurns(
    _ request: Request, _ stop: () -> Bool, _ fill: (Range<Int>, BatchBuffer) -> Void
  ) throws -> Result {
    keep()
    var loss = Double.nan, square = 0.0, isStopRequested = false
    for turn in turns.indices {
      for time in 1...turns[turn].times {
        let field: Field
        do { field = try self.field(turn, request, stop, fill) } catch {
          restore()
          throw error
        }
        if turn == 0 && time == 1 { loss = field.loss }
        square += field.norm * field.norm
        isStopRequested = isStopRequested || field.isStopRequested
        update(turn, field, request, time: time)
      }
    }
    return Result(loss: loss, gradientNorm: square.squareRoot(), isStopRequested: isStopRequested)
  }

  /// Steps by the field at the place that a plain step leads to.
  func lookAhead(
    _ request: Request, _ stop: () -> Bool, _ fill: (Range<Int>, BatchBuffer) -> Void
  ) throws -> Result {
    let here = try field(0, request, stop, fill)
    keep()
    movePlainly(by: -request.rate * here.scale)
    let ahead: Field
    do { ahead = try field(0, request, stop, fill) } catch {
      restore()
      throw error
    }
    restore()
    update(0, ahead, request)
    return Result(
      loss: here.loss, gradientNorm: here.norm,
      isStopRequested: here.isStopRequested || ahead.isStopRequested)
  }

  /// Adds a multiple of the field to the parameters.
  private func movePlainly(by factor: Double) {
    let pieces = turns[0].pieces
    pool.run(pieces.count) { piece in
      let offset = pieces[piece].lowerBound * kernels.precision.elementSize
      let parameters = vectors.parameters + offset
      var call = minim_weighted_sum(
        a: parameters, b: vectors.gradient + offset, y: parameters, count: Int64(pieces[piece].count), a_weight: 1,
        b_weight: factor, squares: 0, square: 0)
      kernels.weightedSum(&call)
    }
  }

  private func keep() {
    for index in kept.indices { copy(index == 0 ? parameters : state[index - 1], to: kept[index]) }
  }

  private func restore() {
    for index in kept.indices { copy(kept[index], to: index == 0 ? parameters : state[index - 1]) }
  }

  private func copy(_ source: ParameterVector, to target: ParameterVector) {
    target.pointer.copyMemory(
      from: source.pointer, byteCount: parameters.layout.count * kernels.precision.elementSize)
  }
}
