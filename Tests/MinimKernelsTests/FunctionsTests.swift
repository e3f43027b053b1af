import CMinimKernels
import Glibc
import MinimKernels
import Testing

#if arch(x86_64)
  /// A function, its reference in extended precision, and the range of a dense sweep.
  private struct Function: Sendable {
    let name: String, primitive: minim_primitive, range: ClosedRange<Double>
    let reference: @Sendable (Float80) -> Float80
    let referenceInDouble: @Sendable (Double) -> Double
  }

  private let functions: [Function] = [
    .init(name: "exp", primitive: MINIM_EXP, range: -750...715, reference: { exp($0) }, referenceInDouble: { exp($0) }),
    .init(name: "log", primitive: MINIM_LOG, range: 0...10, reference: { log($0) }, referenceInDouble: { log($0) }),
    .init(
      name: "log1p", primitive: MINIM_LOG1P, range: -1...10, reference: { log1p($0) }, referenceInDouble: { log1p($0) }),
    .init(
      name: "tanh", primitive: MINIM_TANH, range: -24...24, reference: { tanh($0) }, referenceInDouble: { tanh($0) }),
    .init(
      name: "sigmoid", primitive: MINIM_SIGMOID, range: -750...100,
      reference: { $0 > 0 ? 1 / (1 + exp(-$0)) : exp($0) / (1 + exp($0)) },
      referenceInDouble: { $0 > 0 ? 1 / (1 + exp(-$0)) : exp($0) / (1 + exp($0)) }),
    .init(
      name: "softplus", primitive: MINIM_SOFTPLUS, range: -750...100,
      reference: { $0 > 0 ? $0 + log1p(exp(-$0)) : log1p(exp($0)) },
      referenceInDouble: { $0 > 0 ? $0 + log1p(exp(-$0)) : log1p(exp($0)) }),
    .init(name: "sin", primitive: MINIM_SIN, range: -100...100, reference: { sin($0) }, referenceInDouble: { sin($0) }),
    .init(name: "cos", primitive: MINIM_COS, range: -100...100, reference: { cos($0) }, referenceInDouble: { cos($0) }),
  ]

  @Suite struct FunctionsTests {
    /// A dense sweep of the range that matters, one of [-1, 1], every exponent of both signs, and special values.
    private static func inputs<E: KernelElement>(_ type: E.Type, _ range: ClosedRange<Double>) -> [E] {
      let count = 40001
      var x = (0..<count).map {
        E(range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count))
      }
      x += (0..<count).map { E(-1 + 2 * Double($0) / Double(count)) }
      x += (0..<count).map { E(-110 + 220 * Double($0) / Double(count)) }
      var numbers = TestNumbers(3)
      for exponent in Int(E.leastNonzeroMagnitude.exponent)...Int(E.greatestFiniteMagnitude.exponent) {
        for _ in 0..<16 {
          let value = E(
            sign: .plus, exponent: E.Exponent(exponent),
            significand: 1 + E(Double.random(in: 0..<1, using: &numbers)))
          x.append(value)
          x.append(-value)
        }
      }
      let special: [E] = [0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, .leastNormalMagnitude]
      let edges: [E] = [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, E(1).nextDown, E(-1).nextUp]
      x += special + edges
      return x
    }

    /// The greatest error in units of the last place of the true result; infinite where a special value is wrong.
    private static func error<E: KernelElement, R: BinaryFloatingPoint>(
      _ x: [E], _ y: [E], _ round: (R) -> E, _ reference: (E) -> R
    ) -> (ulp: Double, at: E) {
      var worst = (ulp: 0.0, at: E(0))
      for (x, y) in zip(x, y) {
        let truth = reference(x)
        let rounded = round(truth)
        var ulp = Double.infinity
        if rounded.isNaN || y.isNaN || rounded.isInfinite || y.isInfinite {
          if rounded.isNaN && y.isNaN || rounded == y { ulp = 0 }
        } else if rounded == 0 && y == 0 {
          if rounded.sign == y.sign { ulp = 0 }
        } else {
          ulp = Double(abs(R(y) - truth) / R(rounded.magnitude.ulp))
        }
        if ulp > worst.ulp { worst = (ulp, x) }
      }
      return worst
    }

    @Test func floatIsWithinFourUnits() throws {
      for table in try tables(Float.self) {
        for f in functions {
          let x = Self.inputs(Float.self, f.range)
          let worst = Self.error(x, apply(f.primitive, x, table), { Float($0) }, { f.referenceInDouble(Double($0)) })
          #expect(worst.ulp <= 4, "\(table.level) \(f.name) at \(worst.at)")
        }
      }
    }

    @Test func doubleIsWithinTwoUnits() throws {
      for table in try tables(Double.self) {
        for f in functions {
          let x = Self.inputs(Double.self, f.range)
          let worst = Self.error(x, apply(f.primitive, x, table), { Double($0) }, { f.reference(Float80($0)) })
          #expect(worst.ulp <= 2, "\(table.level) \(f.name) at \(worst.at)")
        }
      }
    }

    @Test func theMeasureSeesAWrongUnit() throws {
      let table = try KernelTable(level: .baseline, precision: .float32)
      let x: [Float] = [0.5, 1.5, -3]
      var y = apply(MINIM_EXP, x, table)
      y[1] += 6 * y[1].ulp
      #expect(Self.error(x, y, { Float($0) }, { exp(Double($0)) }).ulp > 4)
    }
  }
#endif

@Suite struct LevelTests {
  @Test func fusedLevelsGiveTheSameBits() throws {
    func check<E: KernelElement>(_ type: E.Type) throws {
      let fused = try tables(type).filter(\.level.isFused)
      var numbers = TestNumbers(17)
      let x: [E] = (0..<20011).map { _ in
        E(Double.random(in: -1...1, using: &numbers) * pow(2, Double.random(in: -30...30, using: &numbers)))
      }
      for primitive in MINIM_EXP.rawValue...MINIM_COS.rawValue {
        let results = fused.map { bits(apply(minim_primitive(primitive), x, $0)) }
        #expect(results.allSatisfy { $0 == results[0] }, "\(type) primitive \(primitive)")
      }
    }
    try check(Float.self)
    try check(Double.self)
  }
}
