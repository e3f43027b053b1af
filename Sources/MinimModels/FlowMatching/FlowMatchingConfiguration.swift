import MinimConfiguration
import MinimData
import MinimKernels
import MinimNN

/// The configuration of a field from noise to data.
package struct FlowMatchingConfiguration: Sendable {
  /// The distribution of the times of training.
  package enum Times: String, CaseIterable, Sendable {
    /// Uniform on [0, 1].
    case uniform
    /// Uniform on [0, 1], spread evenly over the examples of a step.
    case stratified
    /// 1 / (1 + exp(-z)) of a standard normal z: few near the ends (Esser et al. 2024, "Scaling Rectified Flow
    /// Transformers", section 3.1).
    case logitNormal
    /// 1 - u^2: more near the data.
    case quadratic

    /// The time at a uniform number u.
    func quantile(_ u: Double) -> Double {
      switch self {
      case .uniform, .stratified: u
      case .quadratic: 1 - u * u
      case .logitNormal: Elementary.sigmoid(Statistics.normalQuantile(min(max(u, 1e-12), 1 - 1e-12)))
      }
    }
  }

  /// Which noise an example of training meets.
  package enum Coupling: String, CaseIterable, Sendable {
    /// Any: noise and data are independent.
    case independent
    /// The nearest in a group of examples, so that ways hardly cross, see `Pairing`.
    case minibatchTransport
  }

  /// Whether the path preserves the variance.
  package let isDiffusion: Bool
  /// The way from noise to data.
  package let path: ProbabilityPath
  /// What the net predicts.
  package let predicted: FieldPrediction
  /// The distribution of the times of training.
  package let times: Times
  /// Which noise an example of training meets.
  package let coupling: Coupling
  /// The number of examples that are paired together.
  package let pairedExamples: Int
  /// The number of classes that the field is given; 0 if it is given none.
  package let classes: Int
  /// The share of examples whose class training hides.
  package let labelDropout: Double
  /// w in (1 + w) v(x, t, class) - w v(x, t), which samples of a class follow (Ho and Salimans 2022, "Classifier-Free Diffusion
  /// Guidance").
  package let guidance: Double
  /// The widths of the hidden layers of the net.
  package let hidden: [Int]
  /// The number of frequencies of the time's sines and cosines.
  package let frequencies: Int
  /// The steps of the solver from noise to data.
  package let steps: Int
  /// The rule of a step.
  package let solver: SolverRule
  /// The noise that samples meet on their way, r of `FieldSampler`; 0 for the flow.
  package let samplerNoise: Double

  private static func diffusionPath(_ section: ConfigurationSection) -> ProbabilityPath {
    let paths = [ProbabilityPath.angle, .betaLinear].map(\.rawValue)
    let name = section.choice(
      "path", of: paths, default: paths[0],
      "How noise becomes data: angle (alpha = sin, sigma = cos of pi t / 2) or betaLinear (noise at a linear rate).")
    return ProbabilityPath(rawValue: name) ?? .angle
  }

  /// Reads the section "model".
  ///
  /// - Parameters:
  ///   - section: the section "model".
  ///   - data: the data to learn.
  ///   - isDiffusion: whether the path preserves the variance.
  package init(_ section: ConfigurationSection, _ data: DataSplit, isDiffusion: Bool) {
    self.isDiffusion = isDiffusion
    path = isDiffusion ? Self.diffusionPath(section) : .linear
    predicted = section.choice(
      "predict", default: FieldPrediction.velocity,
      "What the net predicts, and errors count in: velocity, noise or data.")
    times = section.choice(
      "time", default: Times.uniform,
      "The times of training: uniform, stratified (uniform, even over a step), logitNormal (few near the ends) or "
        + "quadratic (more near the data).")
    coupling =
      isDiffusion
      ? .independent
      : section.choice(
        "coupling", default: Coupling.independent,
        "Which noise an example of training meets: independent (any) or minibatchTransport (the nearest in a group).")
    pairedExamples =
      isDiffusion
      ? 1
      : section.integer(
        "pairedExamples", default: 64, in: 2...4096, "The examples of a group of minibatchTransport, of one step.")
    hidden = section.integers(
      "hidden", default: [64, 64, 64], in: 1...65_536, count: 0...16, "Widths of the hidden layers of the net.")
    frequencies = section.integer(
      "frequencies", default: 4, in: 0...64, "The net sees the time as sine and cosine of pi k t for k up to this.")
    steps = section.integer("steps", default: 50, in: 2...10_000, "Steps from noise to data.")
    solver = section.choice(
      "solver", default: SolverRule.rungeKutta, "The rule of a step: euler, heun or rungeKutta, of order 1, 2 and 4.")
    samplerNoise = section.number(
      "samplerNoise", default: 0, in: 0...100,
      "Noise that samples meet on their way, by Euler's steps: 0 for none, 1 for as much as they come with.")
    let isConditional = section.boolean(
      "conditional", default: false, "Whether the field is one of examples given their class.")
    classes = isConditional ? data.classes : 0
    labelDropout = section.number(
      "labelDropout", default: 0.1, in: 0...1, "The share of examples whose class training hides, if there are classes."
    )
    guidance = section.number(
      "guidance", default: 0, in: -1...100,
      "w in (1 + w) v(x, t, class) - w v(x, t), which samples of a class follow; 0 for no guidance.")
    if isConditional, data.classes == 0 {
      section.report("conditional", "the data have no labels. Give them with \"data.labels\", or leave this out")
    }
    if guidance != 0, !isConditional {
      section.report("guidance", "guidance is toward a class. Add \"conditional\": true, or leave this out")
    }
    reportCoupling(section)
    if case .none = data.training {
      section.report("name", "it learns from examples, and \(data.name) is a density alone")
    }
  }

  /// Reports what pairs of noise and data exclude.
  private func reportCoupling(_ section: ConfigurationSection) {
    guard coupling == .minibatchTransport else { return }
    if classes > 0 {
      section.report("coupling", "the noise would depend on the class. Leave \"conditional\" out, or this")
    }
    if samplerNoise != 0 {
      section.report(
        "samplerNoise", "the field of paired noise does not know the score. Leave this out, or \"coupling\"")
    }
  }
}
