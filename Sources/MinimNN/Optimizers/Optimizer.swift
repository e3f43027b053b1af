import MinimKernels

/// A rule that turns a gradient into a step, with state vectors of the parameters' length.
public protocol Optimizer: Sendable {
  /// The names of its state vectors in a checkpoint.
  var stateNames: [String] { get }

  /// The pieces that an update may be cut into. By default single elements.
  var granularity: OptimizerGranularity { get }

  /// The optimizer with what it needs for the parameters of a layout, such as memory. Called once per engine. By
  /// default the optimizer itself.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  func bound(to layout: ParameterLayout, _ kernels: KernelTable) throws -> any Optimizer

  /// Updates the elements of `block`: any elements, or one whole parameter, as `granularity` says. Blocks of one step are
  /// updated by several threads at once. Nothing may be allocated here.
  func update(_ block: Range<Int>, _ vectors: OptimizerVectors, _ step: OptimizerStep)
}

/// The unit that an optimizer works on.
public enum OptimizerGranularity: Sendable {
  /// Each element by itself.
  case elements
  /// Whole parameters: the update of an element depends on the others.
  case parameters
}

extension Optimizer {
  /// Each element by itself.
  public var granularity: OptimizerGranularity { .elements }

  /// Returns the optimizer itself.
  public func bound(to layout: ParameterLayout, _ kernels: KernelTable) throws -> any Optimizer { self }
}

/// The memory that an optimizer works on.
public struct OptimizerVectors: @unchecked Sendable {
  /// The parameters, which an update changes.
  public let parameters: UnsafeMutableRawPointer
  /// The gradient of the objective.
  public let gradient: UnsafeRawPointer
  /// One vector per state name, in that order. There may be more after them, of an optimizer around this one.
  public let state: [UnsafeMutableRawPointer]
  /// Whether several threads read the parameters between two updates: then they are best written past the caches.
  public let areShared: Bool
  /// The kernels for the elements' type.
  public let kernels: KernelTable

  /// Creates vectors of one length, in the element type of `kernels`; their memory must outlive the updates.
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

/// The values that change from step to step.
public struct OptimizerStep: Sendable {
  /// The learning rate.
  public let rate: Double
  /// A factor on the gradient: less than 1 when it is clipped.
  public let gradientScale: Double
  /// The number of updates of the parameters, including this one. At 1 the state holds nothing yet.
  public let updates: Int

  /// Creates the values of one step.
  public init(rate: Double, gradientScale: Double, updates: Int) {
    self.rate = rate
    self.gradientScale = gradientScale
    self.updates = updates
  }
}
