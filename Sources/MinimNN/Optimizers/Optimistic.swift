import CMinimKernels
import MinimConfiguration
import MinimKernels

/// Optimistic gradient descent (Daskalakis, Ilyas, Syrgkanis and Zeng 2018, "Training GANs with Optimism", equation 4):
/// a step by the field and once more by its change, p -= rate (2 g - g_before). The first step has no change to add: it
/// is a plain one.
public struct Optimistic: Optimizer {
  /// The gradient of the last step, after clipping.
  public let stateNames = ["lastGradient"]

  /// Creates the rule, which has no constants.
  public init() {}

  /// Reads the section "optimizer" of a config, which has no keys of its own.
  public init(_ section: ConfigurationSection) {}

  /// Updates the elements of `block`.
  public func update(_ block: Range<Int>, _ vectors: OptimizerVectors, _ step: OptimizerStep) {
    let offset = block.lowerBound * vectors.kernels.precision.elementSize
    let (parameters, last) = (vectors.parameters + offset, vectors.state[0] + offset)
    let (gradient, count) = (vectors.gradient + offset, Int64(block.count))
    func keep() {
      var call = minim_weighted_sum(
        a: gradient, b: nil, y: last, count: count, a_weight: step.gradientScale, b_weight: 0, squares: 0, square: 0)
      vectors.kernels.weightedSum(&call)
    }
    if step.updates == 1 { keep() }
    var descent = minim_sgd(
      parameters: parameters, velocity: nil, gradient: gradient, count: count, rate: step.rate, momentum: 0,
      weight_decay: 0, gradient_scale: 2 * step.gradientScale, nesterov: 0, shared: 0)
    vectors.kernels.sgd(&descent)
    var correction = minim_weighted_sum(
      a: parameters, b: last, y: parameters, count: count, a_weight: 1, b_weight: step.rate, squares: 0, square: 0)
    vectors.kernels.weightedSum(&correction)
    keep()
  }
}
