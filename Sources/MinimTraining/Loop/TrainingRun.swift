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
  ///   checkpoint belongs to another config, `KernelChangeError`, `FileError`, `KernelError`.
  package init(
    _ experiment: Experiment, in directory: RunDirectory, _ options: Options,
    preparing preparation: (any RunPreparation)? = nil
  ) throws {
    (self.experiment, self.directory, self.options) = (experiment, directory, options)
    loop = try TrainingLoop(experiment, workers: options.workers, level: options.level)
    recorder = try RunRecorder(loop, in: directory, options, preparing: preparation)
    trained = loop.trained
  }

  /// Trains to the end. Everything that can be written is written, whatever the ending.
  package func train() throws -> TrainingLoop.Ending {
    try reportingFailure {
      try recorder.begin()
      let ending = try loop.run(stopSignal: options.stopSignal, recorder.record)
      recorder.endTraining()
      switch ending {
      case .done: try keepParameters()
      case .stopped(let signal): try recorder.finish(.stopped, exit: .stopped(by: signal))
      case .diverged: try recorder.finish(.diverged, exit: .diverged)
      }
      return ending
    }
  }

  /// Checks the claims, evaluates the kept parameters, and writes both, the page and the final status: a run that is marked
  /// as done has all its files. If a signal asks to stop meanwhile, the run is saved as stopped.
  ///
  /// - Parameter show: receives what was found before anything of it is written, which may fail.
  package func conclude(
    showing show: (_ claims: [Claim], _ evaluation: Evaluation) throws -> Void = { _, _ in }
  ) throws -> Conclusion {
    try reportingFailure {
      let claims = try checkClaims()
      if let signal = options.stopSignal() {
        try recorder.write(claims)
        try recorder.finish(.stopped, exit: .stopped(by: signal))
        return .stopped(signal: signal)
      }
      let evaluation = try evaluate()
      try show(claims, evaluation)
      try recorder.write(claims)
      if let kept { try recorder.write(evaluation, kept) }
      let exit: ExitStatus = claims.contains(where: \.provesBug) ? .bug : .success
      try recorder.finish(.done, exit: exit, claims: claims)
      return .done(claims: claims, evaluation: evaluation, exit: exit)
    }
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
    let measured = try trained.activity.during("claims") { try experiment.model.claims(trained) + ofTraining.all() }
    return measured.map { expected.contains($0.id) ? $0.expectedToFail() : $0 }
  }

  /// Computes metrics of the kept parameters.
  private func evaluate() throws -> Evaluation {
    try trained.activity.during("evaluation") { try experiment.model.evaluate(trained, exact: false) }
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
