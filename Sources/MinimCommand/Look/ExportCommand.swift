import ArgumentParser
import MinimDrawing
import MinimFiles
import MinimTraining

/// `minim export RUN [--csv|--tensorboard]`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Export a run: metrics as CSV, or event files for TensorBoard.",
    discussion: """
      CSV has one line per step; missing values are empty.

      Example:
        minim export latest --tensorboard
        tensorboard --logdir runs

      TensorBoard shows values rounded to 32 bits. For readers in Python, NAME/float64 next to each metric has all 64.
      """)

  @OptionGroup var argument: RunArgument

  @Flag(help: "Write comma-separated values. This is the default.")
  var csv = false

  @Flag(help: "Write an event file for TensorBoard: all metrics, diagnostics and pictures.")
  var tensorboard = false

  @Flag(help: "Write the diagnostics instead of the metrics.")
  var diagnostics = false

  @Option(
    help: """
      The file to write. Default: standard output. For TensorBoard, a folder in which the run gets a sub-folder of its name. \
      Default: tensorboard/ in the run's folder.
      """)
  var output: String?

  func run() throws {
    try reporting {
      if tensorboard && (csv || diagnostics) {
        throw CommandError(
          "--tensorboard exports everything: leave out --csv and --diagnostics, or export twice", exit: .usage)
      }
      let directory = try argument.locate()
      try tensorboard ? writeEvents(of: directory) : writeCSV(of: directory)
    }
  }

  private func writeEvents(of directory: RunDirectory) throws {
    let folder = output.map { Path.join($0, directory.name) } ?? directory.tensorboard
    do {
      _ = try EventFile(of: directory, in: folder)
    } catch is RunLockedError {
      throw CommandError(
        "\(folder) is already being written, for example by train --tensorboard, and is up to date. To write another "
          + "copy, set --output.", exit: .tryAgain)
    }
    try Terminal.print("Look at: tensorboard --logdir \(output ?? argument.runs)\n")
  }

  private func writeCSV(of directory: RunDirectory) throws {
    let metrics = try RunMetrics(directory)
    let rows = diagnostics ? metrics.diagnostics : metrics.rows
    let names = rows.flatMap { $0.values.map(\.name) }.unique()
    var writer = CSVWriter(columns: ["step"] + names)
    for row in rows {
      writer.append(
        ["\(row.step)"] + names.map { name in row.values.first { $0.name == name }.map { Self.text($0.value) } ?? "" })
    }
    if let output {
      try FileStore().writeAtomically(writer.text, to: output)
    } else {
      try Terminal.print(writer.text)
    }
  }

  /// A number with all its digits; whole numbers, such as counts, without a fraction.
  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 0x1p53 ? "\(Int(value))" : value.text
  }
}
