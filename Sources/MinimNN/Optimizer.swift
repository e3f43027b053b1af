import CMinimKernels
import MinimConfiguration
import MinimKernels

/// A rule that turns a gradient into a step, element by element, with state vectors of the parameters' length.
public protocol Optimizer: Sendable {
  /// The names of its state vectors in a checkpoint.
  var stateNames: [String] { get }

  /// The factors whose powers correct the bias of running means; a step gets them to the power of its number.
  var decayRates: (first: Double, second: Double) { get }

  /// Updates the elements of `block`.
  func update(_ block: Range<Int>, _ vectors: OptimizerVectors, _ step: OptimizerStep)
}

extension Optimizer {
  /// No running means.
  public var decayRates: (first: Double, second: Double) { (0, 0) }

  /// The decay rates to the power of a step, by repeated products: no power function lies on the way to a parameter, and a
  /// resumed run multiplies in the same order.
  public func decays(after steps: Int) -> (first: Double, second: Double) {
    var result = (first: 1.0, second: 1.0)
    for _ in 0..<steps { result = (result.first * decayRates.first, result.second * decayRates.second) }
    return result
  }
}

/// The memory that an optimizer works on.
public struct OptimizerVectors: @unchecked Sendable {
  /// The parameters, which an update changes.
  public let parameters: UnsafeMutableRawPointer
  /// The gradient of the objective.
  public let gradient: UnsafeRawPointer
  /// One vector a state name, in that order.
  public let state: [UnsafeMutableRawPointer]
  /// The kernels of their type.
  public let kernels: KernelTable

  /// Vectors of one length, in the element type of `kernels`; their memory must outlive the updates.
  @_spi(Minim) public init(
    parameters: UnsafeMutableRawPointer, gradient: UnsafeRawPointer, state: [UnsafeMutableRawPointer],
    kernels: KernelTable
  ) {
    self.parameters = parameters
    self.gradient = gradient
    self.state = state
    self.kernels = kernels
  }
}

/// What changes from step to step.
public struct OptimizerStep: Sendable {
  /// The learning rate.
  public let rate: Double
  /// A factor on the gradient: less than 1 when it is clipped.
  public let gradientScale: Double
  /// The optimizer's decay rates to the power of the step.
  public let decays: (first: Double, second: Double)

  /// What a step at this rate needs to know.
  public init(rate: Double, gradientScale: Double, decays: (first: Double, second: Double)) {
    self.rate = rate
    self.gradientScale = gradientScale
    self.decays = decays
  }
}

/// Adam (Kingma and Ba 2015, "Adam: A Method for Stochastic Optimization", algorithm 1), with optional decoupled weight
/// decay (Loshchilov and Hutter 2019).
public struct Adam: Optimizer {
  /// The decay of the mean of the gradient, that of the mean of its square, the constant under the fraction, and the
  /// share of a parameter that a step at rate 1 takes off it.
  public let beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double
  /// The running means of the gradient and of its square.
  public let stateNames = ["firstMoment", "secondMoment"]
  /// The decay rates of the two means.
  public var decayRates: (first: Double, second: Double) { (beta1, beta2) }

  /// The constants of algorithm 1, with its defaults.
  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  /// Reads the section "optimizer" of a config.
  public init(_ section: ConfigurationSection) {
    beta1 = section.number("beta1", default: 0.9, in: 0...0.999999, "Decay of the running mean of the gradient.")
    beta2 = section.number("beta2", default: 0.999, in: 0...0.9999999, "Decay of the running mean of its square.")
    epsilon = section.number("epsilon", default: 1e-8, in: 1e-16...1, "Added to the root of the second moment.")
    weightDecay = section.number(
      "weightDecay", default: 0, in: 0...1, "Decoupled weight decay: each step takes rate * weightDecay * p off p.")
  }

  /// One step of the elements of `block`.
  public func update(_ block: Range<Int>, _ vectors: OptimizerVectors, _ step: OptimizerStep) {
    let offset = block.lowerBound * vectors.kernels.precision.elementSize
    var call = minim_adam(
      parameters: vectors.parameters + offset, first_moment: vectors.state[0] + offset,
      second_moment: vectors.state[1] + offset, gradient: vectors.gradient + offset, count: Int64(block.count),
      rate: step.rate, beta1: beta1, beta2: beta2, epsilon: epsilon, first_correction: 1 / (1 - step.decays.first),
      second_correction: 1 / (1 - step.decays.second), weight_decay: weightDecay, gradient_scale: step.gradientScale)
    vectors.kernels.pointer.pointee.adam(&call)
  }
}

/// Stochastic gradient descent, with momentum as the common frameworks define it: u = momentum u + g, p -= rate u.
public struct SGD: Optimizer {
  /// The share of the last step that is kept, and the weight decay that is added to the gradient.
  public let momentum: Double, weightDecay: Double
  /// The velocity, where there is momentum.
  public var stateNames: [String] { momentum == 0 ? [] : ["velocity"] }

  /// Descent with or without momentum.
  public init(momentum: Double = 0, weightDecay: Double = 0) {
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  /// Reads the section "optimizer" of a config.
  public init(_ section: ConfigurationSection) {
    momentum = section.number("momentum", default: 0, in: 0...0.99999, "Share of the last step that is kept.")
    weightDecay = section.number("weightDecay", default: 0, in: 0...1, "Added to the gradient as weightDecay * p.")
  }

  /// One step of the elements of `block`.
  public func update(_ block: Range<Int>, _ vectors: OptimizerVectors, _ step: OptimizerStep) {
    let offset = block.lowerBound * vectors.kernels.precision.elementSize
    var call = minim_sgd(
      parameters: vectors.parameters + offset, velocity: vectors.state.first.map { $0 + offset },
      gradient: vectors.gradient + offset, count: Int64(block.count), rate: step.rate, momentum: momentum,
      weight_decay: weightDecay, gradient_scale: step.gradientScale)
    vectors.kernels.pointer.pointee.sgd(&call)
  }
}
