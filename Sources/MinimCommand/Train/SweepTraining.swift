import ArgumentParser
import MinimSystem
import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimTraining

/// `train sweep`.
struct SweepTraining: ParsableCommand {
  /// The first argument that means this command.
  static let word = "sweep"

  static let configuration = CommandConfiguration(
    commandName: word, _superCommandName: "train",
    abstract: "Train all combinations of some values, each with the same result as if run alone.",
    discussion: """
      Example:
        train sweep --config gan-ring.json seed=0..19 dynamics.name=simultaneous,extragradient

      Runs share the cores, one thread each, with the same bits as if run alone. After a stop or a kill,
      train sweep --resume SWEEP trains the missing runs. minim show SWEEP and minim compare SWEEP show the results.

      On several machines with a common folder: --plan makes the sweep, each machine trains --resume SWEEP --slice I/N, and \
      --collect writes the table and the page of all.
      """)

  @Option(name: .long, help: "A config; several are merged left to right.", completion: .config)
  var config: [String] = []

  @Argument(
    help: ArgumentHelp(
      "Values of keys: 0..19 for whole numbers, a,b,c for a list; for --draws also uniform(0,1) and loguniform(1e-4,1e-1).",
      valueName: "key=values"))
  var words: [String] = []

  @Option(
    help: ArgumentHelp(
      "A file of more such values: {\"seed\": \"0..19\", \"dynamics.name\": [\"simultaneous\", \"extragradient\"]}.",
      valueName: "file"), completion: .file(extensions: ["json"]))
  var grid: String?

  @Option(help: ArgumentHelp("Resume a sweep: its folder, a unique prefix of its name, or latest.", valueName: "sweep"))
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Train only the runs whose number divided by N leaves I; auto takes both from the job array of Slurm, auto/N takes I from it "
        + "or from an indexed job of Kubernetes.", valueName: "i/n"))
  var slice: String?

  @Flag var instead: InsteadOfTraining?

  @Option(help: ArgumentHelp("Draw N random combinations instead of running all.", valueName: "n"))
  var draws: Int?

  @Option(help: .hidden)
  var from: String?

  @Flag var afterFailure = AfterFailure.keepGoing

  @Flag(help: "Also draw each run's pictures, which takes longer than training the smallest models.")
  var pictures = false

  @OptionGroup var options: TrainingOptions

  func run() throws {
    try reporting {
      try ProcessGroup.requireAlone(instead: "Many share a sweep by --slice")
      if from != nil {
        throw CommandError(
          "--from is for single runs, not for a sweep. Train the runs one at a time: "
            + "\(Program.current.train) --config FILE --from RUN", exit: .usage)
      }
      // Before a folder is made.
      let slice = try slice.map { try SweepSlice($0) { getenv($0).map { String(cString: $0) } } }
      if instead == .collect, resume == nil {
        throw CommandError("--collect: which sweep? Try: --resume SWEEP --collect", exit: .usage)
      }
      let sweep = try resume.map(opened) ?? begun()
      let session = SweepSession(
        sweep, options, slice: slice, failFast: afterFailure == .failFast, drawsPictures: pictures)
      switch instead {
      case nil: try session.run()
      case .plan: try Terminal.print("\(sweep.path)\n")
      case .print: try session.printCommands()
      case .collect: try session.collect()
      }
    }
  }

  private func opened(_ name: String) throws -> SweepDirectory {
    guard config.isEmpty, words.isEmpty, draws == nil, grid == nil else {
      throw CommandError("--resume takes everything from the sweep's folder: leave out the rest", exit: .usage)
    }
    guard case .sweep(let path) = try RunFolder.locate(name, in: options.runs) else {
      throw CommandError(
        "\(name) is not a sweep. To resume a run: \(Program.current.train) resume \(name)", exit: .usage)
    }
    return try SweepDirectory(path: path)
  }

  private func fileWords() throws -> [String] {
    try grid.map { try SweepGrid.words(FileStore().read($0, limit: 1 << 20, allowsPipes: true), file: $0) } ?? []
  }

  /// Checks every value before anything is made.
  private func begun() throws -> SweepDirectory {
    guard !config.isEmpty else {
      throw CommandError(
        "no config given. Try: \(Program.current.train) sweep --config gan.json seed=0..9", exit: .usage)
    }
    if let draws, !(1...SweepGrid.most).contains(draws) {
      throw CommandError("--draws: expected 1 to \(SweepGrid.most), got \(draws)", exit: .usage)
    }
    let grid = try SweepGrid(try fileWords() + words, draws: draws)
    let texts = try ConfigFiles.files(config).map { file in
      let bytes = try FileStore().read(file, limit: 1 << 20, allowsPipes: true)
      return (name: file, text: String(decoding: bytes, as: UTF8.self))
    }
    // Each value once, with the first values of all other axes: a wrong value is reported now, and not during the
    // night.
    let first = grid.axes.map { "\($0.key)=\($0.extremes[0])" }
    var name = ""
    var notes: [String] = []
    for (index, axis) in grid.axes.enumerated() {
      for value in axis.extremes {
        var overrides = first
        overrides[index] = "\(axis.key)=\(value)"
        let experiment = try ConfigFiles.experiment(ConfigurationSource(texts: texts, overrides: overrides))
        name = experiment.configuration.name
        notes += (experiment.notes + DataText.leftOut(experiment.data)).filter { !notes.contains($0) }
      }
    }
    for note in notes { Terminal.write("\(note)\n", to: 2) }
    if grid.axes.isEmpty { name = try ConfigFiles.experiment(ConfigurationSource(texts: texts)).configuration.name }
    return try SweepDirectory(
      in: options.runs, name: name, configs: texts, grid: grid, remark: { Terminal.write("\($0)\n", to: 2) })
  }
}

/// What a command does with a sweep if it does not train it.
enum InsteadOfTraining: String, EnumerableFlag {
  case plan, print, collect

  static func help(for value: InsteadOfTraining) -> ArgumentHelp? {
    switch value {
    case .plan: "Make the sweep's folder, print its path, and train nothing."
    case .print: "Print a command for each run that is not done, as GNU parallel and xargs take them."
    case .collect: "Write the table and the page of what is there."
    }
  }
}

/// Whether a sweep continues after a run that failed.
enum AfterFailure: String, EnumerableFlag {
  case keepGoing, failFast

  static func help(for value: AfterFailure) -> ArgumentHelp? {
    switch value {
    case .keepGoing: "Continue with the other runs after one has failed."
    case .failFast: "Start no more runs after one has failed."
    }
  }
}
