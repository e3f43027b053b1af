import ArgumentParser
import MinimDrawing
import MinimFiles
import MinimTraining

/// `minim export RUN [--csv|--tensorboard]`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Export a run: metrics as CSV, or event files for TensorBoard.",
    discussion: """
      CSV is one line per step, empty where there is no value.

      Example:
        minim export latest --tensorboard
        tensorboard --logdir runs

      What TensorBoard shows is rounded to 32 bits; beside each figure NAME/float64 has all 64 for its readers in Python.
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
      The file to write; standard output if it is left out. For TensorBoard a folder, in which the run gets one of its own \
      name; tensorboard/ in the run's folder if it is left out.
      """)
  var output: String?

  func run() throws {
    try reporting {
      if tensorboard && (csv || diagnostics) {
        throw CommandError(
          "--tensorboard is all there is of a run: leave out --csv and --diagnostics, or export twice", exit: .usage)
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
        "\(folder) is being written already, as by train --tensorboard, and is up to date. Or export to another folder "
          + "with --output.", exit: .tryAgain)
    }
    Terminal.write("Look at: tensorboard --logdir \(output ?? argument.runs)\n", to: 1)
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
      Terminal.write(writer.text, to: 1)
    }
  }

  /// A number with all its digits; whole numbers, such as counts, without a fraction.
  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 0x1p53 ? "\(Int(value))" : "\(value)"
  }
}
