import MinimFiles
import MinimKernels
import MinimNN

/// A run from its first or next step to its last file: a `TrainingLoop` whose events a `RunRecorder` writes.
package final class TrainingRun {
  package let experiment: Experiment
  package let directory: RunDirectory
  /// The parameters that samples, metrics and claims are computed from, and all that is needed to compute with them.
  package private(set) var trained: Trained
  /// The origin of these parameters; nil while the run trains.
  package private(set) var kept: KeptParameters?
  private let loop: TrainingLoop
  private let recorder: RunRecorder
  private let options: Options

  /// Prepares a run in its folder, at its start or from its last checkpoint.
  ///
  /// - Parameter preparation: what is to be done to the folder first; nil for nothing.
  /// - Throws: `RunLockedError` if another process writes the run, `ResumeError` if it is damaged, `CheckpointError` if its
  ///   checkpoint belongs to another config, `KernelChangeError`, `FileError`, `KernelError`, and `GroupDisagreement` if another
  ///   process of the group means another run.
  package init(
    _ experiment: Experiment, in directory: RunDirectory, _ options: Options,
    preparing preparation: (any RunPreparation)? = nil
  ) throws {
    (self.experiment, self.directory, self.options) = (experiment, directory, options)
    let group = options.group
    if group.ownership.owners > 1 {
      try GroupStart.lead(GroupAgreement(experiment, options.level), hashes: experiment.hashes, group)
    }
    loop = try TrainingLoop(experiment, workers: options.workers, level: options.level, group: group)
    recorder = try RunRecorder(loop, in: directory, options, preparing: preparation)
    trained = loop.trained
    if group.ownership.owners > 1 { GroupStart.show(directory, step: loop.step, group) }
  }

  /// Trains to the end. Everything that can be written is written, whatever the ending.
  package func train() throws -> TrainingLoop.Ending {
    try reportingFailure {
      try recorder.begin()
      var ending = try loop.run(
        stopSignal: TimeLimit.watching(options.stopSignal), interruptible: options.interruptible, recorder.record)
      options.endOfTraining()
      recorder.endTraining()
      if case .done = ending, let signal = try signalInterrupting(keepParameters) { ending = .stopped(signal: signal) }
      switch ending {
      case .done: break
      case .stopped(let signal): try recorder.finish(.stopped, exit: options.exit(ofStop: signal))
      case .diverged: try recorder.finish(.diverged, exit: .diverged)
      }
      return ending
    }
  }

  /// Checks the claims, evaluates the kept parameters, and writes both, the page and the final status: a run that is marked
  /// as done has all its files. If a signal asks to stop meanwhile, the run is saved as stopped.
  ///
  /// - Parameter show: receives what was found.
  package func conclude(
    showing show: (_ claims: [Claim], _ evaluation: Evaluation) throws -> Void = { _, _ in }
  ) throws -> Conclusion {
    var shown: Result<Void, any Error> = .success(())
    let conclusion = try reportingFailure { () -> Conclusion in
      var (claims, evaluation) = ([Claim](), Evaluation([]))
      let signal = try signalInterrupting {
        claims = try checkClaims()
        if let signal = options.stopSignal() { throw Stopped(signal: signal) }
        evaluation = try evaluate()
      }
      if let signal {
        if !claims.isEmpty { try recorder.write(claims) }
        try recorder.finish(.stopped, exit: options.exit(ofStop: signal))
        return .stopped(signal: signal)
      }
      // What was found is shown whatever becomes of the files, and written whatever becomes of the terminal.
      shown = Result { try show(claims, evaluation) }
      try recorder.write(claims)
      if let kept { try recorder.write(evaluation, kept) }
      var exit: ExitStatus = claims.contains(where: \.provesBug) ? .bug : .success
      if case .failure(let error) = shown { exit = ExitStatus(error) }
      try recorder.finish(.done, exit: exit, claims: claims)
      return .done(claims: claims, evaluation: evaluation, exit: exit)
    }
    try shown.get()
    return conclusion
  }

  /// Wall time of training so far, over all resumes.
  package var seconds: Double { recorder.seconds }

  /// The path of the picture of samples to look at.
  package var finalSamples: String {
    guard let kept, kept.step != loop.step else { return directory.sample(step: loop.step) }
    return directory.best
  }

  // MARK: - Parts of the end

  /// Loads the parameters that the run keeps, and writes their samples and pictures.
  private func keepParameters() throws {
    let kept = try experiment.keptParameters(in: directory, store: options.store)
    self.kept = kept
    trained = trained.with(kept.parameters)
    try recorder.write(trained, kept)
  }

  /// Checks the model's claims on the kept parameters; those that the config expects to fail are judged in reverse.
  private func checkClaims() throws -> [Claim] {
    let expected = experiment.configuration.expectedFailures
    let ofTraining = TrainingClaims(
      experiment, trained, leastValidationLoss: experiment.validation == nil ? nil : loop.best?.loss)
    let (trained, model) = (trained, experiment.model)
    let measured = try options.interruptible {
      try trained.activity.during("claims") { try model.claims(trained) + ofTraining.all() }
    }
    return measured.map { expected.contains($0.id) ? $0.expectedToFail() : $0 }
  }

  /// Computes metrics of the kept parameters.
  private func evaluate() throws -> Evaluation {
    let (trained, model) = (trained, experiment.model)
    return try options.interruptible {
      try trained.activity.during("evaluation") { try model.evaluate(trained, exact: false) }
    }
  }

  /// The signal that made the run leave a computation of `body`, if any.
  private func signalInterrupting(_ body: () throws -> Void) throws -> Int32? {
    do {
      try body()
      return nil
    } catch let stopped as Stopped {
      return stopped.signal
    }
  }

  private func reportingFailure<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      recorder.fail(ExitStatus(error))
      throw error
    }
  }
}
