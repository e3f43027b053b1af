import MinimConfiguration
import MinimFiles
import MinimNN

/// The common properties and the differences of several runs.
package struct RunComparison: Sendable {
  /// A run with its final metrics.
  package struct Entry: Sendable {
    package let record: RunRecord
    package let metrics: RunMetrics?
    /// The last loss and the metrics of its evaluation, in the order of their report.
    package let finalMetrics: [(name: String, value: Double)]

    /// Reads the files that exist.
    package init(_ directory: RunDirectory, store: FileStore = FileStore()) {
      record = RunRecord(directory, store: store)
      metrics = try? RunMetrics(directory, store: store)
      let json = (try? store.read(directory.evaluation)).flatMap { try? JSONParser.parse($0).json }
      let evaluation = json.map { Evaluation($0).metrics.map { ($0.name, $0.value) } } ?? []
      finalMetrics = (record.loss.map { [($0.name, $0.value)] } ?? []) + evaluation
    }

    package func metric(_ name: String) -> Double? { finalMetrics.first { $0.name == name }?.value }
  }

  package let entries: [Entry]

  /// Creates a comparison of runs in the given order.
  package init(_ directories: [RunDirectory]) { entries = directories.map { Entry($0) } }

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

  /// The first recorded step at which the losses of two runs differ, and these losses; nil if they never do.
  package static func firstDifference(_ a: Entry, _ b: Entry) -> (step: Int, values: (Double, Double))? {
    guard let x = a.metrics, let y = b.metrics, let name = x.lossName else { return nil }
    let others = Dictionary(y.series(name).map { ($0.x, $0.y) }) { first, _ in first }
    for point in x.series(name) {
      guard let other = others[point.x], other.bitPattern != point.y.bitPattern else { continue }
      return (Int(point.x), (point.y, other))
    }
    return nil
  }
}
