import ArgumentParser
import MinimDrawing
import MinimFiles
import MinimNN
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

  @OptionGroup var target: RunDataArgument

  @Option(help: ArgumentHelp("The step to look at. Default: the one at which the run diverged.", valueName: "n"))
  var step: Int?

  @OptionGroup var threads: WorkersOption

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reporting {
      let workers = try threads.checked()
      let (directory, experiment) = try target.load()
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
