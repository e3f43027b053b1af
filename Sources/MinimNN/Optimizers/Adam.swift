import CMinimKernels
import MinimConfiguration
import MinimKernels

/// Adam (Kingma and Ba 2015, "Adam: A Method for Stochastic Optimization", algorithm 1), with optional decoupled weight
/// decay (Loshchilov and Hutter 2019).
public struct Adam: Optimizer {
  /// The decay of the gradient's mean, the decay of the mean of its square, the constant in the denominator, and the
  /// share of a parameter that a step at rate 1 subtracts from it.
  public let beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double
  /// The running means of the gradient and of its square.
  public let stateNames = ["firstMoment", "secondMoment"]

  /// Creates the rule with the constants of algorithm 1, by default those of the paper.
  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  /// Reads the section "optimizer" of a config, without weight decay.
  public init(_ section: ConfigurationSection) { self.init(section, weightDecay: 0) }

  /// Reads the section "optimizer" of a config, with weight decay: AdamW.
  public static func withWeightDecay(_ section: ConfigurationSection) -> Adam {
    let means = Adam(section)
    let decay = section.number(
      "weightDecay", default: 0.01, in: 0...1, "Decoupled: each step takes rate * weightDecay * p off p.")
    return Adam(beta1: means.beta1, beta2: means.beta2, epsilon: means.epsilon, weightDecay: decay)
  }

  private init(_ section: ConfigurationSection, weightDecay: Double) {
    beta1 = section.number("beta1", default: 0.9, in: 0...0.999999, "Decay of the running mean of the gradient.")
    beta2 = section.number("beta2", default: 0.999, in: 0...0.9999999, "Decay of the running mean of its square.")
    epsilon = section.number("epsilon", default: 1e-8, in: 1e-16...1, "Added to the root of the second moment.")
    self.weightDecay = weightDecay
  }

  /// Updates the elements of `block`.
  public func update(_ block: Range<Int>, _ vectors: OptimizerVectors, _ step: OptimizerStep) {
    let offset = block.lowerBound * vectors.kernels.precision.elementSize
    var call = minim_adam(
      parameters: vectors.parameters + offset, first_moment: vectors.state[0] + offset,
      second_moment: vectors.state[1] + offset, gradient: vectors.gradient + offset, count: Int64(block.count),
      rate: step.rate, beta1: beta1, beta2: beta2, epsilon: epsilon,
      first_correction: 1 / (1 - Elementary.power(beta1, step.updates)),
      second_correction: 1 / (1 - Elementary.power(beta2, step.updates)), weight_decay: weightDecay,
      gradient_scale: step.gradientScale,
      shared: vectors.areShared ? 1 : 0)
    vectors.kernels.adam(&call)
  }
}
