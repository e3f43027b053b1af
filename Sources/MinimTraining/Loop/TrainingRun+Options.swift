import MinimFiles
import MinimKernels
import MinimNN

extension TrainingRun {
  /// How the loop ended.
  package enum Ending {
    case done
    /// A signal asked to stop; everything is saved.
    case stopped(signal: Int32)
    /// A step was not finite; the last parameters are saved, or, if they are not finite either, those of the last
    /// checkpoint are kept.
    case diverged(NonFiniteStep)
  }

  /// What does not affect the result.
  package struct Options {
    package var workers: Int?
    package var isQuiet: Bool
    /// Where the run says how far it is, instead of a line of its own.
    package var progress: (any TrainingProgress)?
    /// Whether samples and figures are drawn too; their numbers are written in any case.
    package var drawsPictures: Bool
    /// Whether event files for TensorBoard grow along with the run.
    package var keepsEvents: Bool
    package var store = FileStore()
    package var level: KernelLevel

    package init(
      workers: Int? = nil, isQuiet: Bool = false, progress: (any TrainingProgress)? = nil, drawsPictures: Bool = true,
      keepsEvents: Bool = false, level: KernelLevel
    ) {
      self.workers = workers
      self.isQuiet = isQuiet
      self.progress = progress
      self.drawsPictures = drawsPictures
      self.keepsEvents = keepsEvents
      self.level = level
    }
  }
}
