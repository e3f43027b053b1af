import ArgumentParser
import MinimData
import MinimDrawing
import MinimFiles
import MinimModels
import MinimNN
import MinimTraining

/// `minim gap RUN`.
struct GapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gap",
    abstract: "Measure the gap between a VAE's bound and log p(x), and the encoder's share of it.",
    discussion: """
      For every example, searches for the best normal posterior start from the encoder's and from others, for up to 16 latent \
      variables, and from more if no two agree. \
      log p(x) is a sum over a grid for one or two latent variables, the closed form of a linear decoder, or else an estimate \
      by importance sampling; an example whose weights have too heavy a tail (Pareto k-hat above 0.7) has no estimate. \
      log p(x) - ELBO is the sum of the family's approximation gap and the encoder's amortization gap. The command writes one \
      row per example and the distribution of both gaps.
      """)

  @OptionGroup var options: RunOptions

  @Option(help: "The most examples per split.")
  var rows = 2000

  @Option(help: "Additional searches, from draws of the prior. Default: 0, or 2 above two latent variables.")
  var randomStarts: Int?

  @Option(help: "Importance samples per example. Default: 2000, or 10000 if log p(x) depends on them.")
  var draws: Int?

  @Flag(help: "Also measure 200 training examples at every checkpoint of the run (see intervals.keepEvery).")
  var along = false

  @Option(
    help:
      "Also measure 200 training examples with new encoders of these widths for the run's decoder: 4,16,64."
  )
  var widths: String?

  func run() throws {
    try reporting {
      let widths = try checkedWidths()
      try ProcessGroup.join()
      let (directory, experiment, trained, kept) = try options.load()
      guard let vae = experiment.model as? VAE else {
        throw CommandError(
          "\(directory.path): gap needs the run of a vae; this run's model is \(experiment.configuration.modelName)",
          exit: .usage)
      }
      if let problem = vae.gapProblem { throw CommandError("\(directory.path): no gap: \(problem)", exit: .usage) }
      guard try ProcessGroup.begin(experiment, kept) else { return }
      let blocks = try trained.activity.shown(as: "gaps") {
        try measured(vae, directory, experiment, trained) + compared(vae, widths, directory, experiment, trained)
      }
      guard ProcessGroup.leave() else { return }
      // The run's page shows the new pictures.
      try RunReport(directory).write()
      let text = ([[kept.description]] + blocks + [["Look at: \(directory.report)"]]).map { $0.joined(separator: "\n") }
      try Terminal.print(text.joined(separator: "\n\n") + "\n")
    }
  }

  /// The gaps of each split, written and in words.
  private func measured(
    _ vae: VAE, _ directory: RunDirectory, _ experiment: Experiment, _ trained: Trained
  ) throws -> [[String]] {
    var blocks: [[String]] = []
    for (name, data) in [("training", experiment.data.rows), ("test", experiment.data.test)] {
      guard let data else { continue }
      let part = Self.first(rows, of: data, name: name)
      let gaps = try vae.inferenceGaps(part, trained, randomStarts: randomStarts, draws: draws)
      blocks.append(try write(GapReport(name, gaps, vae.logProbSource), in: directory))
      if name == "training" { blocks.append(try InferenceTable(vae, part, gaps, trained).lines()) }
    }
    return blocks
  }

  /// The gaps of some training examples along the run and over the widths of encoders, if the options ask for them.
  private func compared(
    _ vae: VAE, _ widths: [Int], _ directory: RunDirectory, _ experiment: Experiment, _ trained: Trained
  ) throws -> [[String]] {
    guard let data = experiment.data.rows else { return [] }
    let part = Self.first(200, of: data, name: "training")
    var blocks: [[String]] = []
    if along {
      let sweep = try GapSweep.overSteps(directory.checkpointSteps(), vae, part) { step in
        trained.with(try experiment.keptParameters(in: directory, step: step).parameters)
      }
      blocks.append(try write(sweep, "gap-along", in: directory))
    }
    if !widths.isEmpty {
      let sweep = try GapSweep.overWidths(widths, vae, part, trained)
      blocks.append(try write(sweep, "gap-widths", in: directory))
    }
    return blocks
  }

  private static func first(_ rows: Int, of data: Dataset, name: String) -> Dataset {
    data.selecting(Array(0..<min(rows, data.count)), name: name)
  }

  /// The widths of the options, checked before anything is computed.
  private func checkedWidths() throws -> [Int] {
    func check(_ option: String, _ value: Int?, _ allowed: ClosedRange<Int>) throws {
      guard let value, !allowed.contains(value) else { return }
      throw CommandError(
        "\(option): expected \(allowed.lowerBound) to \(allowed.upperBound), got \(value)", exit: .usage)
    }
    try check("--rows", rows, 1...1_000_000)
    try check("--random-starts", randomStarts, 0...100)
    try check("--draws", draws, 200...10_000_000)
    return try (widths?.split(separator: ",", omittingEmptySubsequences: false) ?? []).map {
      guard let width = Int($0), (1...4096).contains(width) else {
        throw CommandError(
          "--widths: expected numbers from 1 to 4096 separated by commas, got \($0)", exit: .usage)
      }
      return width
    }
  }

  /// Writes one row per example as text and as an array, and the distribution of both gaps.
  private func write(_ report: GapReport, in directory: RunDirectory) throws -> [String] {
    if ProcessGroup.isFollower { return [] }
    let table = directory.gapTable(report.name, step: options.step)
    try FileStore().writeAtomically(report.csv, to: table.csv)
    try FileStore().writeAtomically(report.npy, to: table.npy)
    let png = try write(report.picture, in: directory)
    return report.lines() + ["one row per example: \(table.csv), \(table.npy)", "Look at: \(png)"]
  }

  private func write(_ sweep: GapSweep, _ name: String, in directory: RunDirectory) throws -> [String] {
    if ProcessGroup.isFollower { return [] }
    return sweep.lines() + ["Look at: \(try write(Picture(name, sweep.plot), in: directory))"]
  }

  private func write(_ picture: Picture, in directory: RunDirectory) throws -> String {
    let path = directory.picture(picture.name + RunDirectory.suffix(ofChosen: options.step))
    try FileStore().writeAtomically(PNG.encode(picture.draw()), to: path)
    return path
  }
}
