import MinimConfiguration
import MinimFiles
import MinimNN

/// The common properties and the differences of several runs.
package struct RunComparison: Sendable {
  /// A run with its final metrics.
  package struct Entry: Sendable {
    package let record: RunRecord
    package let metrics: RunMetrics?
    /// The last loss and the metrics of its evaluation, in the order of their report. No two have one name: a loss with
    /// the name of a metric, which is another number, is that of the training.
    package let finalMetrics: [(name: String, value: Double)]
    /// The name of the last loss among them, and the unit of all losses; nil if it has none.
    package let lossName: String?, lossUnit: String?
    /// The files that are damaged or cannot be read, one sentence each.
    package let remarks: [String]
    /// The first file that the system did not let read; nil if there was none.
    package let failure: FileError?

    /// Reads the files that exist.
    package init(_ directory: RunDirectory, store: FileStore = FileStore()) {
      var files = RunFileReader(store: store)
      let record = RunRecord(directory, store: store)
      self.record = record
      metrics = files.metrics(of: directory)
      let evaluation = files.json(directory.evaluation).map { Evaluation($0).metrics.map { ($0.name, $0.value) } } ?? []
      let names = Set(evaluation.map(\.0))
      let loss = record.loss.map { (names.contains($0.name) ? "training \($0.name)" : $0.name, $0.value) }
      lossName = loss?.0
      lossUnit = files.json(directory.manifest)?["lossUnit"]?.string
      finalMetrics = (loss.map { [$0] } ?? []) + evaluation
      remarks = (record.remarks + files.remarks).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
      failure = record.failure ?? files.failure
    }

    /// The name of what the run's curves show, with its unit if it is the loss and has one: "nll (nats)".
    func label(_ name: String) -> String {
      guard name == metrics?.lossName, let lossUnit else { return name }
      return "\(name) (\(lossUnit))"
    }

    package func metric(_ name: String) -> Double? { finalMetrics.first { $0.name == name }?.value }
  }

  package let entries: [Entry]
  let store: FileStore

  /// Creates a comparison of runs in the given order.
  package init(_ directories: [RunDirectory], store: FileStore = FileStore()) {
    entries = directories.map { Entry($0, store: store) }
    self.store = store
  }

  /// The name of what the curves of runs show, as the first run that has any says it.
  package func label(_ name: String) -> String { Self.label(name, entries) ?? name }

  /// The same for any runs; nil if none has metrics.
  static func label(_ name: String, _ entries: some Sequence<Entry>) -> String? {
    entries.first { $0.metrics != nil }?.label(name)
  }

  /// The first file that the system did not let read; nil if there was none.
  package var failure: FileError? { entries.lazy.compactMap(\.failure).first }

  /// The keys whose values are not the same in all runs, with these values; nil if a run has no such key. A run whose
  /// config is lost differs in nothing.
  package var differences: [(key: String, values: [String?])] {
    var keys: [String] = []
    for entry in entries {
      for setting in entry.record.settings where !keys.contains(setting.key) { keys.append(setting.key) }
    }
    return keys.compactMap { key in
      let values = entries.map { $0.record.value(key) }
      let known = zip(values, entries).filter { !$0.1.record.settings.isEmpty }.map(\.0)
      return Set(known).count > 1 ? (key, values) : nil
    }
  }

  /// The names of all metrics, in the order of the first run that has them.
  package var metricNames: [String] {
    var names: [String] = []
    for entry in entries {
      for metric in entry.finalMetrics where !names.contains(metric.name) { names.append(metric.name) }
    }
    return names
  }

  /// The first step that both have recorded at which the losses of two runs differ, and these losses; nil if they never do.
  ///
  /// - Throws: `FileError`
  package static func firstDifference(
    _ a: Entry, _ b: Entry, store: FileStore = FileStore()
  ) throws(FileError) -> (step: Int, values: (Double, Double))? {
    guard let name = a.metrics?.lossName, b.metrics?.lossName == name else { return nil }
    let left = try MetricsReader(a.record.directory.metrics, store: store)
    let right = try MetricsReader(b.record.directory.metrics, store: store)
    // Steps ascend in both files.
    var (x, y) = (try left.next(), try right.next())
    while let p = x, let q = y {
      if p.step == q.step, let first = p.value(name), let second = q.value(name),
        first.bitPattern != second.bitPattern
      {
        return (p.step, (first, second))
      }
      if p.step <= q.step { x = try left.next() }
      if q.step <= p.step { y = try right.next() }
    }
    return nil
  }
}
