import MinimSystem
import MinimData
import MinimFiles
import MinimKernels
import MinimNN
import MinimParallel

/// The one training loop: draws, steps and decides, until the last step, a request to stop, or a number that is not
/// finite.
///
/// It writes nothing and reads nothing global. Events go to an observer, such as a `RunRecorder`; a process that does
/// not write has no observer.
package final class TrainingLoop {
  /// The experiment to train.
  package let experiment: Experiment
  /// The parameters during training, and all that is needed to compute with them.
  package let trained: Trained
  /// The last step taken.
  package private(set) var step = 0
  /// The step with the lowest loss so far, and that loss: on the validation examples, or at checkpoints if nothing is
  /// held out.
  package private(set) var best: (step: Int, loss: Double)?
  private let trainer: Trainer
  /// The loss on the held-out examples; nil if nothing is held out.
  private let validation: HeldOutLoss?

  /// Creates a loop before its first step.
  ///
  /// - Parameters:
  ///   - workers: the number of threads; nil for as many as the process may use.
  ///   - group: the processes that train together, each with a loop of its own.
  /// - Throws: `KernelError` if there is not enough memory.
  package init(
    _ experiment: Experiment, workers: Int? = nil, level: KernelLevel, group: any ShardGroup = SingleProcess()
  ) throws {
    self.experiment = experiment
    let configuration = experiment.configuration
    let parameters = try ParameterVector(experiment.model.parameters, precision: configuration.precision)
    parameters.initialize(seed: configuration.seed)
    let pool = WorkerPool(workers: workers)
    let table = try KernelTable(level: level, precision: configuration.precision)
    let kernels = try configuration.gemm == .openblas ? table.usingOpenBLAS() : table
    trainer = try experiment.trainer(parameters, pool, kernels, group)
    trained = Trained(
      parameters: trainer.engine.evaluatedParameters, data: experiment.data, pool: pool, level: level,
      seed: configuration.seed, rule: configuration.rule)
    validation = try experiment.validation == nil ? nil : HeldOutLoss(experiment.model, trained)
  }

  /// The engine that takes the steps.
  var engine: StepEngine { trainer.engine }

  /// Continues from the checkpoint of a step, or begins with the parameters that the run starts from if there is none.
  ///
  /// - Returns: the checkpoint.
  /// - Throws: `CheckpointError` if the checkpoint does not fit the experiment, `ResumeError` if the run's only checkpoints are lost,
  ///   `SafetensorsError` or `FileError` if a file is damaged.
  func restore(from directory: RunDirectory, step last: Int?, store: FileStore) throws -> Checkpoint? {
    guard let last else {
      try ResumeError.checkStart(directory, store)
      try InitialParameters.restore(engine.parameters, from: directory, store: store)
      return nil
    }
    let file = directory.checkpoint(step: last)
    let checkpoint = try Checkpoint(file, experiment: experiment, store: store)
    guard checkpoint.step == last else {
      throw CheckpointError(file: file, reason: "it was made at step \(checkpoint.step), but its name says \(last)")
    }
    try checkpoint.restore(engine, stateNames: experiment.configuration.optimizer.stateNames, file: file)
    step = checkpoint.step
    best = checkpoint.best
    return checkpoint
  }

  /// Trains to the end.
  ///
  /// - Parameters:
  ///   - stopSignal: returns the signal that asked this process to stop, if any; called once per step.
  ///   - interruptible: runs what is computed between two steps. If a signal interrupts it, the run has to continue from
  ///     its last checkpoint.
  ///   - diagnoses: whether the model's diagnostics are wanted.
  ///   - observe: receives each event in order.
  /// - Throws: the errors of `observe`, and `KernelError` if there is not enough memory.
  package func run(
    stopSignal: () -> Int32? = { nil }, interruptible: Interruptible = Interruptible { nil },
    diagnoses: Bool = true, _ observe: (Event) throws -> Void = { _ in }
  ) throws -> Ending {
    var last = StepEngine.Result(loss: .nan, gradientNorm: .nan)
    var signal: Int32?
    do {
      if step == 0, diagnoses { try diagnose(interruptible, observe) }
      while step < experiment.configuration.steps, !hasStoppedImproving {
        last = try trainer.step(step + 1) {
          signal = signal ?? stopSignal()
          return signal != nil
        }
        step += 1
        // Before the checkpoint, like everything that a resumed run would not see again.
        if diagnoses { try diagnose(interruptible, observe) }
        let report = try report(last, interruptible)
        try observe(.step(report))
        let isDue = step % experiment.configuration.intervals.checkpoint == 0
        if report.isLast || report.isNewBest || isDue { try save(last, observe) }
        if last.isStopRequested, !report.isLast {
          try save(last, observe)
          // Without a signal here, another process of the run has had one.
          return .stopped(signal: signal ?? SIGTERM)
        }
      }
    } catch let bad as NonFiniteStep {
      // The parameters before a step that was not taken are worth keeping; no checkpoint is ever non-finite.
      if engine.nonFiniteValue() == nil { try save(last, isEvaluated: false, observe) }
      return .diverged(bad)
    } catch let stopped as Stopped {
      return .stopped(signal: stopped.signal)
    }
    return .done
  }

  // MARK: - What is handed on

  private func report(_ result: StepEngine.Result, _ interruptible: Interruptible) throws -> StepReport {
    let (trained, validation) = (trained, validation)
    let losses =
      try isEvaluation ? interruptible { trained.activity.during("validation") { validation?.losses() } } : nil
    let isNewBest = losses.map { $0.validation < best?.loss ?? .infinity } ?? false
    if isNewBest, let losses { best = (step, losses.validation) }
    return StepReport(
      step: step, progress: trainer.order.progress(step: step), result: result, losses: losses, isNewBest: isNewBest,
      isLast: isAtEnd)
  }

  /// Passes the state on to be saved, and if it `isEvaluated` compares its loss with those of the other checkpoints.
  ///
  /// - Throws: `NonFiniteStep` if a value to be saved is not finite.
  private func save(
    _ result: StepEngine.Result, isEvaluated: Bool = true, _ observe: (Event) throws -> Void
  ) throws {
    try engine.requireFinite(after: step, result)
    if isEvaluated, validation == nil, result.loss < best?.loss ?? .infinity { best = (step, result.loss) }
    try observe(.checkpoint)
  }

  private func diagnose(_ interruptible: Interruptible, _ observe: (Event) throws -> Void) throws {
    let (trained, model) = (trained, experiment.model)
    guard isAtEnd || step % experiment.configuration.intervals.diagnostics == 0,
      let diagnostics = try interruptible({
        try trained.activity.during("diagnostics") { try model.diagnostics(trained) }
      })
    else { return }
    try observe(.diagnostics(diagnostics))
  }

  // MARK: - Decisions

  /// Whether the held-out examples are evaluated after the present step.
  private var isEvaluation: Bool {
    experiment.validation?.isEvaluation(step, of: experiment.configuration.steps) ?? false
  }

  /// Whether training stops before its last step.
  private var hasStoppedImproving: Bool {
    experiment.validation?.hasStopped(step, best: best?.step) ?? false
  }

  private var isAtEnd: Bool { step == experiment.configuration.steps || (isEvaluation && hasStoppedImproving) }
}
