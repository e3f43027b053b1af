import ArgumentParser
import MinimDrawing
import MinimFiles
import MinimKernels
import MinimNN
import MinimParallel
import MinimTraining
import Synchronization

/// Trains the unfinished runs of a sweep, one per thread at a time.
final class SweepSession: Sendable {
  /// The outcome of a run.
  private struct Outcome: Sendable {
    let member: SweepGrid.Member
    let exit: ExitStatus
    let message: String?
  }

  private let sweep: SweepDirectory
  private let options: TrainingOptions
  private let failFast: Bool, drawsPictures: Bool
  private let outcomes = Mutex<[Outcome]>([])

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
    let pending = (0..<sweep.grid.count).map(sweep.grid.member).filter { !isDone($0) }
    let threads = min(options.workers ?? WorkerCount.available, max(1, pending.count))
    // One at a time from a common counter: runs may differ much in time.
    let next = Atomic<Int>(0)
    // Threads that train members with different data keep theirs.
    let loader = ConfigFiles.loader(capacity: threads)
    let board = SweepBoard(count: pending.count, workers: threads, isQuiet: options.quiet)
    let pool = WorkerPool(workers: threads)
    if let shortage = pool.shortage { Terminal.write("\(shortage)\n", to: 2) }
    pool.share(threads) { _, worker in
      while Interruption.signal == nil, !hasToStop {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < pending.count else { break }
        let outcome = train(pending[index], level, loader, on: board, worker)
        outcomes.withLock { $0.append(outcome) }
        board.end(worker, message: outcome.message, isFailure: outcome.exit != .success)
      }
    }
    board.finish()
    let entries = sweep.entries()
    try sweep.writeTable(entries)
    try SweepReport(sweep, entries).write()
    try conclude()
  }

  private var hasToStop: Bool {
    failFast && outcomes.withLock { $0.contains { $0.exit != .success } }
  }

  /// Whether a run ended, well or badly, in a way that another try would repeat.
  private func isDone(_ member: SweepGrid.Member) -> Bool {
    let state = RunRecord(sweep.folder(member)).state
    return state == .done || state == .diverged
  }

  private func train(
    _ member: SweepGrid.Member, _ level: KernelLevel, _ loader: DataLoader, on board: SweepBoard, _ worker: Int
  ) -> Outcome {
    let name = "run \(member.id) (\(member.overrides.joined(separator: " ")))".visible
    func outcome(_ exit: ExitStatus, _ message: String? = nil) -> Outcome {
      Outcome(member: member, exit: exit, message: message.map { "\(name): \($0)" })
    }
    do {
      let experiment = try ConfigFiles.experiment(sweep.source(member), loader)
      let row = board.row(
        of: worker, title: name, steps: experiment.configuration.steps, metric: experiment.metric)
      let run = try TrainingRun(
        experiment, in: sweep.directory(member),
        .init(
          workers: 1, isQuiet: true, progress: row, drawsPictures: drawsPictures, keepsEvents: options.tensorboard,
          level: level))
      switch try run.train() {
      case .done:
        switch try run.conclude() {
        case .done(_, _, let exit):
          return outcome(
            exit, exit == .bug ? "an identity or a bound failed, or a statistical claim beyond doubt" : nil)
        case .stopped(let signal): return outcome(.stopped(by: signal))
        }
      case .stopped(let signal): return outcome(.stopped(by: signal))
      case .diverged(let bad): return outcome(.diverged, "diverged at \(bad)")
      }
    } catch {
      return outcome(ExitStatus(error), "\(error)".visibleLines)
    }
  }

  private func conclude() throws {
    let outcomes = outcomes.withLock(\.self)
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
    let failed = outcomes.filter { $0.exit != .success }.min { $0.member.number < $1.member.number }
    if let failed { throw ExitCode(failed.exit) }
  }
}
