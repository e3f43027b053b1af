import MinimFiles
import MinimTraining

extension FuzzTarget {
  /// The description of a sweep, as `list`, `show` and `train resume` read it.
  static let sweep = FuzzTarget("sweep") { bytes in
    let folder = try ScratchFolder()
    defer { folder.remove() }
    try folder.put(bytes, "sweep.json")
    let sweep = try SweepDirectory(path: folder.path)
    try demand((0...SweepGrid.most).contains(sweep.grid.count), "a sweep has a number of runs")
    for axis in sweep.grid.axes { _ = (axis.extremes, axis.choices.words) }
    for index in 0..<min(most, sweep.grid.count) { _ = try? sweep.source(sweep.grid.member(index)) }
    // To look at each of 100,000 runs takes its time, without a mistake.
    guard sweep.grid.count <= most else { return }
    let record = SweepRecord(path: folder.path)
    try demand(record.states.count == sweep.grid.count, "each run has a state")
    _ = (record.state, record.progress, record.values("seed"), record.settings)
    let entries = sweep.entries()
    try demand(entries.count == sweep.grid.count, "each run has an entry")
  }

  /// The values of keys that `train sweep --grid` reads.
  static let grid = FuzzTarget("grid") { bytes in
    let grid = try SweepGrid(try SweepGrid.words(bytes, file: "grid.json"), draws: 5)
    try demand(grid.count == 5, "there are as many runs as draws")
    for index in 0..<grid.count { _ = grid.member(index).overrides }
    // All combinations, if no value is one of an interval.
    guard let all = try? SweepGrid(try SweepGrid.words(bytes, file: "grid.json")), all.count > 0 else { return }
    try demand(all.count <= SweepGrid.most, "a sweep has no more runs than it may have")
    _ = (all.member(0).overrides, all.member(all.count - 1).overrides)
  }

  private static let most = 50
}
