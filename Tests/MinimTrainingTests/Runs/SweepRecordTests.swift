import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// A sweep as a line of a list, read from files that are written by hand.
@Suite struct SweepRecordTests {
  /// A sweep of three seeds at two rates whose first members have these states.
  private static func sweep(_ folder: TemporaryFolder, _ states: [RunStatus.State]) throws -> SweepDirectory {
    let grid = try SweepGrid(["seed=0..2", "optimizer.learningRate=0.1,0.2", "training.steps=5"])
    let config = #"{"model": {"name": "bilinear"}, "optimizer": {"name": "sgd", "learningRate": 1}}"#
    let sweep = try SweepDirectory(in: folder["runs"], name: "game", configs: [("game.json", config)], grid: grid)
    for (member, state) in zip(sweep.members, states) {
      let run = try sweep.directory(member)
      let claims: JSON = state == .done ? ["holds": 2] : ["holds": 1, "fails": 1]
      try RunStatus(state: state, step: 5, seconds: 2, verdicts: VerdictCounts(claims)).write(to: run)
    }
    return sweep
  }

  @Test(
    "its state is that of the members that need attention first",
    arguments: [
      ([], "0 of 6 done", .pending),
      ([.done, .done], "2 of 6 done", .stopped),
      ([.done, .diverged], "1 of 6 done, 1 diverged", .stopped),
      ([.done, .stopped], "1 of 6 done, 1 stopped", .stopped),
      // Nobody trains it.
      ([.done, .running], "1 of 6 done, 1 killed", .stopped),
      ([.done, .done, .done, .done, .done, .done], "6 of 6 done", .done),
      ([.done, .done, .done, .diverged, .done, .done], "5 of 6 done, 1 diverged", .diverged),
      ([.done, .failed, .done, .diverged, .done, .done], "4 of 6 done, 1 diverged, 1 failed", .failed),
    ] as [([RunStatus.State], String, RunRecord.State)])
  func state(_ states: [RunStatus.State], _ progress: String, _ state: RunRecord.State) throws {
    let folder = try TemporaryFolder()
    let record = SweepRecord(path: try Self.sweep(folder, states).path)
    #expect(record.progress == progress && record.state == state && record.states.count == 6)
    #expect(record.seconds == 2 * Double(states.count))
  }

  @Test("it has the values of its keys, the config of its members, and the sum of their claims") func values() throws {
    let folder = try TemporaryFolder()
    let sweep = try Self.sweep(folder, [.done, .failed, .done])
    let record = SweepRecord(path: sweep.path)
    #expect(record.verdicts.json == ["holds": 5, "fails": 1])
    #expect(record.values("seed") == ["0", "1", "2"] && record.values("optimizer.learningRate") == ["0.1", "0.2"])
    #expect(
      record.values("training.steps") == ["5"] && record.values("nothing").isEmpty && record.values("loss").isEmpty)
    // From the sweep's own config, and from that of a member once it has one.
    #expect(record.values("model") == ["bilinear"] && record.values("optimizer.name") == ["sgd"])
    let member = sweep.folder(sweep.grid.member(1))
    try FileStore().writeAtomically(#"{"model": {"name": "gan"}, "seed": 7}"#, to: member.config)
    let again = SweepRecord(path: sweep.path)
    #expect(again.values("model") == ["gan"] && again.values("seed") == ["0", "1", "2"])
    #expect(ListedFolder.sweep(again).value("seed") == "0,1,2")
    #expect(ListedFolder.members(of: sweep).map(\.name).last == sweep.name + "/0006")
    #expect(ListedFolder.members(of: sweep).compactMap { $0.value("state") }.last == "pending")
  }

  @Test("runs are compared by the keys that vary, or by their name if only the seed does") func keys() throws {
    #expect(try SweepGrid(["seed=0..2", "a=1,2", "b=3", "c=x,y"]).comparedKeys == "a,c")
    #expect(try SweepGrid(["seed=0..2", "b=3"]).comparedKeys == "name")
    let drawn = try SweepGrid(["seed=0..2", "a=uniform(0,1)"], draws: 5)
    #expect(drawn.comparedKeys == "name" && drawn.variedKeys == ["seed", "a"] && drawn.hasSeeds)
    let both = try SweepGrid(["b=x,y", "a=uniform(0,1)"], draws: 5)
    #expect(both.comparedKeys == "b" && both.variedKeys == ["b", "a"], "draws of an interval are no groups")
    #expect(try !SweepGrid(["seed=1", "a=1,2"]).hasSeeds)
  }

  @Test("however many damaged statuses there are, the sum of their claims does not overflow")
  func hugeCounts() {
    let wrong = [VerdictCounts](repeating: VerdictCounts(["holds": 9_007_199_254_740_992, "fails": -1]), count: 1100)
    #expect(VerdictCounts(sumOf: wrong).isEmpty)
    let most = [VerdictCounts](repeating: VerdictCounts(["holds": 1_000_000]), count: SweepGrid.most)
    #expect(VerdictCounts(sumOf: most + wrong).text == "100000000000 hold")
    #expect(VerdictCounts(sumOf: wrong + [VerdictCounts(["holds": 7])]).text == "7 hold")
  }
}
