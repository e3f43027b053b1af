import CMinimKernels
import MinimAutodiff
import MinimConfiguration
import MinimKernels

/// Muon (Jordan 2024, "Muon: An optimizer for hidden layers in neural networks"): Nesterov momentum whose direction is
/// made orthogonal for every matrix, p -= rate sqrt(max(1, rows / columns)) O(g + momentum v). Parameters of fewer than
/// two axes take Adam's steps at a rate of their own. A tensor of more axes is treated as the matrix [all axes but the
/// last, last axis]: the weight of a convolution maps the values of its window to channels.
public struct Muon: Optimizer {
  /// The share of the last direction that is kept.
  public let momentum: Double
  /// The share of a matrix that a step at rate 1 subtracts from it.
  public let weightDecay: Double
  /// Adam for parameters that are not matrices, and its rate as a multiple of the learning rate.
  public let adam: Adam, adamRate: Double
  /// The velocity of a matrix, or Adam's first mean; Adam's second mean.
  public let stateNames = ["firstMoment", "secondMoment"]
  /// Whole parameters: a matrix is made orthogonal as one.
  public let granularity = OptimizerGranularity.parameters
  /// The matrices by the first element of their parameter; nil before the optimizer is bound.
  private var matrices: [Int: NewtonSchulz]?

  /// Creates the rule with the constants of the paper, and Adam for other parameters.
  public init(momentum: Double = 0.95, weightDecay: Double = 0, adam: Adam = Adam(), adamRate: Double = 0.15) {
    (self.momentum, self.weightDecay, self.adam, self.adamRate) = (momentum, weightDecay, adam, adamRate)
  }

  /// Reads the section "optimizer" of a config.
  public init(_ section: ConfigurationSection) {
    self.init(
      momentum: section.number("momentum", default: 0.95, in: 0...0.99999, "Share of the last direction that is kept."),
      weightDecay: section.number(
        "weightDecay", default: 0, in: 0...1, "Decoupled: each step takes rate * weightDecay * p off a matrix p."),
      adam: Adam(section),
      adamRate: section.number(
        "adamRate", default: 0.15, in: 0...1e3,
        "Step size of Adam, for parameters that are not matrices, as a multiple of learningRate."))
  }

  /// The optimizer with a plan and memory for each matrix of a layout.
  public func bound(to layout: ParameterLayout, _ kernels: KernelTable) throws -> any Optimizer {
    var copy = self
    var matrices: [Int: NewtonSchulz] = [:]  // never iterated
    for entry in layout.entries where entry.shape.count >= 2 && entry.shape.elementCount > 0 {
      let columns = entry.shape[entry.shape.count - 1]
      matrices[entry.offset] = try NewtonSchulz(
        rows: entry.shape.elementCount / columns, columns: columns, kernels)
    }
    copy.matrices = matrices
    return copy
  }

  /// Updates the parameter at `block`.
  public func update(_ block: Range<Int>, _ vectors: OptimizerVectors, _ step: OptimizerStep) {
    guard let matrix = matrices?[block.lowerBound] else {
      let own = OptimizerStep(
        rate: step.rate * adamRate, gradientScale: step.gradientScale, updates: step.updates)
      return adam.update(block, vectors, own)
    }
    let offset = block.lowerBound * vectors.kernels.precision.elementSize
    let (parameters, velocity) = (vectors.parameters + offset, vectors.state[0] + offset)
    let gradient = vectors.gradient + offset
    let (kernels, count) = (vectors.kernels, block.count)
    Self.sum(
      gradient, step.gradientScale, velocity, step.updates == 1 ? 0 : momentum, to: velocity, count, kernels)
    Self.sum(gradient, step.gradientScale, velocity, momentum, to: matrix.input, count, kernels)
    matrix.run()
    Self.sum(
      parameters, 1 - step.rate * weightDecay, matrix.result.pointer, -step.rate * matrix.scale, to: parameters, count,
      kernels)
  }

  /// c = x a + y b
  private static func sum(
    _ a: UnsafeRawPointer, _ x: Double, _ b: UnsafeRawPointer, _ y: Double, to c: UnsafeMutableRawPointer, _ count: Int,
    _ kernels: KernelTable
  ) {
    var call = minim_weighted_sum(
      a: a, b: b, y: c, count: Int64(count), a_weight: x, b_weight: y, squares: 0, square: 0)
    kernels.weightedSum(&call)
  }
}
