import MinimKernels

/// A rule that turns a gradient into a step, element by element, with state vectors of the parameters' length.
public protocol Optimizer: Sendable {
  /// The names of its state vectors in a checkpoint.
  var stateNames: [String] { get }

  /// Updates the elements of `block`.
  func update(_ block: Range<Int>, _ vectors: OptimizerVectors, _ step: OptimizerStep)
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
  /// The number of updates that the parameters have had, this one included. At 1 the state holds nothing yet.
  public let updates: Int

  /// What a step at this rate needs to know.
  public init(rate: Double, gradientScale: Double, updates: Int) {
    self.rate = rate
    self.gradientScale = gradientScale
    self.updates = updates
  }
}
