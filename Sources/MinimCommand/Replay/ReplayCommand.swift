import ArgumentParser
import MinimDrawing
import MinimFiles
import MinimNN
import MinimParallel
import MinimTraining

/// `minim replay RUN`.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Take the step at which a run diverged, or any other, again, and show where its numbers come from.",
    discussion: """
      Example:
        minim replay latest --step 100

      For a run that diverged: the first operation whose result is not finite, the line of the model that asks for it, the \
      element, what went in, the first parameter with a bad gradient, the examples, and the ten steps before. For any other \
      step: the gradient and the largest update of each parameter.

      The steps are taken again from a kept checkpoint, with the bits of the run: they are compared with its metrics. Nothing \
      is written.

      Exit code: 0, or 65 if the metrics of the run differ.
      """)

  @OptionGroup var argument: RunArgument

  @Argument(
    help: ArgumentHelp(
      "Where the data are now, if they were moved: data.path=FILE, data.labels=FILE.", valueName: "key=value"))
  var places: [String] = []

  @Option(help: ArgumentHelp("The step to look at. Default: the one at which the run diverged.", valueName: "n"))
  var step: Int?

  @Option(help: "Number of threads; results do not depend on it.")
  var workers: Int?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reporting {
      if let workers, !WorkerCount.allowed.contains(workers) {
        throw CommandError("--workers: expected 1 to \(WorkerCount.allowed.upperBound), got \(workers)", exit: .usage)
      }
      if let word = places.first(where: { !ConfigFiles.isPlace($0) }) {
        throw CommandError("\"\(word)\": expected data.path=FILE or data.labels=FILE after the run", exit: .usage)
      }
      let directory = try argument.locate()
      let experiment = try ConfigFiles.experiment(of: directory, overrides: places)
      let level = try ConfigFiles.level()
      let inspected = try Activity().shown(as: "replay") {
        try StepInspection(experiment, in: directory, step: step, workers: workers, level: level).run()
      }
      if json {
        try Terminal.print(InspectionText.json(inspected, of: directory).pretty + "\n")
      } else {
        let lines = InspectionText.lines(inspected, of: directory, width: Terminal.current(1).width)
        try Terminal.print(lines.joined(separator: "\n") + "\n")
      }
      if inspected.agreement.difference != nil { throw ExitCode(.badData) }
    }
  }
}
