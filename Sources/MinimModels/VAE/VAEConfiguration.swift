import MinimData
import MinimConfiguration
import MinimNN

/// The configuration of a variational autoencoder.
public struct VAEConfiguration: Sendable {
  /// The distribution of the data given the latent variables.
  public enum Likelihood: String, CaseIterable, Sendable {
    /// Each value is normal around the decoder's output, all with one standard deviation.
    case gaussian
    /// Each value is 0 or 1, with the decoder's output as its logit.
    case bernoulli
  }

  /// The methods for the expectation over the latent variables in training.
  public enum Expectation: String, CaseIterable, Sendable {
    /// One reparameterized draw for each example and each of `samples`.
    case sampled
    /// Exact, for a linear decoder with a Gaussian likelihood.
    case closedForm
    /// By a Gauss-Hermite rule of `nodes` in each of one or two latent variables.
    case gaussHermite
  }

  /// The number of latent variables.
  public let latent: Int
  /// The widths of the hidden layers; none: linear.
  public internal(set) var encoder: [Int]
  /// The widths of the decoder's hidden layers.
  public let decoder: [Int]
  /// The function between layers.
  public let activation: Activation
  /// The distribution of the data given the latent variables.
  public let likelihood: Likelihood
  /// The standard deviation of a Gaussian likelihood, or its initial value if it is learned.
  public let standardDeviation: Double
  /// Whether the standard deviation is learned, and its smallest value.
  public let learnsStandardDeviation: Bool, standardDeviationFloor: Double
  /// The method for the expectation over the latent variables in training.
  public let expectation: Expectation
  /// Nodes in each latent variable of a Gauss-Hermite rule.
  public let nodes: Int
  /// The inputs that the encoder sees, from 0 on; all if there are none.
  public let encoderInputs: [Int]
  /// The number of examples per split for which the gap is measured at the end of a run.
  public let gapRows: Int
  /// The decoder of the data, if it is used as it is and not trained.
  public let frozenDecoder: KnownDecoder?
  /// Draws per example; with more than one the bound is the importance-weighted one.
  public let samples: Int
  /// The weight of the KL term, and the nats of KL per latent variable that cost nothing: unless these are 1 and 0, the
  /// objective is not a bound.
  public let beta: Double, freeBits: Double

  /// Reads the section "model".
  ///
  /// - Parameters:
  ///   - section: the section "model".
  ///   - inputs: the values of an example.
  ///   - known: the decoder of the data, if they have one.
  public init(_ section: ConfigurationSection, inputs: Int = .max, decoder known: KnownDecoder? = nil) {
    func widths(_ key: String, _ help: String) -> [Int] {
      section.integers(key, default: [64, 64], in: 1...65_536, count: 0...16, help)
    }
    let isFrozen = section.boolean(
      "frozenDecoder", default: false, "Whether the decoder is the one that the data were drawn with, and not trained.")
    if isFrozen, known == nil {
      section.report("frozenDecoder", "these data have no decoder: linearGaussian and tanhGaussian have one")
    }
    frozenDecoder = isFrozen ? known : nil
    latent =
      frozenDecoder?.latent ?? section.integer("latent", default: 2, in: 1...1024, "The number of latent variables.")
    encoder = widths("encoder", "Widths of the encoder's hidden layers; [] makes it linear.")
    encoderInputs = section.integers(
      "encoderInputs", default: [], in: 0...max(0, inputs - 1),
      "The inputs that the encoder sees, from 0 on; [] for all.")
    if Set(encoderInputs).count != encoderInputs.count {
      section.report("encoderInputs", "each input can be named once")
    }
    decoder =
      frozenDecoder?.hidden ?? widths("decoder", "Widths of the decoder's hidden layers; [] makes it linear.")
    activation = section.choice("activation", default: .tanh, "The function between layers.")
    likelihood =
      isFrozen
      ? .gaussian
      : section.choice(
        "likelihood", default: .gaussian,
        "gaussian: values around the decoder's output. bernoulli: 0 or 1, by its logits.")
    let isGaussian = likelihood == .gaussian && !isFrozen
    standardDeviation =
      isGaussian
      ? section.number(
        "standardDeviation", default: 0.1, in: 1e-4...1e4,
        "Standard deviation of the Gaussian likelihood, the same for all values as the nets see them; the initial one if "
          + "it is learned.")
      : frozenDecoder?.standardDeviation ?? 1
    learnsStandardDeviation =
      isGaussian
      && section.boolean("learnStandardDeviation", default: false, "Whether the standard deviation is learned.")
    standardDeviationFloor =
      learnsStandardDeviation
      ? section.number(
        "standardDeviationFloor", default: 1e-3, in: 1e-6...1e4,
        "The least standard deviation that can be learned: the likelihood of constant values has no bound.") : 0
    expectation = section.choice(
      "expectation", default: .sampled,
      "sampled: by draws. closedForm: exactly, for a linear Gaussian decoder. gaussHermite: by a rule.")
    nodes =
      expectation == .gaussHermite
      ? section.integer("nodes", default: 10, in: 2...64, "Nodes of the rule in each latent variable.") : 0
    if expectation == .gaussHermite, latent > 2 {
      section.report("expectation", "gaussHermite is for one or two latent variables, and there are \(latent)")
    }
    samples =
      expectation == .sampled
      ? section.integer(
        "samples", default: 1, in: 1...4096, "Draws for each example; more than one make the bound importance-weighted."
      )
      : 1
    beta = section.number(
      "beta", default: 1, in: 0...1e6, "Weight of the KL term. Other than 1, the objective is not a bound.")
    freeBits = section.number(
      "freeBits", default: 0, in: 0...1e6,
      "Free bits: nats of KL per latent variable that cost nothing. Above 0 the objective is no longer a bound.")
    gapRows = section.integer(
      "gapRows", default: 0, in: 0...1_000_000, affectsResult: false,
      "Examples per split for which the gap is measured at the end of a run.")
    if gapRows > 0, beta != 1 || freeBits != 0 {
      section.report("gapRows", "with beta or freeBits the objective is not a bound, so there is no gap to measure")
    }
    if gapRows > 0, latent > 16 {
      section.report("gapRows", "a gap can be measured with up to 16 latent variables, and there are \(latent)")
    }
    if expectation == .closedForm, !decoder.isEmpty || likelihood != .gaussian {
      section.report("expectation", "closedForm is for a linear decoder, \"decoder\": [], with a Gaussian likelihood")
    }
    if learnsStandardDeviation, standardDeviation <= standardDeviationFloor {
      section.report("standardDeviation", "learning starts above standardDeviationFloor, \(standardDeviationFloor)")
    }
    if samples > 1, beta != 1 || freeBits != 0 {
      section.report("samples", "an importance-weighted bound has no KL term to weigh: leave beta and freeBits out")
    }
  }

  /// Whether the objective is a lower bound of log p(x).
  public var isBound: Bool { beta == 1 && freeBits == 0 }
}

extension VAE {
  /// Reads the section "model" of a config, for examples of any shape.
  public init(_ section: ConfigurationSection, _ data: DataSplit) {
    if case .none = data.training { data.requireExamples("a vae", section) }
    let known = data.distribution as? any DecodedDistribution
    let configuration = VAEConfiguration(
      section, inputs: data.exampleShape.reduce(1, *), decoder: known?.decoder)
    if configuration.likelihood == .bernoulli, data.exampleShape.count != 3 {
      section.report("likelihood", "bernoulli is for binary images, and the data are \(data.name)")
    } else if configuration.likelihood == .bernoulli, !data.isBinary {
      section.report("likelihood", data.notBinary("bernoulli") + ", or \"likelihood\": \"gaussian\"")
    }
    self.init(configuration, exampleShape: data.exampleShape, scaling: data.scaling)
  }
}
