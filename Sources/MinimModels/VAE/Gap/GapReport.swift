import MinimDrawing
import MinimNN
import MinimFiles

/// The gaps of one split: as text, as a table with one row per example, and as a picture.
package struct GapReport {
  /// The split, such as "test".
  package let name: String
  private let gaps: [InferenceGap]
  /// The source of log p(x).
  private let source: LogProbSource

  /// Creates a report on the gaps of some examples.
  package init(_ name: String, _ gaps: [InferenceGap], _ source: LogProbSource) {
    self.name = name
    self.gaps = gaps
    self.source = source
  }

  /// The mean with a 95 % interval, the median and the largest of each gap, then the results of importance sampling.
  package func lines() -> [String] {
    var table = TextTable([
      .init("\(gaps.count) \(name) examples, nats"), .init("mean", isTrailing: true), .init("95 %", isTrailing: true),
      .init("median", isTrailing: true), .init("largest", isTrailing: true),
    ])
    let twoLogProbs =
      switch source {
      case .grid: "difference of two grids"
      case .closedForm: "error of the closed form"
      case .importanceSampling: "standard error of log p(x)"
      }
    let columns: [(String, (InferenceGap) -> Double)] = [
      ("log p(x)", \.logProb), ("ELBO of the encoder", \.encoderBound), ("log p(x) - ELBO", \.inference),
      ("  approximation gap", \.approximation), ("  amortization gap", \.amortization),
      ("left by the best full covariance", { $0.logProb - $0.fullBound }),
      (twoLogProbs, \.logProbError), ("difference of two rules", \.boundError),
      ("slope where the search ended", \.gradientNorm),
      ("searches", { Double($0.starts) }), ("searches that end at the best", { Double($0.agreeingStarts) }),
    ]
    for (title, value) in columns {
      // Values that depend on log p(x) are of the examples that have one.
      let values = gaps.map(value).filter { !$0.isNaN }.sorted()
      guard let largest = values.last else {
        table.append([title, "-", "", "-", "-"])
        continue
      }
      let (mean, error) = Statistics.mean(values)
      table.append([title, number(mean), "+- \(number(1.96 * error))", number(median(values)), number(largest)])
    }
    return table.lines(width: 120) + searchLines() + importanceLines()
  }

  /// The examples whose best result was found only once; empty if there are none.
  private func searchLines() -> [String] {
    let alone = gaps.indices.filter { gaps[$0].agreeingStarts < 2 }
    if alone.isEmpty { return [] }
    let named = alone.prefix(10).map(String.init).joined(separator: ", ") + (alone.count > 10 ? ", ..." : "")
    return [
      "only one search ended at the best normal of \(Readable.count(alone.count, "example")), which may not be the best there is: "
        + "row \(named). See --random-starts"
    ]
  }

  /// The number of examples without an estimate, and the reason; if log p(x) is known by other means, the errors of the
  /// estimates in standard errors.
  private func importanceLines() -> [String] {
    let reliable = gaps.filter(\.importance.isReliable)
    let largest = gaps.map(\.importance.paretoK).max() ?? .nan
    let size = median(gaps.map(\.importance.effectiveSampleSize).sorted())
    var lines = [
      "importance sampling: largest Pareto k-hat \(number(largest)), median effective sample size \(number(size)); "
        + "\(gaps.count - reliable.count) of \(gaps.count) examples have no reliable estimate"
    ]
    if source == .importanceSampling {
      lines.append("log p(x) and what depends on it are of the other \(reliable.count)")
    } else {
      let far = reliable.count { abs($0.importance.logProb - $0.logProb) > 3 * $0.importance.standardError }
      lines.append(
        "log p(x) is by \(source.rawValue): \(far) of the other \(reliable.count) estimates are more than 3 standard errors off"
      )
    }
    return lines
  }

  /// The columns of the table, after the row's number.
  private static let columns: [(name: String, value: @Sendable (InferenceGap) -> Double)] = [
    ("logProb", \.logProb), ("encoderBound", \.encoderBound), ("meanFieldBound", \.meanFieldBound),
    ("fullBound", \.fullBound), ("approximation", \.approximation), ("amortization", \.amortization),
    ("logProbError", \.logProbError), ("boundError", \.boundError), ("gradientNorm", \.gradientNorm),
    ("agreeingStarts", { Double($0.agreeingStarts) }), ("importanceLogProb", \.importance.logProb),
    ("importanceError", \.importance.standardError), ("effectiveSampleSize", \.importance.effectiveSampleSize),
    ("paretoK", \.importance.paretoK),
  ]

  /// The table as a CSV file, in nats.
  package var csv: String {
    var writer = CSVWriter(columns: ["row"] + Self.columns.map(\.name))
    for (row, gap) in gaps.enumerated() { writer.append(["\(row)"] + Self.columns.map { $0.value(gap).text }) }
    return writer.text
  }

  /// The table without the rows' numbers as a NumPy array, [examples, columns], in nats.
  package var npy: [UInt8] {
    NPY.encode(
      gaps.flatMap { gap in Self.columns.map { Float($0.value(gap)) } }, shape: [gaps.count, Self.columns.count])
  }

  /// The distribution of both gaps.
  package var picture: Picture {
    Picture(
      "gap-\(name)",
      Plot.histogram(
        "gaps of \(gaps.count) \(name) examples", xLabel: "nats",
        [("approximation", gaps.map(\.approximation)), ("amortization", gaps.map(\.amortization))]))
  }

  /// The median of ascending values; NaN if there are none.
  private func median(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
  }

  private func number(_ value: Double) -> String { Readable.number(value) }
}
