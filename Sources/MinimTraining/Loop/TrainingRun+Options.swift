import MinimFiles
import MinimKernels
import MinimNN
import MinimParallel

extension TrainingRun {
  /// The outcome of a run whose training is done.
  package enum Conclusion {
    /// Everything is checked and written.
    case done(claims: [Claim], evaluation: Evaluation, exit: ExitStatus)
    /// A signal asked to stop before everything was computed.
    case stopped(signal: Int32)
  }

  /// Options that do not affect the result.
  package struct Options {
    package var workers: Int?
    package var isQuiet: Bool
    /// The receiver of the run's progress, instead of a line of its own.
    package var progress: (any TrainingProgress)?
    /// Whether samples and plots are drawn too; their numbers are written in any case.
    package var drawsPictures: Bool
    /// Whether event files for TensorBoard are written during the run.
    package var keepsEvents: Bool
    /// Returns the signal that asked to stop, if any.
    package var stopSignal: () -> Int32?
    /// Runs what a signal may interrupt between two steps, and after the last.
    package var interruptible: Interruptible
    package var store = FileStore()
    /// The processes that train together, of which this is the first.
    package var group: any ShardGroup = SingleProcess()
    /// Called when the last step is taken, and the other processes of the group are needed no longer.
    package var endOfTraining: () -> Void = {}
    /// Whether a resumed run may get other bits from now on, by kernels without fused multiply-add or back.
    package var allowsKernelChange = false
    /// Whether to take the run from a program on another machine that seems to live.
    package var steals = false
    package var level: KernelLevel
    /// The exit status of a run that was stopped; nil for that of the signal.
    package var stopExit: ExitStatus?

    /// The exit status of a run that a signal has stopped.
    func exit(ofStop signal: Int32) -> ExitStatus { stopExit ?? Stopped(signal: signal).exit }

    package init(
      workers: Int? = nil, isQuiet: Bool = false, progress: (any TrainingProgress)? = nil, drawsPictures: Bool = true,
      keepsEvents: Bool = false, stopSignal: @escaping () -> Int32? = { Interruption.signal },
      interruptible: Interruptible = Interruptible { Interruption.overdue }, level: KernelLevel
    ) {
      self.workers = workers
      self.isQuiet = isQuiet
      self.progress = progress
      self.drawsPictures = drawsPictures
      self.keepsEvents = keepsEvents
      self.stopSignal = stopSignal
      self.interruptible = interruptible
      self.level = level
    }
  }
}
