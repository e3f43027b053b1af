import ArgumentParser
import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimTraining

/// `minim plot RUN... [--metric NAME]`.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Plot a metric of one or several runs over their steps, in the terminal.")

  @Argument(
    help: ArgumentHelp("One or more runs, then optionally a metric: plot latest gradientNorm.", valueName: "run"),
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
      if wanted == nil, names.count > 1, let last = names.last, (try? RunDirectory.locate(last, in: runs)) == nil {
        wanted = last
        names.removeLast()
      }
      let found = try names.map { name in
        let directory = try RunDirectory.locate(name, in: runs)
        return (name: directory.name, metrics: try RunMetrics(directory))
      }
      let metric = wanted ?? found.compactMap(\.metrics.lossName).first ?? "loss"
      let series = found.map { BrailleChart.Series($0.name, $0.metrics.series(metric)) }
      guard series.contains(where: { !$0.points.isEmpty }) else {
        let known = found.flatMap(\.metrics.names)
        let hint = Spelling.nearest(to: metric, among: known).map { " Did you mean \"\($0)\"?" } ?? ""
        throw CommandError(
          "no run has a metric \"\(metric)\".\(hint) Known are \(known.unique().joined(separator: ", "))",
          exit: .usage)
      }
      let terminal = Terminal.current(1)
      let chart = BrailleChart(series.filter { !$0.points.isEmpty }, width: min(160, terminal.width), height: height)
      Terminal.write(([metric] + chart.lines(colors: terminal.colors)).joined(separator: "\n") + "\n", to: 1)
    }
  }
}
