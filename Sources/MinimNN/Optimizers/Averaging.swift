import CMinimKernels
import MinimAutodiff
import MinimKernels

/// An optimizer that also keeps the running average of the parameters after each step (Polyak and Juditsky 1992,
/// "Acceleration of stochastic approximation by averaging"; exponentially weighted as by Adam's authors, Kingma and Ba
/// 2015, section 7.2):
///   a_t = a_{t-1} + (1 - d) / (1 - d^t) (p_t - a_{t-1}).
/// This is Adam's mean of p_1 ... p_t with its bias corrected, a_t = m_t / (1 - d^t) with m_t = d m_{t-1} + (1 - d) p_t:
/// substitute m_{t-1} = (1 - d^{t-1}) a_{t-1}, and use d - d^t = (1 - d^t) - (1 - d). The average needs no correction
/// where it is used, and a_1 = p_1 whatever the vector held before.
///
/// In Float a difference p - a below about 6e-8 |a| / (1 - d) is rounded away: the nearer d is to 1, the more the
/// average lags.
public struct Averaged: Optimizer {
  /// The optimizer that makes the steps.
  public let base: any Optimizer
  /// The decay d of the average, in 0 ..< 1.
  public let decay: Double
  /// The base's names, followed by that of the average.
  public let stateNames: [String]

  /// The name of the average among the state vectors.
  public static let stateName = "average"

  /// Creates an optimizer that averages the parameters of `base`.
  public init(_ base: any Optimizer, decay: Double) {
    require((0..<1).contains(decay), "the decay of an average is at least 0 and below 1, not \(decay)")
    require(!base.stateNames.contains(Self.stateName), "the average is taken already")
    self.base = base
    self.decay = decay
    stateNames = base.stateNames + [Self.stateName]
  }

  /// The granularity of the base.
  public var granularity: OptimizerGranularity { base.granularity }

  /// The optimizer with its base bound.
  public func bound(to layout: ParameterLayout, _ kernels: KernelTable) throws -> any Optimizer {
    Averaged(try base.bound(to: layout, kernels), decay: decay)
  }

  /// Updates the elements of `block`, and their average.
  public func update(_ block: Range<Int>, _ vectors: OptimizerVectors, _ step: OptimizerStep) {
    base.update(block, vectors, step)
    let offset = block.lowerBound * vectors.kernels.precision.elementSize
    var call = minim_average(
      average: vectors.state[stateNames.count - 1] + offset, values: vectors.parameters + offset,
      count: Int64(block.count), weight: (1 - decay) / (1 - Elementary.power(decay, step.updates)))
    vectors.kernels.average(&call)
  }
}
