import MinimKernels

/// A rule that turns a gradient into a step, element by element, with state vectors of the parameters' length.
public protocol Optimizer: Sendable {
  /// The names of its state vectors in a checkpoint.
  var stateNames: [String] { get }

  /// The factors whose powers correct the bias of running means; a step gets them to the power of its number.
  var decayRates: Decays { get }

  /// Updates the elements of `block`.
  func update(_ block: Range<Int>, _ vectors: OptimizerVectors, _ step: OptimizerStep)
}

extension Optimizer {
  /// No running means.
  public var decayRates: Decays { Decays() }

  /// The decay rates to the power of a step, by repeated products: no power function lies on the way to a parameter, and a
  /// resumed run multiplies in the same order.
  public func decays(after steps: Int) -> Decays {
    let rates = decayRates
    var result = Decays.one
    for _ in 0..<steps { result.advance(by: rates) }
    return result
  }
}

/// A factor for each running mean that a step updates: decay rates, or their powers; 0 where there is no such mean.
public struct Decays: Sendable, Hashable {
  /// Of the gradient's mean, of the mean of its square, and of the average of the parameters.
  public var first: Double, second: Double, average: Double

  /// Factors, 0 by default.
  public init(first: Double = 0, second: Double = 0, average: Double = 0) {
    self.first = first
    self.second = second
    self.average = average
  }

  /// The powers before the first step.
  public static let one = Decays(first: 1, second: 1, average: 1)

  /// The powers of the `turn`-th of `turns` equal parts of a step, where these are those of the step: for parameters that are
  /// updated so many times a step.
  func powers(turn: Int, of turns: Int, rates: Decays) -> Decays {
    func power(_ decay: Double, _ rate: Double) -> Double {
      guard turns > 1, rate > 0 else { return decay }
      var (result, behind) = (decay, 1.0)
      for _ in 1..<turns { result *= decay }
      for _ in turn..<turns { behind *= rate }
      return result / behind
    }
    return Decays(
      first: power(first, rates.first), second: power(second, rates.second), average: power(average, rates.average))
  }

  /// Goes on from the powers of one step to those of the next.
  public mutating func advance(by rates: Decays) {
    first *= rates.first
    second *= rates.second
    average *= rates.average
  }
}

/// The memory that an optimizer works on.
public struct OptimizerVectors: @unchecked Sendable {
  /// The parameters, which an update changes.
  public let parameters: UnsafeMutableRawPointer
  /// The gradient of the objective.
  public let gradient: UnsafeRawPointer
  /// One vector a state name, in that order; there may be more behind, of an optimizer around this one.
  public let state: [UnsafeMutableRawPointer]
  /// Whether several threads read the parameters between two updates: they are then best written past the caches.
  public let areShared: Bool
  /// The kernels of their type.
  public let kernels: KernelTable

  /// Vectors of one length, in the element type of `kernels`; their memory must outlive the updates.
  @_spi(Minim) public init(
    parameters: UnsafeMutableRawPointer, gradient: UnsafeRawPointer, state: [UnsafeMutableRawPointer],
    areShared: Bool = false, kernels: KernelTable
  ) {
    self.parameters = parameters
    self.gradient = gradient
    self.state = state
    self.areShared = areShared
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
  public let decays: Decays
  /// Whether nothing was done before: what the state holds is then not to be read.
  public let isFirst: Bool

  /// What a step at this rate needs to know.
  public init(rate: Double, gradientScale: Double, decays: Decays, isFirst: Bool = false) {
    self.isFirst = isFirst
    self.rate = rate
    self.gradientScale = gradientScale
    self.decays = decays
  }
}
