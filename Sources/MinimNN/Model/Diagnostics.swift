/// What is seen of a model along its training beside the loss: figures, the eigenvalues of what it makes of its data, and an
/// alarm where they are those of a training that goes wrong.
public struct Diagnostics: Sendable {
  /// In the order of their report.
  public let figures: [Evaluation.Figure]
  /// Eigenvalues of a covariance, the largest first; empty where there is none.
  public let spectrum: [Double]
  /// What is wrong, and what may help, in a line; nil where nothing is.
  public let alarm: String?

  /// Figures with an alarm, if there is one.
  public init(_ figures: [Evaluation.Figure], spectrum: [Double] = [], alarm: String? = nil) {
    self.figures = figures
    self.spectrum = spectrum
    self.alarm = alarm
  }
}
