import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimKernels
import MinimParallel
import Synchronization

/// The training of a sweep's unfinished members, one per thread at a time, and the files about all of them.
package final class SweepRun: Sendable {
  /// The outcome of a member.
  package struct Outcome: Sendable {
    package let member: SweepGrid.Member
    package let exit: ExitStatus
    /// What went wrong, with the member's name; nil for nothing.
    package let message: String?
  }

  /// Options that do not affect the results.
  package struct Options: Sendable {
    /// The number of members that train at once; nil for one per core.
    package var workers: Int?
    /// Whether to show messages only.
    package var isQuiet = false
    /// Whether no more members start after one has failed.
    package var failsFast = false
    /// The members to train; nil for all.
    package var slice: SweepSlice?
    /// Whether samples and plots of each member are drawn too.
    package var drawsPictures = false
    /// Whether each member has event files for TensorBoard.
    package var keepsEvents = false
    /// The folders to look for data in.
    package var dataFolders = ["."]
    package var level: KernelLevel
    /// The exit status of a run that was stopped; nil for that of the signal.
    package var stopExit: ExitStatus?
    /// Whether to take members from a program on another machine that seems to live.
    package var steals = false
    package var store = FileStore()
    /// Receives messages that belong to no member.
    package var remark: @Sendable (String) -> Void = { _ in }
    /// Where the progress goes.
    package var progress = SweepBoard.Outside.standardError

    package init(level: KernelLevel) { self.level = level }
  }

  private let sweep: SweepDirectory
  private let options: Options
  private let experiment: @Sendable (ConfigurationSource, DataLoader) throws -> Experiment
  private let outcomes = Mutex<[Outcome]>([])
  /// Members that another process was training when their turn came.
  private let elsewhere = Mutex<[SweepGrid.Member]>([])

  /// - Parameter experiment: makes the experiment of a member's config.
  package init(
    _ sweep: SweepDirectory, _ options: Options,
    experiment: @escaping @Sendable (ConfigurationSource, DataLoader) throws -> Experiment
  ) {
    (self.sweep, self.options, self.experiment) = (sweep, options, experiment)
  }

  /// Trains the members that are not done, until all are or a signal asks to stop, and writes the table and the page. A member
  /// that another process holds is left to it. Of several slices, the one that finds all members done writes them.
  ///
  /// - Returns: the outcomes of the members that were trained, in the order of their numbers.
  /// - Throws: `FileError` if the files of all members cannot be written, or not without leaving out what cannot be read.
  package func train() throws -> [Outcome] {
    let pending = sweep.members.filter { options.slice?.contains($0) != false && !isDone($0) }
    let threads = min(options.workers ?? WorkerCount.available, max(1, pending.count))
    // One at a time from a common counter: members may differ much in time.
    let next = Atomic<Int>(0)
    // Threads that train members with different data keep theirs.
    let loader = DataLoader(folders: options.dataFolders, capacity: threads)
    let board = SweepBoard(count: pending.count, workers: threads, isQuiet: options.isQuiet, outside: options.progress)
    let pool = WorkerPool(workers: threads)
    if let shortage = pool.shortage { options.remark("\(shortage)") }
    pool.share(threads) { _, worker in
      while Interruption.signal == nil, !hasToStop {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < pending.count else { break }
        guard let outcome = train(pending[index], loader, on: board, worker) else {
          board.end(worker, message: nil, isFailure: false)
          continue
        }
        outcomes.withLock { $0.append(outcome) }
        board.end(worker, message: outcome.message, isFailure: outcome.exit != .success)
      }
    }
    board.finish()
    if options.slice == nil || isAllDone { try sweep.writeSummary(store: options.store) }
    return outcomes.withLock { $0.sorted { $0.member.number < $1.member.number } }
  }

  /// The number of members that another process was training when their turn came.
  package var countElsewhere: Int { elsewhere.withLock { $0.count } }

  /// Whether all members of the sweep have ended.
  package var isAllDone: Bool { sweep.members.allSatisfy(isDone) }

  private var hasToStop: Bool {
    options.failsFast && outcomes.withLock { $0.contains { $0.exit != .success } }
  }

  /// Whether a member ended, well or badly, in a way that another try would repeat.
  private func isDone(_ member: SweepGrid.Member) -> Bool {
    let state = RunRecord(sweep.folder(member), store: options.store).state
    return state == .done || state == .diverged
  }

  /// The outcome of a member; nil if another process trains it, or has done so since this one looked.
  private func train(_ member: SweepGrid.Member, _ loader: DataLoader, on board: SweepBoard, _ worker: Int) -> Outcome?
  {
    guard !isDone(member) else { return nil }
    let name = "run \(member.id) (\(member.overrides.joined(separator: " ")))".visible
    do {
      guard let (exit, message) = try end(of: member, loader, named: name, on: board, worker) else { return nil }
      return Outcome(member: member, exit: exit, message: message.map { "\(name): \($0)" })
    } catch is RunLockedError {
      elsewhere.withLock { $0.append(member) }
      return nil
    } catch {
      return Outcome(member: member, exit: ExitStatus(error), message: "\(name): \("\(error)".visibleLines)")
    }
  }

  private func end(
    of member: SweepGrid.Member, _ loader: DataLoader, named name: String, on board: SweepBoard, _ worker: Int
  ) throws -> (exit: ExitStatus, message: String?)? {
    let experiment = try experiment(sweep.source(member), loader)
    let row = board.row(of: worker, title: name, steps: experiment.configuration.steps, metric: experiment.metric)
    var settings = TrainingRun.Options(
      workers: 1, isQuiet: true, progress: row, drawsPictures: options.drawsPictures,
      keepsEvents: options.keepsEvents, level: options.level)
    (settings.store, settings.stopExit, settings.steals) = (options.store, options.stopExit, options.steals)
    let run = try TrainingRun(experiment, in: sweep.directory(member, store: options.store), settings)
    // The run is locked from here on: whoever had it before has ended it, or left it.
    guard !isDone(member) else { return nil }
    switch try run.train() {
    case .done: break
    case .stopped(let signal): return (settings.exit(ofStop: signal), nil)
    case .diverged(let bad): return (.diverged, "diverged at \(bad)")
    }
    switch try run.conclude() {
    case .done(_, _, let exit):
      let isBug = exit == .bug
      return (exit, isBug ? "an identity or a bound failed, or a statistical claim beyond doubt" : nil)
    case .stopped(let signal): return (settings.exit(ofStop: signal), nil)
    }
  }
}
