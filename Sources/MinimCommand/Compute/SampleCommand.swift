import ArgumentParser
import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimKernels
import MinimNN
import MinimParallel
import MinimTraining

/// `minim sample RUN`.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Draw samples from a trained run and write them as a PNG.")

  @OptionGroup var options: RunOptions

  @Option(help: "Number of samples.")
  var count = 64

  @Option(help: "The PNG to write.")
  var output: String?

  func run() throws {
    try reporting {
      guard (1...1_000_000).contains(count) else {
        throw CommandError("--count: expected 1 to 1000000, got \(count)", exit: .usage)
      }
      let (directory, experiment, trained, kept) = try options.load()
      let samples = try trained.activity.shown(as: "drawing") { try experiment.model.samples(count, from: trained) }
      let png = try samples.png(step: kept.step, seed: experiment.configuration.seed, configHash: experiment.configHash)
      let path = output ?? directory.drawnSamples(count: count)
      try FileStore().writeAtomically(png, to: path)
      let valid = samples.sheet?.invalid.map { "\(count - $0.count) of \(count) samples are valid\n" } ?? ""
      Terminal.write("\(kept.description)\n\(valid)Look at: \(path)\n", to: 1)
    }
  }
}
