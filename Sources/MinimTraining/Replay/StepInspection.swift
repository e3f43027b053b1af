import MinimAutodiff
import MinimFiles
import MinimKernels
import MinimNN
import MinimParallel

/// Takes a step of a run again from a kept checkpoint, with the bits of the run, and looks at it. Nothing is written.
package struct StepInspection {
  private let experiment: Experiment
  private let directory: RunDirectory
  private let store: FileStore
  private let trainer: Trainer
  /// The step to look at; nil for the one that diverges.
  private let target: Int?
  private let start: Int

  /// The steps before it that are told.
  private static let earlier = 10
  /// The most steps that are taken again for the sake of those before it.
  private static let most = 2000

  /// Finds the step and the checkpoint to begin from.
  ///
  /// - Parameters:
  ///   - step: the step to look at; nil for the one at which the run diverged.
  ///   - workers: the number of threads; nil for as many as the process may use.
  /// - Throws: `InspectionError`, the errors of reading a checkpoint, and `KernelError` if there is not enough memory.
  package init(
    _ experiment: Experiment, in directory: RunDirectory, step: Int?, workers: Int? = nil, level: KernelLevel,
    store: FileStore = FileStore()
  ) throws {
    (self.experiment, self.directory, self.store, target) = (experiment, directory, store, step)
    let steps = experiment.configuration.steps
    if let step, !(1...steps).contains(step) { throw InspectionError.noStep(step, of: steps, directory.name) }
    let status = try RunStatus(of: directory, store: store)
    if step == nil, status.state != .diverged { throw InspectionError.notDiverged(directory.name) }
    let saved = try directory.checkpointSteps(store: store)
    // The status has the last step taken. It is itself the bad one if its update was.
    let goal = step ?? (saved.last == status.step ? status.step + 1 : status.step)
    start = Self.start(before: max(1, goal), saved)

    let configuration = experiment.configuration
    let parameters = try ParameterVector(experiment.model.parameters, precision: configuration.precision)
    parameters.initialize(seed: configuration.seed)
    let table = try KernelTable(level: level, precision: configuration.precision)
    let kernels = try configuration.gemm == .openblas ? table.usingOpenBLAS() : table
    trainer = try experiment.trainer(parameters, WorkerPool(workers: workers), kernels, SingleProcess())
    if start == 0 {
      try InitialParameters.restore(parameters, from: directory, store: store)
    } else {
      let path = directory.checkpoint(step: start)
      let checkpoint = try Checkpoint(path, experiment: experiment, store: store)
      try checkpoint.restore(trainer.engine, stateNames: configuration.optimizer.stateNames, file: path)
    }
  }

  /// The last checkpoint, or the start, that leaves room for the steps before; if that is far, the last one at all.
  private static func start(before goal: Int, _ saved: [Int]) -> Int {
    let starts = [0] + saved.filter { (1..<goal).contains($0) }
    let roomy = starts.last { $0 <= max(0, goal - 1 - earlier) } ?? 0
    return goal - roomy <= most ? roomy : starts.last ?? 0
  }

  /// Takes the steps.
  ///
  /// - Throws: `InspectionError` if the run diverged and this does not, or the other way around; `FileError`.
  package func run() throws -> InspectedStep {
    var taken: [InspectedStep.Earlier] = []
    for number in start + 1...max(start + 1, target ?? experiment.configuration.steps) {
      let before = trainer.engine.parameters.layout.entries.map { trainer.engine.parameters[$0] }
      var cause = InspectedStep.Cause.gradient
      do {
        // Origins of tensors are needed if the step goes wrong: its expression is then built once more.
        let result = try TensorOrigin.recording { try trainer.step(number) }
        taken.append(earlier(number, result))
        cause = .update
        try trainer.engine.requireFinite(after: number, result)
        if number == target { return try inspected(number, .taken(result), taken, before) }
      } catch let bad as NonFiniteStep {
        return try inspected(number, .diverged(bad, cause), taken, before)
      }
    }
    throw InspectionError.doesNotDiverge(directory.name)
  }

  private func earlier(_ step: Int, _ result: StepEngine.Result) -> InspectedStep.Earlier {
    .init(
      step: step, loss: result.loss, gradientNorm: result.gradientNorm, rate: trainer.rule.schedule.rate(step: step))
  }

  private func inspected(
    _ step: Int, _ outcome: InspectedStep.Outcome, _ taken: [InspectedStep.Earlier], _ before: [[Double]]
  ) throws -> InspectedStep {
    let configuration = experiment.configuration
    return InspectedStep(
      step: step, start: start, outcome: outcome, rate: trainer.rule.schedule.rate(step: step),
      clipNorm: configuration.clipNorm, history: taken.filter { $0.step < step }.suffix(Self.earlier),
      parameters: parameterSteps(before), isOfLastField: configuration.dynamics != .simultaneous,
      examples: examples, metric: experiment.metric,
      agreement: try MetricsAgreement(taken, step, of: directory, metric: experiment.metric, store: store))
  }

  private func parameterSteps(_ before: [[Double]]) -> [InspectedStep.ParameterStep] {
    let engine = trainer.engine
    return zip(engine.parameters.layout.entries, before).map { entry, old in
      let changes = zip(engine.parameters[entry], old).map { $0 - $1 }
      // NaN is larger than any number here.
      let place = changes.indices.max { Self.size(changes[$0]) < Self.size(changes[$1]) } ?? 0
      return .init(
        path: entry.path, shape: entry.shape, gradientNorm: Self.norm(engine.gradient(of: entry)),
        norm: Self.norm(old), update: changes.isEmpty ? 0 : changes[place], position: entry.shape.position(of: place))
    }
  }

  private static func size(_ value: Double) -> Double { value.isNaN ? .infinity : abs(value) }

  private static func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  /// The examples of the step that was taken last.
  private var examples: [Int] {
    if case .none = experiment.data.training { return [] }
    return trainer.lastExamples
  }
}
