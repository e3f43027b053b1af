import MinimDrawing
import MinimFiles
import MinimKernels
import MinimNN

/// The diagnostics of a run as curves: one plot per metric and one for the eigenvalues.
struct DiagnosticsCurves {
  private var names: [String] = []
  private var metrics: [ThinnedCurve] = []
  /// The logarithms of the largest eigenvalues, and of how many every line has.
  private var spectrum: [ThinnedCurve] = []
  private var known = Self.most

  /// The most eigenvalues.
  private static let most = 64
  private static let others: Set<String> = ["step", "spectrum", "alarm"]

  /// Reads a run's `diagnostics.jsonl`; nil if it has fewer than two lines.
  ///
  /// - Throws: `FileError`
  init?(_ directory: RunDirectory, store: FileStore) throws(FileError) {
    let reader = try MetricsReader(directory.diagnostics, store: store)
    var count = 0
    while let line = try reader.nextLine() {
      if count == 0 { names = line.object?.members.map(\.key).filter { !Self.others.contains($0) } ?? [] }
      add(line)
      count += 1
    }
    guard count > 1 else { return nil }
  }

  private mutating func add(_ line: JSON) {
    let x = Double(line["step"]?.integer ?? 0)
    let values = line["spectrum"]?.array?.prefix(Self.most).map(\.number) ?? []
    known = min(known, values.count)
    while metrics.count < names.count { metrics.append(ThinnedCurve()) }
    while spectrum.count < known { spectrum.append(ThinnedCurve()) }
    for (index, name) in names.enumerated() {
      if let y = line[name]?.number { metrics[index].append((x, y)) }
    }
    for index in 0..<known {
      if let value = values[index], value > 0 { spectrum[index].append((x, Elementary.log10(value))) }
    }
  }

  /// Plots, three per row.
  ///
  /// - Parameter known: the same metrics with their meanings.
  func picture(_ known: [Evaluation.Metric]) -> Picture {
    let plots =
      eigenvalues
      + zip(names, metrics).map { name, curve in
        let words = Readable.words(of: name)
        let meaning = known.first { $0.name == name }.map { "\(words): \($0.meaning)" } ?? ""
        return Plot(meaning, xLabel: "step", yLabel: words, [.init(.line(curve.points))])
      }
    return Picture("diagnostics", plots: plots, columns: min(3, plots.count))
  }

  /// One line per eigenvalue that all lines have.
  private var eigenvalues: [Plot] {
    guard known > 0 else { return [] }
    return [
      Plot(
        "the \(known) largest eigenvalues of the covariance", xLabel: "step", yLabel: "eigenvalue",
        yScale: .powersOfTen,
        [.init(.lines(spectrum.prefix(known).map(\.points)))])
    ]
  }
}
