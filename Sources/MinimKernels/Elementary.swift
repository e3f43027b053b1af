import CMinimKernels

/// Elementary functions of Doubles by the project's own kernels: at most 2 units in the last place from the truth, and the
/// same bits on every CPU with FMA, which no mathematical library promises. Those of one number are for schedules and
/// initialisers, not for loops.
package enum Elementary {
  /// e to the power x.
  package static func exp(_ x: Double) -> Double { apply(MINIM_EXP, x) }
  /// The natural logarithm.
  package static func log(_ x: Double) -> Double { apply(MINIM_LOG, x) }
  /// The decimal logarithm.
  package static func log10(_ x: Double) -> Double { log(x) / log(10) }
  /// log(1 + x), accurate near 0.
  package static func log1p(_ x: Double) -> Double { apply(MINIM_LOG1P, x) }
  /// The hyperbolic tangent.
  package static func tanh(_ x: Double) -> Double { apply(MINIM_TANH, x) }
  /// 1 / (1 + exp(-x)).
  package static func sigmoid(_ x: Double) -> Double { apply(MINIM_SIGMOID, x) }
  /// log(1 + exp(x)).
  package static func softplus(_ x: Double) -> Double { apply(MINIM_SOFTPLUS, x) }
  /// The sine of x radians.
  package static func sin(_ x: Double) -> Double { apply(MINIM_SIN, x) }
  /// The cosine of x radians.
  package static func cos(_ x: Double) -> Double { apply(MINIM_COS, x) }

  /// Replaces every value by its natural logarithm.
  package static func log(_ values: inout [Double]) { apply(MINIM_LOG, to: &values) }
  /// Replaces every value by log(1 + value), accurate near 0.
  package static func log1p(_ values: inout [Double]) { apply(MINIM_LOG1P, to: &values) }
  /// Replaces every value by e to its power.
  package static func exp(_ values: inout [Double]) { apply(MINIM_EXP, to: &values) }

  /// x to a whole power by repeated squaring; the product of at most 2 log2(n) rounded factors.
  package static func power(_ x: Double, _ n: Int) -> Double {
    var result = 1.0
    var square = n < 0 ? 1 / x : x
    var rest = n.magnitude
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }

  /// An unknown `MINIM_KERNELS` is reported where a run starts; here the preferred level serves.
  private static let table = try? KernelTable(level: (try? KernelLevel.current) ?? .preferred, precision: .float64)

  private static func apply(_ primitive: minim_primitive, _ x: Double) -> Double {
    var value = x
    apply(primitive, to: &value, count: 1)
    return value
  }

  private static func apply(_ primitive: minim_primitive, to values: inout [Double]) {
    values.withUnsafeMutableBufferPointer { values in
      if let first = values.baseAddress { apply(primitive, to: first, count: values.count) }
    }
  }

  private static func apply(_ primitive: minim_primitive, to values: UnsafeMutablePointer<Double>, count: Int) {
    guard let table else {
      // Cannot happen: both levels above are ones that this CPU runs.
      return values.update(repeating: .nan, count: count)
    }
    var step = minim_map_step()
    step.primitive = Int32(primitive.rawValue)
    withUnsafePointer(to: &step) { step in
      var call = minim_map()
      call.count = Int64(count)
      call.columns = Int64(count)
      call.operands = 1
      call.steps = 1
      call.step = step
      call.operand.0 = UnsafeMutableRawPointer(values)
      table.map(&call)
    }
  }
}
