import ArgumentParser
import MinimDrawing
import MinimFiles
import MinimTraining

/// A sweep on a terminal: its training, and the lines that say what to look at.
struct SweepSession {
  private let sweep: SweepDirectory
  private let options: TrainingOptions
  private let failFast: Bool, drawsPictures: Bool

  init(_ sweep: SweepDirectory, _ options: TrainingOptions, failFast: Bool, drawsPictures: Bool) {
    self.drawsPictures = drawsPictures
    self.sweep = sweep
    self.options = options
    self.failFast = failFast
  }

  func run() throws {
    Interruption.listen()
    let level = try ConfigFiles.level()
    if !options.quiet { for remark in ConfigFiles.remarks(on: level) { Terminal.write("\(remark)\n", to: 2) } }
    var settings = SweepRun.Options(level: level)
    (settings.workers, settings.isQuiet, settings.failsFast) = (options.workers, options.quiet, failFast)
    (settings.drawsPictures, settings.keepsEvents) = (drawsPictures, options.tensorboard)
    settings.dataFolders = ConfigFiles.folders("data")
    settings.remark = { Terminal.write("\($0)\n", to: 2) }
    let run = SweepRun(sweep, settings) { try ConfigFiles.experiment($0, $1) }
    try conclude(run.train())
  }

  private func conclude(_ outcomes: [SweepRun.Outcome]) throws {
    if let signal = Interruption.signal {
      Terminal.write("Stopped and saved. To continue: \(Program.current.train) sweep --resume \(sweep.path)\n", to: 2)
      throw ExitCode(.stopped(by: signal))
    }
    let runs = options.runs == TrainingOptions.runsFolder ? "" : " --runs \(options.runs)"
    try Terminal.print(
      """
      \(Readable.count(sweep.grid.count, "run")) in \(sweep.path), every metric in \(sweep.table)
      Compare: \(Program.current.tool) compare \(sweep.name)\(runs)
      Look at: \(sweep.path)/report.html

      """)
    // The failed run with the lowest number, whichever thread met its failure first.
    if let failed = outcomes.first(where: { $0.exit != .success }) { throw ExitCode(failed.exit) }
  }
}
