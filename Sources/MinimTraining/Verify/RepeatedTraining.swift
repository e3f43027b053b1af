import MinimSystem
import MinimFiles
import MinimKernels
import MinimNN

/// Training in a folder that an excerpt of a run was written to, up to a step: with the same loop, and the same writer of
/// files, as any run. Nothing is drawn, and nothing is concluded.
package enum RepeatedTraining {
  /// Continues from the folder's last checkpoint, or its start, to the end of the step.
  ///
  /// - Parameters:
  ///   - experiment: the experiment of the folder's config.
  ///   - directory: the folder.
  ///   - end: the last step.
  ///   - workers: the number of threads; nil for all that the process may use.
  ///   - level: the level of kernels of this process.
  ///   - observe: called before the first step with the step of the checkpoint, and after each step.
  /// - Throws: `NonFiniteStep` if a step diverges, and the errors of a run.
  package static func run(
    _ experiment: Experiment, in directory: RunDirectory, to end: Int, workers: Int?, level: KernelLevel,
    observing observe: (Int) throws -> Void
  ) throws {
    let loop = try TrainingLoop(experiment, workers: workers, level: level)
    let undisturbed = Interruptible { nil }
    var options = TrainingRun.Options(
      workers: workers, isQuiet: true, drawsPictures: false, stopSignal: { nil }, interruptible: undisturbed,
      level: level)
    // Which bits a level has is what is to be found out.
    options.allowsKernelChange = true
    let recorder = try RunRecorder(loop, in: directory, options)
    try observe(loop.step)
    guard loop.step < end else { return }
    try recorder.begin()
    let ending = try loop.run(
      stopSignal: { loop.step + 1 >= end ? SIGTERM : nil }, interruptible: undisturbed
    ) { event in
      try recorder.record(event)
      if case .step(let report) = event { try observe(report.step) }
    }
    if case .diverged(let bad) = ending { throw RepetitionDivergedError(step: bad) }
  }
}

/// A repetition of steps that the run came through diverged: exit code 3.
struct RepetitionDivergedError: ReportedError {
  let step: NonFiniteStep
  var exit: ExitStatus { .diverged }
  var description: String { "it diverged at \(step), and the run did not" }
}
