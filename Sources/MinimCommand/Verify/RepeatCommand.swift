import ArgumentParser
import MinimSystem
import MinimDrawing
import MinimFiles
import MinimKernels
import MinimNN
import MinimTraining

/// What `minim verify` starts processes of this program with: it takes steps again in a folder. Not for people.
struct RepeatCommand: ParsableCommand {
  /// The first argument that means this command.
  static let word = "repeat-steps"

  static let configuration = CommandConfiguration(commandName: word, shouldDisplay: false)

  @Argument var folder: String

  @Option var end: Int

  @Option var workers: Int?

  /// The hashes of the run's config, the present one first.
  @Option(parsing: .upToNextOption) var hashes: [String] = []

  /// Whether each step fills the pipe, so that nobody who watches it is behind by more than a step.
  @Flag var inStep = false

  func run() throws {
    try reporting {
      let directory = RunDirectory(path: folder)
      let experiment = try ConfigFiles.experiment(of: directory).identified(by: hashes)
      let level = try KernelLevel.current
      let message = String(repeating: ".", count: inStep ? Int(ChildProcess.page) : 1)
      try RepeatedTraining.run(experiment, in: directory, to: end, workers: workers, level: level) { _ in
        // Whoever waited for this is gone.
        guard try Terminal.print(message) else { throw Stopped(signal: SIGPIPE) }
      }
    }
  }
}
