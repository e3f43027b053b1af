import ArgumentParser
import MinimDrawing
import MinimFiles
import MinimNN
import MinimTraining

/// `minim show RUN`.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a run in the terminal: its config, curves, claims and samples; or the runs of a sweep.")

  @OptionGroup var argument: RunOrSweepArgument

  @Flag(help: "Show every key of the config, not only those that differ from their defaults.")
  var all = false

  func run() throws {
    try reporting {
      let terminal = Terminal.current(1)
      let parts =
        switch try argument.locate() {
        case .run(let directory): try parts(directory, terminal)
        case .sweep(let path): parts(SweepText(path: path), terminal)
        }
      let lines = parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      try Terminal.print(lines.joined(separator: "\n\n") + "\n")
    }
  }

  private func parts(_ sweep: SweepText, _ terminal: Terminal) -> [[String]] {
    say(sweep.remarks)
    return [sweep.lines(width: terminal.width, runs: argument.runs)]
  }

  private func parts(_ directory: RunDirectory, _ terminal: Terminal) throws -> [[String]] {
    let store = FileStore()
    guard [directory.config, directory.status, directory.metrics].contains(where: store.exists) else {
      throw ConfigFiles.notBegun(directory)
    }
    let record = RunRecord(directory)
    let config = ConfigText(directory, record)
    var files = RunFileReader()
    let manifest = files.json(directory.manifest)
    let claims = files.claims(of: directory)
    let parts = [
      Self.head(record, manifest), all ? config.all : config.changes,
      Self.curves(files.metrics(of: directory), terminal),
      files.json(directory.evaluation).map { EvaluationText.metrics(Evaluation($0)) } ?? [],
      claims.isEmpty ? [] : ClaimBlocks.lines(claims, terminal),
      Self.samples(directory, terminal, &files),
    ]
    say(record.remarks + files.remarks)
    return parts
  }

  private static func head(_ record: RunRecord, _ manifest: JSON?) -> [String] {
    let loss = record.loss.map { ", \($0.name) \(Readable.significant($0.value))" } ?? ""
    let time = record.seconds.map { " in \(Readable.duration($0))" } ?? ""
    let kernels = manifest.flatMap { RunMachines(manifest: $0).sentence }
    return ["\(record.name): \(record.stateText) at step \(record.step)\(time)\(loss)".visible]
      + (kernels.map { [$0.visible] } ?? [])
  }

  private static func curves(_ metrics: RunMetrics?, _ terminal: Terminal) -> [String] {
    guard let metrics, let name = metrics.lossName else { return [] }
    let names = [name, HeldOutLoss.key("training", name), HeldOutLoss.key("validation", name)]
    let series = names.map { Plot.Series(.line(metrics.series($0)), name: $0) }.filter {
      if case .line(let points) = $0.layer { points.count > 1 } else { false }
    }
    guard !series.isEmpty else { return [] }
    let plot = Plot(name, xLabel: "step", yLabel: name, series)
    return BrailleChart(plot, width: min(100, terminal.width)).lines(colors: terminal.colors)
  }

  /// The last samples if they are images; otherwise where to find them.
  private static func samples(
    _ directory: RunDirectory, _ terminal: Terminal, _ files: inout RunFileReader
  ) -> [String] {
    let path = directory.finalSamples
    guard FileStore().exists(path) else { return [] }
    let array: NumericArray
    do { array = try NumericArray.read(path) } catch {
      files.note("\(error)")
      return []
    }
    guard array.shape.count == 3, array.shape[1] > 1 else { return ["Look at: \(directory.samples)".visible] }
    let (height, width) = (array.shape[1], array.shape[2])
    let count = min(array.shape[0], 32)
    let white = max(1e-30, array.values.max() ?? 1)
    let values = array.values.prefix(count * height * width).map { $0 / white }
    return HalfBlocks.draw(values, count: count, height: height, width: width, terminal: terminal)
      + ["", "Look at: \(directory.samples)".visible]
  }
}
