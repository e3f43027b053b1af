import ArgumentParser
import MinimDrawing
import MinimFiles
import MinimNN

/// `minim eval RUN`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "Evaluate the kept parameters of a run.")

  @OptionGroup var options: RunOptions

  @Flag(help: "Also sum the probabilities of all images. Takes minutes for 5x5.")
  var exact = false

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reporting {
      let (_, experiment, trained, kept) = try options.load()
      let evaluation = try trained.activity.shown(as: "evaluation") {
        try experiment.model.evaluate(trained, exact: exact)
      }
      if json {
        var result: JSON = [
          "step": .integer(kept.step), "weights": .string(kept.averageDecay == nil ? "raw" : "averaged"),
        ]
        for metric in evaluation.metrics { result[metric.name] = .number(metric.value) }
        if !evaluation.tables.isEmpty { result["tables"] = .array(evaluation.tables.map(\.json)) }
        result["claims"] = .array(evaluation.claims.map(\.json))
        Terminal.write(result.pretty + "\n", to: 1)
      } else {
        let claims =
          evaluation.claims.isEmpty ? [] : [""] + ClaimsTable.lines(evaluation.claims, width: Terminal.current(1).width)
        Terminal.write(
          ([kept.description, ""] + EvaluationText.metrics(evaluation) + claims).joined(separator: "\n") + "\n", to: 1)
      }
      if evaluation.claims.contains(where: \.provesBug) { throw ExitCode(.bug) }
    }
  }
}
