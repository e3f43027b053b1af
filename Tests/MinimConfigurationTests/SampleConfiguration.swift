import MinimConfiguration

/// A configuration that uses every method of `ConfigurationSection`, as a program would declare it.
struct SampleConfiguration {
  enum ModelName: String, CaseIterable { case pixelcnn, vae, realnvp }
  enum OptimizerName: String, CaseIterable { case adam, sgd }
  enum Verdict: String, CaseIterable { case holds, fails }

  let seed: Int
  let note: String?
  let model: Model
  let learningRate: Double
  let optimizer: OptimizerName
  let betas: [Double]
  let examples: Int
  let shuffles: Bool
  let folder: String
  let averageDecay: Double?
  let expectations: [String]

  struct Model {
    let name: ModelName
    var channels = 0
    var kernel = 0
    var masks: [String] = []
    var hidden: [Int] = []
    var latents = 0

    init(_ section: ConfigurationSection) {
      name = section.choice("name", default: nil, "Which model is trained.")
      switch name {
      case .pixelcnn:
        channels = section.integer("channels", default: 32, in: 1...1024, "Feature maps of each hidden layer.")
        kernel = section.integer("kernel", default: 3, in: 1...15, "Height and width of a convolution's kernel.")
        masks = section.strings("masks", default: ["A3", "B3"], count: 1...8, "Kind and size of each mask.") {
          $0.hasPrefix("A") || $0.hasPrefix("B") ? nil : "a mask is of kind A or B, got \"\($0)\""
        }
        if kernel % 2 == 0 { section.report("kernel", "kernel size must be odd for a masked convolution (3, 5, 7)") }
      case .vae, .realnvp:
        latents = section.integer("latents", default: 2, in: 1...64, "Dimension of the latent space.")
        hidden = section.integers(
          "hidden", default: [64, 64], in: 1...512, count: 1...4, "Width of each hidden layer.")
      }
    }
  }

  init(_ root: ConfigurationSection) {
    seed = root.integer("seed", default: 0, in: 0...Int.max, "Seed of every random number.")
    note = root.optionalString("note", affectsResult: false, "What the run is for.")
    model = Model(root.section("model", "The model."))
    let rule = root.section("optimizer", "How parameters move.")
    optimizer = rule.choice("name", default: OptimizerName.adam, "The update rule.")
    learningRate = rule.number("learningRate", default: 1e-3, in: 0...1, excludingLowerBound: true, "Step size.")
    betas = rule.numbers("betas", default: [0.9, 0.999], in: 0...1, count: 2...2, "Decay of the two moments.")
    let batch = root.section("batch", "The examples of a step.")
    examples = batch.integer("examples", default: 64, in: 1...65536, "Examples a step.")
    shuffles = batch.boolean("shuffles", default: true, "Whether an epoch has an order of its own.")
    let output = root.section("output", affectsResult: false, "What is written down.")
    folder = output.string("folder", default: "runs", "Where runs are kept.")
    _ = output.integer("interval", default: 100, in: 1...1_000_000, "Steps between two rows of the log.")
    averageDecay = root.optionalSection("average", "A moving average of the parameters.")?
      .number("decay", default: 0.99, in: 0...1, "Its decay.")
    expectations = root.choices("expect", of: Verdict.self, affectsResult: false, "Claims that must fail.").map {
      "\($0.key) \($0.choice)"
    }
  }
}

/// A reader that has read the sample out of a text.
struct SampleReading {
  let reader: ConfigurationReader
  let configuration: SampleConfiguration

  init(_ text: String, overrides: [String] = []) throws {
    try self.init([("sample.json", text)], overrides: overrides)
  }

  init(_ texts: [(name: String, text: String)], overrides: [String] = []) throws {
    reader = ConfigurationReader(try ConfigurationSource(texts: texts, overrides: overrides))
    configuration = SampleConfiguration(reader.root)
  }

  /// What `finish` throws.
  var errors: ConfigurationErrors? {
    do {
      try reader.finish()
      return nil
    } catch {
      return error
    }
  }
}
