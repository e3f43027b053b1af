import MinimFiles
import MinimKernels

extension KernelError: ReportedError {
  /// The system refused memory or another resource; or the numbers of a file, such as the parameters of a checkpoint, lead
  /// to numbers that are none.
  public var exit: ExitStatus { isNumerical ? .badData : .noResources }
}
