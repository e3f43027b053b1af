import ArgumentParser
import MinimDrawing
import MinimFiles
import MinimNN
import MinimParallel
import MinimTraining

/// `minim export RUN [--csv|--tensorboard|--numpy]`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Export a run: metrics as CSV, event files for TensorBoard, or the model as plain NumPy.",
    discussion: """
      CSV has one line per step; missing values are empty.

      Example:
        minim export latest --tensorboard
        tensorboard --logdir runs

      TensorBoard shows values rounded to 32 bits. For readers in Python, NAME/float64 next to each metric has all 64.

      With --numpy the trained model becomes a module of Python that needs only NumPy: the losses of examples and, where the \
      model has them, log p(x) and samples, those of "minim sample" with the same seed.
        minim export latest --numpy --output vae.py
        python3 -c "import vae; print(vae.Model().sample(4))"
      """)

  @OptionGroup var target: RunDataArgument

  @Flag(help: "Write comma-separated values. This is the default.")
  var csv = false

  @Flag(help: "Write an event file for TensorBoard: all metrics, diagnostics and pictures.")
  var tensorboard = false

  @Flag(name: .customLong("numpy"), help: "Write the model as one file of Python that needs only NumPy.")
  var isNumPy = false

  @Option(help: ArgumentHelp("With --numpy: the checkpoint of this step instead of the kept one.", valueName: "n"))
  var step: Int?

  @Flag(help: "Write the diagnostics instead of the metrics.")
  var diagnostics = false

  @Option(
    help: """
      The file to write. Default: standard output. For TensorBoard, a folder in which the run gets a sub-folder of its name. \
      Default: tensorboard/ in the run's folder. For NumPy, the default is model.py in the run's folder.
      """)
  var output: String?

  func run() throws {
    try reporting {
      if tensorboard && (csv || diagnostics) {
        throw CommandError(
          "--tensorboard exports everything: leave out --csv and --diagnostics, or export twice", exit: .usage)
      }
      try checkNumPy()
      if isNumPy { return try writeNumPy() }
      let directory = try target.argument.locate()
      try tensorboard ? writeEvents(of: directory) : writeCSV(of: directory)
    }
  }

  /// Checks the words that go with `--numpy` alone, and those that cannot go with it.
  private func checkNumPy() throws {
    if isNumPy, tensorboard || csv || diagnostics {
      throw CommandError("--numpy exports the model, and the others what was measured: export twice", exit: .usage)
    }
    if !isNumPy, let word = step.map({ _ in "--step" }) ?? target.places.first {
      throw CommandError("\(word) needs --numpy: nothing else depends on it", exit: .usage)
    }
  }

  private func writeNumPy() throws {
    let (directory, experiment) = try target.load(needsData: false)
    let kept = try experiment.keptParameters(in: directory, step: step)
    let trained = Trained(
      parameters: kept.parameters, data: experiment.data, pool: WorkerPool(workers: 1), level: try ConfigFiles.level(),
      seed: experiment.configuration.seed)
    let title =
      "The \(experiment.configuration.modelName) of the run \(directory.name). \(kept.description). "
      + "Written by Minim \(minimVersion)."
    let path = output ?? directory.module(step: step)
    try FileStore().writeOutput(NumPyFile(experiment.model, trained, title: title.visible).text, to: path)
    try Terminal.print("The model as plain NumPy: \(path.visible)\n")
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
    try Terminal.print("Look at: tensorboard --logdir \(output ?? target.argument.runs)\n")
  }

  private func writeCSV(of directory: RunDirectory) throws {
    let path = diagnostics ? directory.diagnostics : directory.metrics
    let names = try Self.names(path)
    let reader = try MetricsReader(path)
    if let output {
      let file = try OutputFile(output)
      try Self.write(reader, names) { text throws(FileError) in
        try file.write(Array(text.utf8))
        return true
      }
      try file.finish()
    } else {
      try Self.write(reader, names) { text throws(FileError) in try Terminal.print(text) }
    }
    say([reader.remark].compactMap { $0 })
  }

  /// Hands on a table part by part, since a run may have millions of rows, until `take` returns false.
  private static func write(
    _ reader: MetricsReader, _ names: [String], _ take: (String) throws(FileError) -> Bool
  ) throws(FileError) {
    var writer = CSVWriter(columns: ["step"] + names)
    while let row = try reader.next() {
      writer.append(["\(row.step)"] + names.map { row.value($0).map(text) ?? "" })
      if writer.text.utf8.count >= 1 << 16, try !take(writer.takeText()) { return }
    }
    _ = try take(writer.takeText())
  }

  /// The names of all metrics of a file, in the order in which they occur.
  private static func names(_ path: String) throws -> [String] {
    let reader = try MetricsReader(path)
    var (names, known): ([String], Set<String>) = ([], [])
    while let row = try reader.next() {
      for value in row.values where known.insert(value.name).inserted { names.append(value.name) }
    }
    return names
  }

  /// A number with all its digits; whole numbers, such as counts, without a fraction.
  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 0x1p53 ? "\(Int(value))" : value.text
  }
}
