import MinimAutodiff
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// Products with the Jacobian of a field, its eigenvalues, and the regions in which rules converge.
@Suite struct FieldSpectrumTests {
  /// The field by the engine's gradients, on the first examples and the draws of step 0.
  private static func field(_ it: SmallGAN, _ count: Int) throws -> ([Double]) throws -> [Double] {
    let entries = it.model.parameters.entries
    let field = it.model.objective(Batch(count: count, of: it.data)).field(entries.map(\.tensor))
    let rows = try #require(it.data.rows)
    let inputs = [Batch.inputName: rows.values.prefix(2 * count).map(Double.init)]
    return { z in
      var (padded, place) = (it.vector.values, 0)
      for entry in entries {
        for index in entry.range {
          padded[index] = z[place]
          place += 1
        }
      }
      return try evaluate(field, parameters: padded, inputs: inputs, random: (seed: 1, step: 0, firstExample: 0))
        .flatMap { $0 }
    }
  }

  @Test("the transposed Jacobian times a direction is what differences of the field say") func product() throws {
    let it = try SmallGAN(#", "gradientPenalty": 0.5"#)
    let jacobian = try #require(try FieldJacobian(it.model, it.trained, examples: 20))
    let field = try Self.field(it, 20)
    let z = it.model.parameters.entries.flatMap { it.vector[$0] }
    #expect(jacobian.count == z.count)
    let (w, v) = (values(z.count, seed: 5), values(z.count, seed: 6))
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    func at(_ step: Double) throws -> Double { dot(w, try field(zip(z, v).map { $0 + step * $1 })) }
    let difference = try (at(1e-5) - at(-1e-5)) / 2e-5
    #expect(abs(dot(jacobian.transposed(w), v) - difference) < 1e-7 * max(1, abs(difference)))
    // The control: of a game J is not symmetric.
    #expect(abs(dot(jacobian.transposed(v), w) - difference) > 1e-3)
  }

  @Test("all eigenvalues of a small game are those of the whole matrix, and the outermost of a part of it")
  func spectrum()
    throws
  {
    let it = try SmallGAN(#", "gradientPenalty": 0.5"#)
    let jacobian = try #require(try FieldJacobian(it.model, it.trained, examples: 20))
    let n = jacobian.count
    let columns = (0..<n).map { column in jacobian.transposed((0..<n).map { $0 == column ? 1 : 0 }) }
    let exact = try LAPACK.eigenvalues(columns.flatMap { $0 }, n: n)
    let most = exact.map(\.modulus).max() ?? .nan
    for size in [n, 25] {
      let found = try jacobian.eigenvalues(size: size)
      #expect(abs((found.map(\.modulus).max() ?? .nan) - most) < 1e-6 * most)
      #expect(abs((found.map(\.real).min() ?? .nan) - (exact.map(\.real).min() ?? .nan)) < 1e-2 * most)
    }
    #expect(exact.contains { $0.imaginary > 1e-3 * most })
  }

  @Test(
    "a step has modulus 1 on the boundary of its region, less inside and more outside",
    arguments: StabilityRegion.allCases)
  func regions(_ region: StabilityRegion) {
    for (x, y) in region.boundary().joined() {
      #expect(abs(region.modulus(Complex(x, y)) - 1) < 1e-6)
    }
    #expect(region.modulus(Complex(0.3, 0)) < 1 && region.modulus(Complex(2.5, 0)) > 1)
    #expect(region.modulus(Complex(-0.1, 0)) > 1)
  }

  @Test("on the imaginary axis the regions are those of bilinear games") func bilinear() throws {
    let rules: [(StabilityRegion, LinearRule)] = [
      (.simultaneous, LinearRule(rate: 1)), (.extragradient, LinearRule(rate: 1, .momentum(0), .extragradient)),
      (.optimistic, LinearRule(rate: 1, .optimistic)),
    ]
    for (region, rule) in rules {
      for t in [0.1, 0.4, 0.7, 1.2] {
        #expect(abs(region.modulus(Complex(0, t)) - (try GameRates(rule).spectralRadius(t))) < 1e-9)
      }
    }
    #expect(StabilityRegion.optimistic.modulus(Complex(0, 0.577)) < 1)
    #expect(StabilityRegion.optimistic.modulus(Complex(0, 0.578)) > 1)
  }
}
