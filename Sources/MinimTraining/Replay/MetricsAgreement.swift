import MinimFiles

/// Steps that were taken again, compared with the rows of the run's metrics: the loss and the gradient's norm, to the bit.
package struct MetricsAgreement: Sendable {
  /// A number that differs.
  package struct Difference: Equatable, Sendable {
    package let step: Int
    package let metric: String
    /// The number by the file, and the number now.
    package let recorded: Double, found: Double
  }

  /// The rows of the steps.
  package private(set) var rows = 0
  /// Whether the inspected step has a row.
  package private(set) var hasLast = false
  /// The first number that differs; nil if none does.
  package private(set) var difference: Difference?

  /// - Parameters:
  ///   - steps: the steps that were taken, one after the other; their losses and norms.
  ///   - inspected: the step that is looked at, which may not have been taken.
  ///   - metric: the name of the loss.
  /// - Throws: `FileError` if the metrics cannot be read. A run without them has no rows.
  init(
    _ steps: [InspectedStep.Earlier], _ inspected: Int, of directory: RunDirectory, metric: String, store: FileStore
  ) throws(FileError) {
    guard let first = steps.first?.step, let last = steps.last?.step,
      let reader = try MetricsReader.ifPresent(directory.metrics, store: store)
    else { return }
    while let row = try reader.next() {
      guard row.step >= first else { continue }
      guard row.step <= last else { break }
      let step = steps[row.step - first]
      rows += 1
      hasLast = hasLast || row.step == inspected
      for (name, found) in [(metric, step.loss), ("gradientNorm", step.gradientNorm)] {
        guard difference == nil, let recorded = row.value(name), recorded.bitPattern != found.bitPattern else {
          continue
        }
        difference = Difference(step: row.step, metric: name, recorded: recorded, found: found)
      }
    }
  }
}
