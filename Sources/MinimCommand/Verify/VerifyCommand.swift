import ArgumentParser
import MinimDrawing
import MinimFiles
import MinimTraining

/// `minim verify RUN`.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Take steps of a run again, and compare the bits with those of the run.",
    discussion: """
      Example:
        minim verify latest --steps 100

      The steps are taken again as the run was made; with 1, 2, 3 and 7 workers; with every other level of kernels of this \
      machine that has the same bits; across a kill -9 and a resume; and with other intervals. Each time, the parameters, the \
      optimizer's state and the metrics must be the same to the bit, and those of the run's own files. The run's folder is \
      only read.

      Without options the steps are the shortest stretch of at least 20 steps from one kept checkpoint to the next, or its \
      first 50 if it has more than 1000.

      Exit code: 0 if all agree, 65 if only the run's own files differ, 70 if the repetitions do.
      """)

  @OptionGroup var target: RunDataArgument

  @Option(help: ArgumentHelp("The number of steps to take again.", valueName: "n"))
  var steps: Int?

  @Option(help: ArgumentHelp("Begin after this step: that of a kept checkpoint, or 0.", valueName: "n"))
  var fromStep: Int?

  @Flag(help: "Print JSON, with whole hashes.")
  var json = false

  func run() throws {
    try reporting {
      if let steps, !(1...1_000_000_000).contains(steps) {
        throw CommandError("--steps: expected 1 to 1000000000, got \(steps)", exit: .usage)
      }
      let (directory, experiment) = try target.load()
      let stretch = try RunStretch(of: directory, experiment, from: fromStep, count: steps)
      let making = try RunMaking(of: directory, stretch, experiment)
      let session = VerificationSession(
        directory: directory, experiment: experiment, stretch: stretch,
        repetitions: Repetition.all(of: stretch, experiment, workers: making.workers, level: making.level))
      let verification = try stoppable { try session.run() }
      if json {
        try Terminal.print(VerificationText.json(verification, making.remarks).pretty + "\n")
      } else {
        let lines = VerificationText.lines(verification, making.remarks, width: Terminal.current(1).width)
        try Terminal.print(lines.joined(separator: "\n") + "\n")
      }
      if verification.exit != .success { throw ExitCode(verification.exit) }
    }
  }

  /// Runs what a signal may stop; that is not an error to be told.
  private func stoppable<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let stopped as Stopped {
      throw ExitCode(stopped.exit)
    }
  }
}
