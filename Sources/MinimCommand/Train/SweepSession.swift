import ArgumentParser
import MinimDrawing
import MinimFiles
import MinimTraining

/// A sweep on a terminal: its training, and the lines that say what to look at.
struct SweepSession {
  private let sweep: SweepDirectory
  private let options: TrainingOptions
  private let failFast: Bool, drawsPictures: Bool
  private let slice: SweepSlice?

  init(
    _ sweep: SweepDirectory, _ options: TrainingOptions, slice: SweepSlice?, failFast: Bool, drawsPictures: Bool
  ) {
    self.drawsPictures = drawsPictures
    self.slice = slice
    self.sweep = sweep
    self.options = options
    self.failFast = failFast
  }

  func run() throws {
    options.listen()
    let level = try ConfigFiles.level()
    if !options.quiet { for remark in ConfigFiles.remarks(on: level) { Terminal.write("\(remark)\n", to: 2) } }
    var settings = SweepRun.Options(level: level)
    (settings.workers, settings.isQuiet, settings.failsFast) = (options.workers, options.quiet, failFast)
    (settings.drawsPictures, settings.keepsEvents) = (drawsPictures, options.tensorboard)
    (settings.stopExit, settings.slice, settings.steals) = (options.stopExit, slice, options.steal)
    settings.dataFolders = ConfigFiles.folders("data")
    settings.remark = { Terminal.write("\($0)\n", to: 2) }
    let run = SweepRun(sweep, settings) { try ConfigFiles.experiment($0, $1) }
    try conclude(run, run.train())
  }

  private func conclude(_ run: SweepRun, _ outcomes: [SweepRun.Outcome]) throws {
    if run.countElsewhere > 0 {
      Terminal.write("\(Readable.count(run.countElsewhere, "run")) left to other processes\n", to: 2)
    }
    if let signal = Interruption.signal {
      Terminal.write("Stopped and saved. To continue: \(Program.current.train) sweep --resume \(sweep.path)\n", to: 2)
      throw ExitCode(options.stopExit ?? Stopped(signal: signal).exit)
    }
    if let slice, !run.isAllDone {
      try Terminal.print(
        """
        Slice \(slice.index)/\(slice.count) of \(sweep.path) is trained, and others are not
        When all are: \(Program.current.train) sweep --resume \(sweep.path) --collect

        """)
    } else {
      try lookAt()
    }
    // The failed run with the lowest number, whichever thread met its failure first.
    if let failed = outcomes.first(where: { $0.exit != .success }) { throw ExitCode(failed.exit) }
  }

  /// Says what there is to look at.
  func lookAt() throws {
    let runs = options.runs == TrainingOptions.runsFolder ? "" : " --runs \(options.runs)"
    try Terminal.print(
      """
      \(Readable.count(sweep.grid.count, "run")) in \(sweep.path), every metric in \(sweep.table)
      Compare: \(Program.current.tool) compare \(sweep.name)\(runs)
      Look at: \(sweep.path)/report.html

      """)
  }

  /// The members that another process, or this command again, has to train.
  private var unfinished: [SweepGrid.Member] {
    sweep.members.filter { ![.done, .diverged].contains(RunRecord(sweep.folder($0)).state) }
  }

  /// Writes the table and the page of what the members have so far.
  func collect() throws {
    try sweep.writeSummary()
    let missing = unfinished.count
    if missing > 0 { Terminal.write("\(Readable.count(missing, "run")) not done yet\n", to: 2) }
    try lookAt()
  }

  /// Prints a command for each member that is not done, for programs that run the lines of their input.
  func printCommands() throws {
    let (count, path) = (sweep.grid.count, ResumeTraining.quoted(sweep.path))
    let lines = unfinished.map { member in
      "\(Program.current.train) sweep --resume \(path) --slice \(member.number % count)/\(count) --workers 1 --quiet\n"
    }
    try Terminal.print(lines.joined())
  }
}
