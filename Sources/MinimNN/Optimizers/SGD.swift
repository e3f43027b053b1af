import CMinimKernels
import MinimConfiguration

/// Stochastic gradient descent, with momentum as the common frameworks define it: u = momentum u + g, p -= rate u; in a
/// game momentum may be negative (Gidel et al. 2019, "Negative Momentum for Improved Game Dynamics"). Nesterov's
/// variant (Sutskever, Martens, Dahl and Hinton 2013, "On the importance of initialization and momentum in deep
/// learning", in terms of the look-ahead point) is p -= rate (g + momentum u).
public struct SGD: Optimizer {
  /// The share of the last step that is kept, and the weight decay that is added to the gradient.
  public let momentum: Double, weightDecay: Double
  /// Whether to use Nesterov's variant.
  public let nesterov: Bool
  /// The velocity, if there is momentum.
  public var stateNames: [String] { momentum == 0 ? [] : ["velocity"] }

  /// Creates descent with or without momentum.
  public init(momentum: Double = 0, weightDecay: Double = 0, nesterov: Bool = false) {
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.nesterov = nesterov
  }

  /// Reads the section "optimizer" of a config.
  public init(_ section: ConfigurationSection) {
    momentum = section.number(
      "momentum", default: 0, in: -0.99999...0.99999, "Share of the last step that is kept; below 0 it damps a game.")
    nesterov = section.boolean("nesterov", default: false, "Momentum of Nesterov's kind: p -= rate (g + momentum u).")
    weightDecay = section.number("weightDecay", default: 0, in: 0...1, "Added to the gradient as weightDecay * p.")
    if nesterov, momentum == 0 {
      section.report("nesterov", "expected false if the momentum is 0. Set \"momentum\", usually to 0.9")
    }
  }

  /// Updates the elements of `block`.
  public func update(_ block: Range<Int>, _ vectors: OptimizerVectors, _ step: OptimizerStep) {
    let offset = block.lowerBound * vectors.kernels.precision.elementSize
    var call = minim_sgd(
      parameters: vectors.parameters + offset, velocity: momentum == 0 ? nil : vectors.state[0] + offset,
      gradient: vectors.gradient + offset, count: Int64(block.count), rate: step.rate, momentum: momentum,
      weight_decay: weightDecay, gradient_scale: step.gradientScale, nesterov: nesterov ? 1 : 0,
      shared: vectors.areShared ? 1 : 0)
    vectors.kernels.sgd(&call)
  }
}
