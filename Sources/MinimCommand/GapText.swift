import MinimModels
import MinimNN
import MinimTraining

/// Gaps for the terminal and for a table.
enum GapText {
  /// Mean with a 95 % interval, median and largest of each gap, then what importance sampling has to say.
  static func lines(_ name: String, _ gaps: [InferenceGap], _ source: LogProbSource) -> [String] {
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
      ("starts that agree, of \(gaps.first?.starts ?? 0)", { Double($0.agreeingStarts) }),
    ]
    for (title, value) in columns {
      // What depends on log p(x) is of the examples that have one.
      let values = gaps.map(value).filter { !$0.isNaN }.sorted()
      guard let largest = values.last else {
        table.append([title, "-", "", "-", "-"])
        continue
      }
      let (mean, error) = Statistics.mean(values)
      table.append([title, number(mean), "+- \(number(1.96 * error))", number(median(values)), number(largest)])
    }
    return table.lines(width: 120) + importanceLines(gaps, source)
  }

  /// Which examples have no estimate, and what says so; where log p(x) is known by other means, by how many standard errors
  /// the estimates miss it.
  private static func importanceLines(_ gaps: [InferenceGap], _ source: LogProbSource) -> [String] {
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

  /// What a row of the table has, after its number.
  static let columns = [
    "logProb", "encoderBound", "meanFieldBound", "fullBound", "approximation", "amortization", "logProbError",
    "boundError", "gradientNorm", "agreeingStarts", "importanceLogProb", "importanceError", "effectiveSampleSize",
    "paretoK",
  ]

  /// The values of each row.
  static func rows(_ gaps: [InferenceGap]) -> [[Double]] {
    gaps.map { gap in
      let importance = gap.importance
      return [
        gap.logProb, gap.encoderBound, gap.meanFieldBound, gap.fullBound, gap.approximation, gap.amortization,
        gap.logProbError, gap.boundError, gap.gradientNorm, Double(gap.agreeingStarts), importance.logProb,
        importance.standardError, importance.effectiveSampleSize, importance.paretoK,
      ]
    }
  }

  static func csv(_ gaps: [InferenceGap]) -> String {
    let lines = rows(gaps).enumerated().map { row, values in values.reduce("\(row)") { "\($0),\($1)" } }
    return (["row," + columns.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }

  /// Of ascending values; NaN of none.
  private static func median(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
  }

  private static func number(_ value: Double) -> String { ClaimsTable.number(value) }
}
