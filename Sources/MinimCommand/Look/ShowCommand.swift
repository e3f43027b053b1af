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
        case .sweep(let path): [SweepText(path: path).lines(width: terminal.width, runs: argument.runs)]
        }
      let lines = parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      try Terminal.print(lines.joined(separator: "\n\n") + "\n")
    }
  }

  private func parts(_ directory: RunDirectory, _ terminal: Terminal) throws -> [[String]] {
    let record = RunRecord(directory)
    let config = ConfigText(directory, record)
    return [
      Self.head(record), all ? config.all : config.changes, Self.curves(directory, terminal),
      Self.evaluation(directory), try Self.claims(directory, terminal), Self.samples(directory, terminal),
    ]
  }

  private static func head(_ record: RunRecord) -> [String] {
    let loss = record.loss.map { ", \($0.name) \(Readable.significant($0.value))" } ?? ""
    let time = record.seconds.map { " in \(Readable.duration($0))" } ?? ""
    return ["\(record.name): \(record.state.rawValue) at step \(record.step)\(time)\(loss)"]
  }

  private static func curves(_ directory: RunDirectory, _ terminal: Terminal) -> [String] {
    guard let metrics = try? RunMetrics(directory), let name = metrics.lossName else { return [] }
    let names = [name, HeldOutLoss.key("training", name), HeldOutLoss.key("validation", name)]
    let series = names.map { BrailleChart.Series($0, metrics.series($0)) }.filter { $0.points.count > 1 }
    guard !series.isEmpty else { return [] }
    return [name] + BrailleChart(series, width: min(100, terminal.width)).lines(colors: terminal.colors)
  }

  private static func evaluation(_ directory: RunDirectory) -> [String] {
    guard let json = (try? FileStore().read(directory.evaluation)).flatMap({ try? JSONParser.parse($0).json }) else {
      return []
    }
    return EvaluationText.metrics(Evaluation(json))
  }

  private static func claims(_ directory: RunDirectory, _ terminal: Terminal) throws -> [String] {
    guard let json = (try? FileStore().read(directory.claims)).flatMap({ try? JSONParser.parse($0).json }) else {
      return []
    }
    return ClaimsTable.lines(Claim.all(inFile: json), width: terminal.width)
  }

  /// The last samples if they are images; otherwise where to find them.
  private static func samples(_ directory: RunDirectory, _ terminal: Terminal) -> [String] {
    let path = directory.finalSamples
    guard let array = try? NumericArray.read(path) else { return [] }
    guard array.shape.count == 3, array.shape[1] > 1 else { return ["Look at: \(directory.samples)"] }
    let (height, width) = (array.shape[1], array.shape[2])
    let count = min(array.shape[0], 32)
    let white = max(1e-30, array.values.max() ?? 1)
    let values = array.values.prefix(count * height * width).map { $0 / white }
    return HalfBlocks.draw(values, count: count, height: height, width: width, terminal: terminal)
      + ["", "Look at: \(directory.samples)"]
  }
}
