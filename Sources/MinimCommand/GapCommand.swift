import ArgumentParser
import MinimData
import MinimFiles
import MinimModels
import MinimNN
import MinimTraining

/// `minim gap RUN`.
struct GapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gap",
    abstract: "Measure what a VAE's bound leaves of log p(x), and how much of that is the encoder's fault.",
    discussion: """
      For every example the best normal posterior is searched from the encoder's on; log p(x) is the sum over a grid of the \
      latent space. log p(x) - ELBO is then the approximation gap of the family and the amortization gap of the encoder. \
      Written out: a row for each example, and the distribution of both gaps.
      """)

  @OptionGroup var options: RunOptions

  @Option(help: "At most so many examples of each part of the data.")
  var rows = 2000

  func run() throws {
    try reporting {
      guard (1...1_000_000).contains(rows) else {
        throw CommandError("--rows: expected 1 to 1000000, got \(rows)", exitCode: 64)
      }
      let (directory, experiment, trained, kept) = try options.load()
      guard let vae = experiment.model as? VAE else {
        throw CommandError("\(directory.path): a gap is measured of a vae, and the run's model is none", exitCode: 64)
      }
      if let problem = vae.gapProblem { throw CommandError("\(directory.path): no gap: \(problem)", exitCode: 64) }
      var lines = [kept.description, ""]
      for (name, data) in [("training", experiment.data.rows), ("test", experiment.data.test)] {
        guard let data else { continue }
        let part = data.selecting(Array(0..<min(rows, data.count)), name: name)
        let gaps = try vae.inferenceGaps(part, trained)
        let path = Path.join(directory.path, "gap-\(name).csv")
        try FileStore().writeAtomically(GapText.csv(gaps), to: path)
        let picture = Plot.histogram(
          "gaps of \(gaps.count) \(name) examples", xLabel: "nats",
          [("approximation", gaps.map(\.approximation)), ("amortization", gaps.map(\.amortization))])
        let png = directory.picture("gap-\(name)")
        try FileStore().writeAtomically(PNG.encode(picture.draw()), to: png)
        lines += GapText.lines(name, gaps) + ["a row for each: \(path)", "Look at: \(png)", ""]
      }
      Terminal.write(lines.dropLast().joined(separator: "\n") + "\n", to: 1)
    }
  }
}

/// Gaps for the terminal and for a table.
enum GapText {
  /// Mean with a 95 % interval, median and largest of each gap.
  static func lines(_ name: String, _ gaps: [InferenceGap]) -> [String] {
    var table = TextTable([
      .init("\(gaps.count) \(name) examples, nats"), .init("mean", isTrailing: true), .init("95 %", isTrailing: true),
      .init("median", isTrailing: true), .init("largest", isTrailing: true),
    ])
    let columns: [(String, (InferenceGap) -> Double)] = [
      ("log p(x)", \.logProb), ("ELBO of the encoder", \.encoderBound), ("log p(x) - ELBO", \.inference),
      ("  approximation gap", \.approximation), ("  amortization gap", \.amortization),
      ("left by the best full covariance", { $0.logProb - $0.fullBound }),
      ("difference of two grids", \.logProbError), ("difference of two rules", \.boundError),
      ("slope where the search ended", \.gradientNorm), ("starts that agree, of 2", { Double($0.agreeingStarts) }),
    ]
    for (title, value) in columns {
      let values = gaps.map(value).sorted()
      let (mean, error) = Statistics.mean(values)
      let middle = (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
      table.append(
        [title, number(mean), "+- \(number(1.96 * error))", number(middle), number(values[values.count - 1])])
    }
    return table.lines(width: 120)
  }

  static func csv(_ gaps: [InferenceGap]) -> String {
    let header =
      "row,logProb,encoderBound,meanFieldBound,fullBound,approximation,amortization,logProbError,boundError,gradientNorm,agreeingStarts"
    let rows = gaps.enumerated().map { row, gap in
      ([
        gap.logProb, gap.encoderBound, gap.meanFieldBound, gap.fullBound, gap.approximation, gap.amortization,
        gap.logProbError, gap.boundError, gap.gradientNorm, Double(gap.agreeingStarts),
      ] as [Double]).reduce("\(row)") { "\($0),\($1)" }
    }
    return ([header] + rows).joined(separator: "\n") + "\n"
  }

  private static func number(_ value: Double) -> String { ClaimsTable.number(value) }
}
