import ArgumentParser
import MinimDrawing
import MinimFiles
import MinimKernels
import MinimNN
import MinimTraining

/// `minim eval RUN`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "Evaluate the kept parameters of a run, on its data or on examples of your own.",
    discussion: """
      Example:
        minim eval latest --data more.npy
      """)

  @OptionGroup var options: RunOptions

  @Flag(help: "Also sum the probabilities of all images. Takes minutes for 5x5.")
  var exact = false

  @Flag(help: "Print JSON.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Examples of your own instead, of the shape and in the units of the run's data: .npy, .npz, IDX, a table, a .png, "
        + "or a folder of .png.", valueName: "file"), completion: .file())
  var data: String?

  @Option(help: ArgumentHelp("The classes of these examples, for a conditional model.", valueName: "file"))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "Where to write one value for each of these examples. Default: in the run's folder.", valueName: "file"))
  var npy: String?

  func run() throws {
    try reporting {
      if let data {
        try ProcessGroup.requireAlone(instead: "They share --exact and gaps, not --data")
        return try evaluate(data)
      }
      if let option = labels.map({ _ in "--labels" }) ?? npy.map({ _ in "--npy" }) {
        throw CommandError("\(option) needs --data, your own examples", exit: .usage)
      }
      try ProcessGroup.join()
      let (_, experiment, trained, kept) = try options.load()
      guard try ProcessGroup.begin(experiment, kept) else { return }
      let evaluation = try trained.activity.shown(as: "evaluation") {
        do { return try experiment.model.evaluate(trained, exact: exact) } catch let error as KernelError {
          // Finite parameters may lead to numbers that are not.
          throw CommandError("\(kept.description): \(error)", exit: error.exit)
        }
      }
      guard ProcessGroup.leave() else { return }
      if json {
        var result: JSON = [
          "step": .integer(kept.step), "weights": .string(kept.averageDecay == nil ? "raw" : "averaged"),
        ]
        for metric in evaluation.metrics { result[metric.name] = .number(metric.value) }
        if !evaluation.tables.isEmpty { result["tables"] = .array(evaluation.tables.map(\.json)) }
        result["claims"] = .array(evaluation.claims.map(\.json))
        try Terminal.print(result.pretty + "\n")
      } else {
        let claims =
          evaluation.claims.isEmpty ? [] : [""] + ClaimBlocks.lines(evaluation.claims, Terminal.current(1))
        try Terminal.print(
          ([kept.description, ""] + EvaluationText.metrics(evaluation) + claims).joined(separator: "\n") + "\n")
      }
      if evaluation.claims.contains(where: \.provesBug) { throw ExitCode(.bug) }
    }
  }

  private func evaluate(_ data: String) throws {
    guard !exact else {
      throw CommandError("--exact is about all images there can be, --data about some: leave one out", exit: .usage)
    }
    let (directory, experiment, trained, kept) = try options.load()
    let examples = try OwnExamples(data, labels: labels, experiment, trained)
    let (name, numbers) = examples.values
    let path = npy ?? directory.values(name, of: data, step: options.step)
    try FileStore().writeOutput(NPY.encode(numbers.map { Float($0) }, shape: [numbers.count]), to: path)
    if json {
      var result: JSON = [
        "step": .integer(kept.step), "weights": .string(kept.averageDecay == nil ? "raw" : "averaged"),
      ]
      for member in examples.json.members { result[member.key] = member.value }
      result["values"] = .string(path)
      try Terminal.print(result.pretty + "\n")
    } else {
      let end = ["", "The \(name) of each example: \(path)"]
      try Terminal.print(([kept.description, ""] + examples.lines + end).joined(separator: "\n") + "\n")
    }
  }
}
