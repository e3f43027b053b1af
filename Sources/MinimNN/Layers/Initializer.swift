import MinimKernels

/// The initial values of a parameter.
public enum Initializer: Sendable, Equatable {
  case zeros
  case constant(Double)
  /// Uniform on [-bound, bound].
  case uniform(bound: Double)
  /// Normal with mean 0.
  case normal(standardDeviation: Double)
  /// Given values, row-major, such as those computed from the data.
  case values([Double])

  /// Uniform with variance 1 / (3 fanIn): the linear layers' default of the common frameworks (LeCun et al. 1998,
  /// "Efficient BackProp", up to the constant).
  public static func fanIn(_ count: Int) -> Initializer { .uniform(bound: 1 / Double(max(1, count)).squareRoot()) }

  /// Normal with variance 2 / fanIn, which keeps the variance through ReLUs (He et al. 2015).
  public static func he(_ fanIn: Int) -> Initializer {
    .normal(standardDeviation: (2 / Double(max(1, fanIn))).squareRoot())
  }

  /// Uniform with variance 2 / (fanIn + fanOut) (Glorot and Bengio 2010).
  public static func glorot(fanIn: Int, fanOut: Int) -> Initializer {
    .uniform(bound: (6 / Double(max(1, fanIn + fanOut))).squareRoot())
  }

  /// `count` values, a function of the key alone.
  package func values(count: Int, key: RandomKey) -> [Double] {
    switch self {
    case .zeros: [Double](repeating: 0, count: count)
    case .constant(let value): [Double](repeating: value, count: count)
    case .uniform(let bound): (0..<count).map { (2 * key.uniform(at: UInt64($0)) - 1) * bound }
    case .normal(let deviation): (0..<count).map { key.normal(at: UInt64($0)) * deviation }
    case .values(let values): values
    }
  }
}
