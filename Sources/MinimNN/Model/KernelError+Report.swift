import MinimFiles
import MinimKernels

extension KernelError: ReportedError {
  /// The system refused memory or another resource.
  public var exit: ExitStatus { .noResources }
}
