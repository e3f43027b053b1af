import MinimKernels
import MinimNN
import Testing

@Suite struct ParameterVectorTests {
  private static func layout(_ parts: [(name: String, shape: [Int], initializer: Initializer)]) -> ParameterLayout {
    let scope = ParameterScope()
    for part in parts { _ = scope.parameter(part.name, shape: part.shape, part.initializer) }
    return scope.layout
  }

  private static func drawn(
    _ layout: ParameterLayout, seed: UInt64, _ precision: Precision = .float64
  ) throws -> [[Double]] {
    let vector = try ParameterVector(layout, precision: precision)
    vector.initialize(seed: seed)
    return layout.entries.map { vector[$0] }
  }

  @Test("padding is zero", arguments: Precision.allCases)
  func paddingIsZero(_ precision: Precision) throws {
    let layout = Self.layout([("a", [3], .constant(2)), ("b", [17], .uniform(bound: 1))])
    let vector = try ParameterVector(layout, precision: precision)
    #expect(vector.values == [Double](repeating: 0, count: 48))
    vector.initialize(seed: 3)
    let values = vector.values
    #expect(values[0..<3] == [2, 2, 2])
    for index in 0..<48 where !layout.entries.contains(where: { $0.range.contains(index) }) {
      #expect(values[index] == 0)
    }
    #expect(values[16..<33].allSatisfy { $0 != 0 })
  }

  @Test func writesOneParameterOnly() throws {
    let layout = Self.layout([("a", [3], .zeros), ("b", [2], .zeros)])
    let vector = try ParameterVector(layout, precision: .float32)
    vector[layout.entries[1]] = [0.1, -7]
    #expect(vector[layout.entries[0]] == [0, 0, 0])
    #expect(vector[layout.entries[1]] == [Double(Float(0.1)), -7])
    #expect(vector.values.filter { $0 != 0 }.count == 2)
  }

  @Test("uniform values keep their bound and their variance")
  func uniformValues() throws {
    for (initializer, bound) in [
      (Initializer.uniform(bound: 0.3), 0.3), (.fanIn(25), 0.2), (.glorot(fanIn: 20, fanOut: 34), 1.0 / 3),
    ] {
      let values = try Self.drawn(Self.layout([("w", [100, 100], initializer)]), seed: 5)[0]
      #expect(values.allSatisfy { abs($0) <= bound })
      #expect((values.map(abs).max() ?? 0) > 0.99 * bound)
      let mean = values.reduce(0, +) / 10_000
      let variance = values.map { $0 * $0 }.reduce(0, +) / 10_000
      // Five standard errors of 10,000 uniforms.
      #expect(abs(mean) < 5 * bound / 3.0.squareRoot() / 100)
      #expect(abs(variance - bound * bound / 3) < 5 * bound * bound * (4.0 / 45).squareRoot() / 100)
    }
  }

  @Test func deviationsOfTheNamedInitialisers() {
    #expect(Initializer.he(8) == .normal(standardDeviation: 0.5))
    #expect(Initializer.fanIn(4) == .uniform(bound: 0.5))
    #expect(Initializer.glorot(fanIn: 2, fanOut: 4) == .uniform(bound: 1))
    #expect(Initializer.fanIn(0) == .uniform(bound: 1))
  }

  @Test("values depend on the seed and the place, not on names, neighbors' shapes or precision")
  func dependsOnSeedAndPlace() throws {
    let uniform = Initializer.uniform(bound: 1)
    let first = try Self.drawn(Self.layout([("a", [4], uniform), ("b", [6], uniform)]), seed: 9)
    #expect(try Self.drawn(Self.layout([("x", [4], uniform), ("y", [6], uniform)]), seed: 9) == first)
    let wider = try Self.drawn(Self.layout([("a", [40, 2], uniform), ("b", [6], uniform)]), seed: 9)
    #expect(wider[1] == first[1])
    #expect(Array(wider[0].prefix(4)) == first[0])
    #expect(first[0] != Array(first[1].prefix(4)))
    #expect(try Self.drawn(Self.layout([("a", [4], uniform)]), seed: 10)[0] != first[0])
    #expect(try Self.drawn(Self.layout([("a", [4], uniform)]), seed: 9 | 1 << 40)[0] != first[0])
    let single = try Self.drawn(Self.layout([("a", [4], uniform)]), seed: 9, .float32)[0]
    #expect(single == first[0].map { Double(Float($0)) })
  }

  @Test func convertsBetweenPrecisions() throws {
    let layout = Self.layout([("a", [19], .uniform(bound: 1))])
    let double = try ParameterVector(layout, precision: .float64)
    double.initialize(seed: 1)
    let single = try double.converted(to: .float32)
    #expect(single.precision == .float32)
    #expect(single.values == double.values.map { Double(Float($0)) })
    #expect(single.values != double.values)
    #expect(try single.converted(to: .float64).values == single.values)
    // A copy, not a view.
    single.values = single.values.map { _ in 0 }
    #expect(double.values.contains { $0 != 0 })
  }
}
