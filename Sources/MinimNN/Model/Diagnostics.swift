/// Properties of a model during training that the loss does not show: metrics, the eigenvalues of its representations,
/// and an alarm if they indicate that training goes wrong.
public struct Diagnostics: Sendable {
  /// The metrics, in the order of their report.
  public let metrics: [Evaluation.Metric]
  /// Eigenvalues of a covariance, the largest first; empty if there is none.
  public let spectrum: [Double]
  /// One line that says what is wrong and what may help; nil if nothing is.
  public let alarm: String?

  /// Creates diagnostics from metrics, with an alarm if there is one.
  public init(_ metrics: [Evaluation.Metric], spectrum: [Double] = [], alarm: String? = nil) {
    self.metrics = metrics
    self.spectrum = spectrum
    self.alarm = alarm
  }
}
