import ArgumentParser
import MinimDrawing
import MinimFiles
import MinimNN
import MinimTraining

/// `minim sample RUN`.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Draw samples from a trained run and write them as a PNG.",
    discussion: """
      Example:
        minim sample latest --class 3 --count 16 --seed 7 --npy digits.npy
        minim sample latest --given image.png --rows 4
      """)

  @OptionGroup var options: RunOptions

  @Option(help: "Number of samples.")
  var count = 64

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp("Draw samples of this class, for a conditional model.", valueName: "name or number"))
  var label: String?

  @Option(help: "The seed of the draws. Default: that of the run.")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Complete this image from its first rows, for a model that draws pixel by pixel: a .png, or an .npy in the run's "
        + "units.", valueName: "file"), completion: .file(extensions: ["png", "npy"]))
  var given: String?

  @Option(help: "Number of rows that are given. Default: half of them, or all rows of a smaller image.")
  var rows: Int?

  @Option(help: "The PNG to write. Default: in the run's folder of samples.")
  var output: String?

  @Option(help: ArgumentHelp("Also write the samples as an array.", valueName: "file"))
  var npy: String?

  func run() throws {
    try reporting {
      guard (1...1_000_000).contains(count) else {
        throw CommandError("--count: expected 1 to 1000000, got \(count)", exit: .usage)
      }
      let (directory, experiment, trained, kept) = try options.load(seed: seed, needsData: false)
      let request = try request(experiment)
      let samples = try trained.activity.shown(as: "drawing") { try experiment.model.samples(request, from: trained) }
      try checkData(directory, experiment, samples)
      let png = try samples.png(step: kept.step, seed: trained.seed, configHash: experiment.configHash)
      let path = output ?? directory.drawnSamples(count: count, of: words)
      try FileStore().writeOutput(png, to: path)
      if let npy { try FileStore().writeOutput(NPY.encode(samples.values, shape: samples.shape), to: npy) }
      let valid = samples.sheet?.invalid.map { "\(count - $0.count) of \(count) samples are valid\n" } ?? ""
      let array = npy.map { "Array: \($0)\n" } ?? ""
      try Terminal.print("\(kept.description)\n\(valid)\(array)Look at: \(path)\n")
    }
  }

  /// Says that data are missing, which nothing but a comparison with them needs.
  private func checkData(_ directory: RunDirectory, _ experiment: Experiment, _ samples: Samples) throws {
    guard case .absent = experiment.data.training else { return }
    let missing = "The data of \(directory.name), \(experiment.data.name), are missing".visible
    guard samples.count > 0 else {
      throw CommandError("\(missing), and the samples of this model are of its data.", exit: .missingInput)
    }
    try Terminal.print("\(missing): there is nothing to compare the samples with.\n")
  }

  /// What the options ask for, in the terms of the model.
  private func request(_ experiment: Experiment) throws -> SampleRequest {
    let (model, data) = (experiment.model, experiment.data)
    let index = try label.map { label in
      guard model.isConditional else { throw SampleRequestError.notConditional }
      return try ClassName.index(of: label, among: data.classNames, "--class")
    }
    if let rows {
      guard given != nil else { throw CommandError("--rows needs --given, the image to complete", exit: .usage) }
      let most = (data.exampleShape.first ?? 1) - 1
      guard (1...max(1, most)).contains(rows) else {
        throw CommandError("--rows: expected 1 to \(most), got \(rows)", exit: .usage)
      }
    }
    let pixels = try given.map { try ExampleFile($0).rows(rows, like: data) }
    return SampleRequest(count, label: index, given: pixels ?? [])
  }

  /// The options that make other samples of the same run, as parts of a file's name.
  private var words: [String] {
    [
      options.step.map { "step-\($0)" }, label.map { "class-\($0)" }, seed.map { "seed-\($0)" },
      given.map { _ in "given" },
    ].compactMap { $0 }
  }
}
