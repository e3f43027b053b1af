import ArgumentParser
import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimTraining

/// `minim plot RUN... [--metric NAME]`.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Plot a metric of one or several runs over their steps, in the terminal.",
    discussion: """
      Example:
        minim plot latest gradientNorm

      A sweep stands for its runs.
      """)

  @Argument(
    help: ArgumentHelp(
      "One or more runs or sweeps, then optionally a metric: plot latest gradientNorm.", valueName: "run"),
    completion: .run)
  var names: [String]

  @Option(help: "The metric. Default: what training minimizes.")
  var metric: String?

  @Option(help: "The folder of all runs.", completion: .directory)
  var runs = TrainingOptions.runsFolder

  @Option(help: "Height of the curves in lines.")
  var height = 16

  func run() throws {
    try reporting {
      guard (2...200).contains(height) else {
        throw CommandError("--height: expected 2 to 200, got \(height)", exit: .usage)
      }
      var (names, wanted) = (self.names, metric)
      // The last word may be the metric.
      if wanted == nil, names.count > 1, let last = names.last, isMetric(last) {
        wanted = last
        names.removeLast()
      }
      let folders = try names.map { try RunFolder.locate($0, in: runs) }
      let found = try folders.flatMap { try Self.curves($0, isAlone: folders.count == 1) }
      say(found.flatMap(\.metrics.remarks))
      let metric = wanted ?? found.compactMap(\.metrics.lossName).first ?? "loss"
      let curves = found.map { (name: $0.name, points: $0.metrics.series(metric)) }.filter { !$0.points.isEmpty }
      guard !curves.isEmpty else {
        let known = found.flatMap(\.metrics.names)
        let hint = Spelling.nearest(to: metric, among: known).map { " Did you mean \"\($0)\"?" } ?? ""
        throw CommandError(
          "no run has a metric \"\(metric)\".\(hint) Known are \(known.unique().joined(separator: ", "))",
          exit: .usage)
      }
      let terminal = Terminal.current(1)
      let plot = Plot(
        "", xLabel: "step", yLabel: "", curves.prefix(Self.most).map { .init(.line($0.points), name: $0.name) })
      let chart = BrailleChart(plot, width: min(160, terminal.width), height: height)
      let left = curves.count - Self.most
      let rest = left > 0 ? ["and \(left) more runs, which can be plotted by their names"] : []
      let title = if case .sweep? = folders.first, folders.count == 1 { " of \(folders[0].name)" } else { "" }
      let lines = [(metric + title).visible] + chart.lines(colors: terminal.colors) + rest
      try Terminal.print(lines.joined(separator: "\n") + "\n")
    }
  }

  /// The most curves: more hide each other, and letters mark them where there are no colors.
  private static let most = 26

  private typealias Curve = (name: String, metrics: RunMetrics)

  /// Whether the word finds no run. One that finds several is a run's all the same.
  private func isMetric(_ word: String) -> Bool {
    do { _ = try RunFolder.locate(word, in: runs) } catch let error as RunLookupError {
      if case .none = error { return true }
    } catch {}
    return false
  }

  /// The curves of a run, or of the members of a sweep with the values of its keys.
  ///
  /// - Parameter isAlone: whether nothing else is plotted, so that a member's number suffices.
  private static func curves(_ folder: RunFolder, isAlone: Bool) throws -> [Curve] {
    switch folder {
    case .run(let run): [(run.name, try RunMetrics(run))]
    case .sweep(let path): try curves(SweepDirectory(recovering: path), isAlone: isAlone)
    }
  }

  private static func curves(_ sweep: SweepDirectory, isAlone: Bool) throws -> [Curve] {
    say(sweep.remark.map { [$0] } ?? [])
    let varied = sweep.grid.variedKeys
    let curves = sweep.members.compactMap { member -> Curve? in
      let run = sweep.folder(member)
      let values = member.settings.filter { varied.contains($0.key) }.map { "  \($0.key)=\($0.value)" }
      return Self.metrics(of: run).map { ((isAlone ? member.id : run.name) + values.joined(), $0) }
    }
    guard !curves.isEmpty else {
      throw CommandError("\(sweep.name): none of its \(sweep.grid.count) runs has metrics yet", exit: .missingInput)
    }
    return curves
  }

  /// The curves of a member; nil, and a remark, if there are none that can be read.
  private static func metrics(of run: RunDirectory) -> RunMetrics? {
    var files = RunFileReader()
    let metrics = files.metrics(of: run)
    if metrics == nil { say(files.remarks) }
    return metrics
  }
}
