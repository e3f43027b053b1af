import MinimConfiguration
import MinimData
import MinimNN

/// The configuration of a field from noise to data.
package struct FlowMatchingConfiguration: Sendable {
  /// The distribution of the times of training.
  package enum Times: String, CaseIterable, Sendable {
    /// Uniform on [0, 1].
    case uniform
    /// 1 / (1 + exp(-z)) of a standard normal z: few near the ends (Esser et al. 2024, "Scaling Rectified Flow
    /// Transformers", section 3.1).
    case logitNormal
    /// 1 - u^2: more near the data.
    case quadratic
  }

  /// The way from noise to data.
  package let path: ProbabilityPath
  /// The distribution of the times of training.
  package let times: Times
  /// The widths of the hidden layers of the net.
  package let hidden: [Int]
  /// The number of frequencies of the time's sines and cosines.
  package let frequencies: Int
  /// The steps of the solver from noise to data.
  package let steps: Int

  /// Reads the section "model".
  ///
  /// - Parameters:
  ///   - section: the section "model".
  ///   - data: the data to learn.
  ///   - isDiffusion: whether the path preserves the variance.
  package init(_ section: ConfigurationSection, _ data: DataSplit, isDiffusion: Bool) {
    path = isDiffusion ? .angle : .linear
    times = section.choice(
      "time", default: Times.uniform,
      "The times of training: uniform, logitNormal (few near the ends) or quadratic (more near the data).")
    hidden = section.integers(
      "hidden", default: [64, 64, 64], in: 1...65_536, count: 0...16, "Widths of the hidden layers of the net.")
    frequencies = section.integer(
      "frequencies", default: 4, in: 0...64, "The net sees the time as sine and cosine of pi k t for k up to this.")
    steps = section.integer("steps", default: 50, in: 2...10_000, "Steps from noise to data, of a fourth-order rule.")
    if case .none = data.training {
      section.report("name", "it learns from examples, and \(data.name) is a density alone")
    }
  }
}
