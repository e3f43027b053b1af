import MinimAutodiff
import MinimNN
import TestSupport
import Testing

@Suite struct ActNormTests {
  /// Rows of different means and spreads, and dependent.
  private static let rows = TestSupport.rows(values(400, seed: 1), 4).map { u in
    [3 * u[0] + 5, 0.01 * u[1] - 2, 40 * u[2] + 10 * u[0], u[3] * u[3]]
  }

  private static func areNormal(_ rows: [[Double]], _ tolerance: Double = 1e-12) -> Bool {
    let (mean, covariance) = moments(rows)
    return mean.indices.allSatisfy { abs(mean[$0]) < tolerance && abs(covariance[$0][$0] - 1) < tolerance }
  }

  private static func through(
    _ f: any Bijector, _ direction: Direction, _ rows: [[Double]], _ vector: ParameterVector
  ) throws -> [[Double]] {
    let y = f.through(direction, .input("x", shape: [rows.count, rows[0].count])).0
    let found = try evaluate([y], parameters: vector.values, inputs: ["x": rows.flatMap { $0 }])[0]
    return TestSupport.rows(found, rows[0].count)
  }

  @Test("its initialisers normalize the data", arguments: [Direction.forward, .inverse])
  func initialisers(_ direction: Direction) throws {
    let scope = ParameterScope()
    let norm = ActNorm(scope, dimensions: 4, normalizing: Self.rows, direction)
    let vector = try ParameterVector(scope.layout, precision: .float64)
    vector.initialize(seed: 9)
    #expect(Self.areNormal(try Self.through(norm, direction, Self.rows, vector)))
    // The controls: rows as they are, and those that go the other way.
    #expect(!Self.areNormal(Self.rows, 0.1))
    #expect(!Self.areNormal(try Self.through(norm, direction.reversed, Self.rows, vector), 0.1))
  }

  @Test("in Float too, to its own digits") func float() throws {
    let scope = ParameterScope()
    let norm = ActNorm(scope, dimensions: 4, normalizing: Self.rows)
    let vector = try ParameterVector(scope.layout, precision: .float32)
    vector.initialize(seed: 9)
    #expect(Self.areNormal(try Self.through(norm, .forward, Self.rows, vector), 1e-3))
  }

  @Test("each of a chain starts behind what comes before it, either way", arguments: [Direction.forward, .inverse])
  func chain(_ direction: Direction) throws {
    let scope = ParameterScope()
    func norm(_ name: String) -> ActNorm { ActNorm(scope.scope(name), dimensions: 4) }
    let norms = [norm("a"), norm("b"), norm("c")]
    let parts: [any Bijector] = [
      norms[0], AffineCoupling(scope.scope("d"), .half(4), hidden: [5], .tanh), Inverse(norms[1]),
      Permutation.reversal(4), Chain([Affine(scope.scope("e"), dimensions: 4), norms[2]]),
    ]
    let vector = try ParameterVector(scope.layout, precision: .float64)
    let seeds = (0..<vector.layout.entries.count).map(UInt64.init)
    for (entry, seed) in zip(vector.layout.entries, seeds) {
      vector[entry] = values(entry.shape.elementCount, seed: seed).map { 0.5 * $0 }
    }
    let before = vector.values
    let result = try Chain(parts).start(vector, from: Self.rows, direction)

    // Behind each of them: part after part, in the order of the direction.
    var (rows, checked) = (Self.rows, 0)
    let flat: [any Bijector] = Array(parts.dropLast()) + [Affine(fixed(vector, "e"), dimensions: 4), norms[2]]
    for part in direction == .forward ? flat : flat.reversed() {
      rows = try Self.through(part, direction, rows, vector)
      guard part is ActNorm || part is Inverse else { continue }
      #expect(Self.areNormal(rows))
      checked += 1
    }
    #expect(checked == 3)
    #expect(distance(result, rows) < 1e-12)
    // Nothing else has moved.
    for entry in vector.layout.entries where !["a", "b", "c"].contains(entry.path.prefix(1)) {
      #expect(vector[entry] == Array(before[entry.range]))
    }
  }

  private func fixed(_ vector: ParameterVector, _ name: String) -> ParameterScope {
    ParameterScope(fixedAt: vector).scope(name)
  }

  @Test("what does not vary is shifted only, and no rows ask for nothing") func degenerate() {
    let start = ActNorm.normalizing([[3, 1], [3, 5]], dimensions: 2)
    #expect(start.logScale[0] == 0 && start.bias[0] == -3)
    #expect(start.bias[1] == -1.5 && start.logScale[1] < 0)
    let none = ActNorm.normalizing([], dimensions: 2)
    #expect(none.logScale == [0, 0] && none.bias == [0, 0])
  }
}
