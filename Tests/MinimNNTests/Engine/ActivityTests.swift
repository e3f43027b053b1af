import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN
import MinimParallel
import Testing

/// What a computation tells those who wait for it.
@Suite struct ActivityTests {
  @Test("the innermost name, and the outermost count within it") func nesting() {
    let activity = Activity()
    #expect(activity.state == nil)
    activity.during("claims") {
      #expect(activity.state?.name == "claims" && activity.state?.count == nil)
      activity.counting(4, "search") { searches in
        searches.add()
        activity.counting(10, "row") { rows in
          rows.add(5)
          // One search of four, and half of the second.
          let count = activity.state?.count
          #expect(count?.total == 4 && count?.noun == "search" && count?.share == 0.375)
        }
        activity.during("claim P2") {
          #expect(activity.state?.name == "claim P2" && activity.state?.count == nil)
        }
        #expect(activity.state?.name == "claims" && activity.state?.count?.share == 0.25)
      }
    }
    #expect(activity.state == nil)
  }

  @Test("what failed is over too") func failure() {
    struct Failure: Error {}
    let activity = Activity()
    #expect(throws: Failure.self) { try activity.during("claim P2") { throw Failure() } }
    #expect(activity.state == nil)
  }

  @Test("work on several threads ends in any order") func threads() {
    let activity = Activity(), pool = WorkerPool(workers: 4)
    activity.counting(200, "game") { games in
      pool.run(200) { index in
        activity.counting(index, "step") { steps in for _ in 0..<index { steps.add() } }
        games.add()
      }
      #expect(activity.state?.count?.share == 1)
    }
    #expect(activity.state == nil)
  }

  private static func trained(_ activity: Activity) throws -> Trained {
    let data = Dataset(name: "data", exampleShape: [1], values: (0..<10).map { Float($0) })
    return Trained(
      parameters: try ParameterVector(ParameterScope().layout, precision: .float64),
      data: DataSplit(name: "data", training: .rows(data)), pool: WorkerPool(workers: 1), level: .preferred, seed: 1,
      activity: activity)
  }

  @Test("an evaluator counts its examples, also for parameters that came later") func evaluator() throws {
    let activity = Activity()
    let trained = try Self.trained(activity).inDouble()
    let other = trained.with(try ParameterVector(ParameterScope().layout, precision: .float64))
    let x = Batch(count: 4, exampleShape: [1]).examples
    for trained in [trained, other] {
      let evaluator = try BatchEvaluator([[square(x)]], chunk: 4, trained)
      var seen: [Activity.Count?] = []
      evaluator.forEachChunk(10, of: "image") { _, _ in seen.append(activity.state?.count) }
      #expect(seen.map { $0?.share } == [0, 0.4, 0.8] && seen.allSatisfy { $0?.total == 10 && $0?.noun == "image" })
      #expect(evaluator.mapChunks(10) { _, _ in activity.state?.count?.share } == [0, 0.4, 0.8])
    }
    #expect(activity.state == nil)
  }

  @Test("the training of a control counts its steps; one step alone counts nothing") func trainer() throws {
    let activity = Activity()
    let scope = ParameterScope()
    let w = scope.parameter("w", shape: [1], .zeros)
    let vector = try ParameterVector(scope.layout, precision: .float64)
    let rule = UpdateRule(optimizer: SGD(), schedule: Schedule(peak: 0.1, steps: 4), steps: 4)
    let trainer = try Trainer(vector, rule, like: Self.trained(activity), draws: 1, shards: 1) { _ in
      Objective("square", square(w - 1).sum())
    }
    var shares: [Double?] = []
    try trainer.run { _ in
      shares.append(activity.state?.count?.share)
      return false
    }
    #expect(shares == [0, 0.25, 0.5, 0.75])
    try trainer.step(5) {
      #expect(activity.state == nil)
      return false
    }
  }
}
