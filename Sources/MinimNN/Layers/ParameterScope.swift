import MinimKernels
import MinimAutodiff

/// Hands out parameters to a model's layers, by path, shape and initializer. The paths become the names in a
/// checkpoint. A scope of fixed values hands out constants instead, so that layers can be used without training them.
public final class ParameterScope {
  private final class Registry {
    var entries: [ParameterLayout.Entry] = []
    var count = 0
    let fixed: ParameterVector?
    let stopped: ParameterLayout?

    init(fixed: ParameterVector? = nil, stopped: ParameterLayout? = nil) {
      self.fixed = fixed
      self.stopped = stopped
    }
  }

  private let registry: Registry
  private let prefix: String

  private init(_ registry: Registry, prefix: String) {
    self.registry = registry
    self.prefix = prefix
  }

  /// Creates an empty scope.
  public convenience init() { self.init(Registry(), prefix: "") }

  /// Creates a scope whose parameters are constants, with the values that `vector` now has at the same paths. Its
  /// layout stays empty: no gradient of them is computed, and no optimizer moves them.
  public convenience init(fixedAt vector: ParameterVector) { self.init(Registry(fixed: vector), prefix: "") }

  /// The scope at the same path that hands out the existing parameters behind a stop-gradient: they have the same
  /// values in every step, and are not trained through it. Its layout stays empty.
  public var stopping: ParameterScope { ParameterScope(Registry(stopped: layout), prefix: prefix) }

  /// A scope below this one: its paths begin with `name.`.
  public func scope(_ name: String) -> ParameterScope {
    ParameterScope(registry, prefix: prefix + name + ".")
  }

  /// A new parameter at the end of the vector, or its value if parameters are fixed.
  public func parameter(_ name: String, shape: Shape, _ initializer: Initializer) -> Tensor {
    let path = prefix + name
    if case .values(let values) = initializer {
      require(values.count == shape.elementCount, "\(path) of shape \(shape) cannot start from \(values.count) values")
    }
    if let fixed = registry.fixed { return Self.constant(path, shape, fixed) }
    if let stopped = registry.stopped { return stopGradient(Self.entry(path, shape, stopped).tensor) }
    require(!registry.entries.contains { $0.path == path }, "two parameters are called \(path)")
    let offset = registry.count
    let tensor = Tensor.parameter(path, shape: shape, offset: offset)
    registry.entries.append(
      ParameterLayout.Entry(path: path, shape: shape, offset: offset, initializer: initializer, tensor: tensor))
    // Each parameter starts on a cache line of its own, in Float and in Double.
    registry.count += padded(shape.elementCount)
    return tensor
  }

  private static func constant(_ path: String, _ shape: Shape, _ vector: ParameterVector) -> Tensor {
    .constant(vector[entry(path, shape, vector.layout)], shape: shape)
  }

  private static func entry(_ path: String, _ shape: Shape, _ layout: ParameterLayout) -> ParameterLayout.Entry {
    guard let entry = layout.entries.first(where: { $0.path == path }), entry.shape == shape else {
      mistake("no parameter of shape \(shape) is called \(path)")
    }
    return entry
  }

  /// The layout of everything that was asked for so far.
  public var layout: ParameterLayout { ParameterLayout(entries: registry.entries, count: registry.count) }
}

/// The places of parameters in a vector.
public struct ParameterLayout: Sendable {
  /// One parameter.
  public struct Entry: Sendable {
    /// The name in checkpoints: the scopes and its own, joined by dots.
    public let path: String
    /// The extents.
    public let shape: Shape
    /// The first element in the vector.
    public let offset: Int
    /// The initial values.
    public let initializer: Initializer
    /// The node that represents it in expressions.
    public let tensor: Tensor

    /// The elements of the vector that hold it.
    public var range: Range<Int> { offset..<offset + shape.elementCount }
  }

  /// The parameters, in the order of their places.
  public let entries: [Entry]
  /// The length of the vector, padding included.
  public let count: Int

  /// The number of trained values.
  public var parameterCount: Int { entries.reduce(0) { $0 + $1.shape.elementCount } }
}
