import ArgumentParser
import MinimFiles
import MinimKernels
import MinimNN
import MinimParallel
import MinimTraining
import Synchronization

/// Trains the runs of a sweep that are not done yet, as many at once as there are threads.
final class SweepSession: Sendable {
  /// What came of a run.
  private struct Outcome: Sendable {
    let member: SweepGrid.Member
    let exitCode: Int32
    let message: String?
  }

  private struct Progress: Sendable {
    var outcomes: [Outcome] = []
    var lastLine: ContinuousClock.Instant?
  }

  private let sweep: SweepDirectory
  private let options: TrainingOptions
  private let failFast: Bool, drawsPictures: Bool
  private let progress = Mutex(Progress())
  private let start = ContinuousClock.now

  init(_ sweep: SweepDirectory, _ options: TrainingOptions, failFast: Bool, drawsPictures: Bool) {
    self.drawsPictures = drawsPictures
    self.sweep = sweep
    self.options = options
    self.failFast = failFast
  }

  func run() throws {
    Interruption.listen()
    let level = try ConfigFiles.level()
    let pending = (0..<sweep.grid.count).map(sweep.grid.member).filter { !isDone($0) }
    let threads = min(options.workers ?? WorkerCount.available, max(1, pending.count))
    // One at a time from a common counter: runs may take very different times.
    let next = Atomic<Int>(0)
    WorkerPool(workers: threads).share(threads) { _, _ in
      while Interruption.signal == nil, !hasToStop {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < pending.count else { break }
        note(train(pending[index], level), of: pending.count)
      }
    }
    let entries = sweep.entries()
    try sweep.writeTable(entries)
    try SweepReport(sweep, entries).write()
    try conclude()
  }

  private var hasToStop: Bool {
    failFast && progress.withLock { $0.outcomes.contains { $0.exitCode != 0 } }
  }

  /// Whether a run came to its end, a good or a bad one, that another try would repeat.
  private func isDone(_ member: SweepGrid.Member) -> Bool {
    let state = RunRecord(RunDirectory(path: Path.join(sweep.path, member.id))).state
    return state == .done || state == .diverged
  }

  private func train(_ member: SweepGrid.Member, _ level: KernelLevel) -> Outcome {
    do {
      let experiment = try ConfigFiles.experiment(sweep.source(member))
      let run = try TrainingRun(
        experiment, in: sweep.directory(member),
        .init(
          workers: 1, isQuiet: true, drawsPictures: drawsPictures, keepsEvents: options.tensorboard, level: level))
      switch try run.train() {
      case .done:
        let isWrong = try run.checkClaims().contains(where: \.provesBug)
        _ = try run.evaluate()
        try run.finish(.done, exitCode: isWrong ? 70 : 0)
        return Outcome(
          member: member, exitCode: isWrong ? 70 : 0, message: isWrong ? "an identity or a bound failed" : nil)
      case .stopped(let signal):
        return Outcome(member: member, exitCode: Interruption.exitCode(signal), message: nil)
      case .diverged(let bad): return Outcome(member: member, exitCode: 3, message: "diverged at \(bad)")
      }
    } catch {
      return Outcome(member: member, exitCode: exitCode(of: error), message: "\(error)")
    }
  }

  /// Counts a run, and says now and then how far the sweep is.
  private func note(_ outcome: Outcome, of count: Int) {
    let now = ContinuousClock.now
    let line = progress.withLock { progress -> String? in
      progress.outcomes.append(outcome)
      let done = progress.outcomes.count
      let isDue = progress.lastLine.map { now - $0 > .seconds(2) } ?? true
      guard !options.quiet, isDue || done == count else { return nil }
      progress.lastLine = now
      let failed = progress.outcomes.count { $0.exitCode != 0 }
      let seconds = (now - start) / .seconds(1)
      let eta = Readable.clock(seconds / Double(done) * Double(count - done))
      return "\(done) of \(count) runs done" + (failed > 0 ? ", \(failed) failed" : "")
        + (done < count ? ", ETA \(eta)" : "")
    }
    if let line { Terminal.write(line + "\n", to: 2) }
    if let message = outcome.message {
      Terminal.write(
        "run \(outcome.member.id) (\(outcome.member.overrides.joined(separator: " "))): \(message)\n", to: 2)
    }
  }

  private func conclude() throws {
    let outcomes = progress.withLock(\.outcomes)
    if let signal = Interruption.signal {
      Terminal.write("Stopped and saved. To go on: train sweep --resume \(sweep.path)\n", to: 2)
      throw ExitCode(Interruption.exitCode(signal))
    }
    Terminal.write(
      """
      \(sweep.grid.count) runs in \(sweep.path), every figure in \(sweep.table)
      Compare: minim compare state=done --runs \(sweep.path) --group-by \(sweep.grid.groupKey)
      Look at: \(sweep.path)/report.html

      """, to: 1)
    // The first failure by number, whichever thread met it first.
    let failed = outcomes.filter { $0.exitCode != 0 }.min { $0.member.number < $1.member.number }
    if let failed { throw ExitCode(failed.exitCode) }
  }
}
