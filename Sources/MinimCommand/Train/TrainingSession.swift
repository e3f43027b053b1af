import ArgumentParser
import MinimSystem
import MinimDrawing
import MinimNN
import MinimTraining

/// A run from its first or next step to the line that says what to look at.
struct TrainingSession {
  private let experiment: Experiment
  private let directory: RunDirectory
  private let options: TrainingOptions
  private let allowsKernelChange: Bool
  private let preparation: (any RunPreparation)?

  /// - Parameters:
  ///   - allowsKernelChange: whether a resumed run may get other bits from now on, by kernels of another kind.
  ///   - preparation: what is to be done to the run's folder before the first or next step; nil for nothing.
  init(
    _ experiment: Experiment, in directory: RunDirectory, _ options: TrainingOptions, allowsKernelChange: Bool = false,
    preparing preparation: (any RunPreparation)? = nil
  ) {
    self.allowsKernelChange = allowsKernelChange
    self.experiment = experiment
    self.directory = directory
    self.options = options
    self.preparation = preparation
  }

  func run() throws {
    options.listen()
    let level = try ConfigFiles.level()
    var settings = TrainingRun.Options(
      workers: options.workers, isQuiet: options.quiet, keepsEvents: options.tensorboard, level: level)
    (settings.allowsKernelChange, settings.stopExit) = (allowsKernelChange, options.stopExit)
    settings.steals = options.steal
    if let group = ProcessGroup.current {
      settings.group = group
      // All processes stop after the same step, so none may leave the others between two.
      settings.interruptible = Interruptible { ProcessGroup.current == nil ? Interruption.overdue : nil }
      settings.endOfTraining = { ProcessGroup.leave() }
      ProcessGroup.start()
    }
    let run = try prepared(settings)
    if let shortage = run.trained.pool.shortage { Terminal.write("\(shortage)\n", to: 2) }
    let lines =
      options.quiet
      ? DataText.leftOut(experiment.data) : DataText.beginning(experiment.data) + ConfigFiles.remarks(on: level)
    if !lines.isEmpty { Terminal.write(lines.joined(separator: "\n") + "\n", to: 2) }
    switch try run.train() {
    case .done: try conclude(run)
    case .stopped(let signal): try stop(signal)
    case .diverged(let bad):
      Terminal.write(
        "Diverged at \(bad).\nThe last finite parameters are in \(directory.checkpoints). A smaller "
          + "optimizer.learningRate or training.clipNorm may help.\n", to: 2)
      throw ExitCode(.diverged)
    }
  }

  /// - Throws: what `TrainingRun` does; the other processes of a group have thrown a `GroupDisagreement` too.
  private func prepared(_ settings: TrainingRun.Options) throws -> TrainingRun {
    do {
      return try TrainingRun(experiment, in: directory, settings, preparing: preparation)
    } catch let error as GroupDisagreement {
      ProcessGroup.leave()
      throw error
    }
  }

  private func stop(_ signal: Int32) throws -> Never {
    Terminal.write("Stopped and saved. To continue: \(Program.current.train) resume \(directory.path)\n", to: 2)
    throw ExitCode(options.stopExit ?? Stopped(signal: signal).exit)
  }

  private func conclude(_ run: TrainingRun) throws {
    let kept = run.kept.map { [$0.description, ""] } ?? []
    let conclusion = try run.conclude { claims, evaluation in
      let claimLines = ClaimBlocks.lines(claims, Terminal.current(1))
      let lines = kept + EvaluationText.metrics(evaluation) + [""] + claimLines
      try Terminal.print(
        lines.joined(separator: "\n") + "\n\nSamples: \(run.finalSamples)\nLook at: \(directory.report)\n")
    }
    switch conclusion {
    case .stopped(let signal): try stop(signal)
    case .done(let claims, _, let exit):
      guard exit != .success else { return }
      let ids = claims.filter(\.provesBug).map { "\"\($0.id)\": \"fails\"" }.joined(separator: ", ")
      Terminal.write(
        "An identity or a bound failed, or a statistical claim beyond doubt. If the run is a control, let its config say so: \"expect\": {\(ids)}. Otherwise "
          + "this is a bug in Minim: please report it with the run's folder.\n", to: 2)
      throw ExitCode(exit)
    }
  }
}
