import MinimAutodiff
import MinimKernels
import MinimNN
import TestSupport
import Testing

/// What every bijector must do, by its definition.
@Suite struct BijectorTests {
  private static func rows(_ n: Int, _ d: Int) -> [Double] { values(n * d, seed: 11).map { 2 * $0 } }

  @Test("log-det is that of the Jacobian", arguments: bijectorCases, [1, 5])
  func logDet(_ given: BijectorCase, _ n: Int) throws {
    let d = given.dimensions
    let (f, vector) = try given.make(seed: 20)
    for direction in [Direction.forward, .inverse] {
      let check = try JacobianCheck(f, direction, Self.rows(n, d), dimensions: d, parameters: vector.values)
      #expect(check.logDet.count == n)
      #expect(check.error < 1e-10)
    }
  }

  @Test("a log-det of the wrong sign is found out, alone and in a chain", arguments: couplingCases)
  func wrongSign(_ given: BijectorCase) throws {
    let d = given.dimensions
    let (f, vector) = try given.make(seed: 20)
    let wrong: [any Bijector] = [WrongSign(bijector: f), Chain([f, WrongSign(bijector: f), f])]
    for wrong in wrong {
      let check = try JacobianCheck(wrong, .forward, Self.rows(5, d), dimensions: d, parameters: vector.values)
      #expect(check.error > 1e-2)
    }
  }

  @Test("there and back", arguments: bijectorCases) func roundTrip(_ given: BijectorCase) throws {
    let (n, d) = (6, given.dimensions)
    let (f, vector) = try given.make(seed: 30)
    let x = Self.rows(n, d)
    for direction in [Direction.forward, .inverse] {
      let there = try JacobianCheck(f, direction, x, dimensions: d, parameters: vector.values)
      let back = try JacobianCheck(f, direction.reversed, there.images, dimensions: d, parameters: vector.values)
      for row in 0..<n {
        let range = row * d..<(row + 1) * d
        #expect(distance(Array(back.images[range]), Array(x[range])) < 1e-12 * there.condition[row])
      }
      // The same density by either direction, row by row.
      #expect(distance(back.logDet, there.logDet.map { -$0 }) < 1e-10)
      // The control: the other way is another map, of all but what is its own inverse.
      if given.name == "chain" {
        let twice = try JacobianCheck(f, direction, there.images, dimensions: d, parameters: vector.values)
        #expect(distance(twice.images, x) > 1e-2)
      }
    }
  }

  @Test("at its start it is the identity, to the bit", arguments: startingAsIdentity)
  func identity(_ given: BijectorCase) throws {
    let (n, d) = (3, given.dimensions)
    let (f, vector) = try given.make()
    let rows = values(n * d, seed: 12).map { Double(Float($0)) }
    for kernels in try everyKernelTable() {
      for direction in [Direction.forward, .inverse] {
        let (y, logDet) = f.through(direction, .input("x", shape: [n, d]))
        let found = try evaluate([y, logDet], parameters: vector.values, inputs: ["x": rows], kernels: kernels)
        #expect(bits([found[0]]) == bits([rows]))
        #expect(found[1].count == n && found[1].allSatisfy { $0 == 0 })
      }
    }
    // The control: other parameters, another map.
    guard vector.layout.parameterCount > 0 else { return }
    let moved = try given.make(seed: 1).vector
    let (y, _) = f.forwardAndLogDet(.input("x", shape: [n, d]))
    #expect(try distance(evaluate([y], parameters: moved.values, inputs: ["x": rows])[0], rows) > 1e-2)
  }

  @Test("gradients of all parameters and of the rows", arguments: bijectorCases)
  func gradients(_ given: BijectorCase) throws {
    let (n, d) = (4, given.dimensions)
    let (f, vector) = try given.make(seed: 40)
    let x = Tensor.input("x", shape: [n, d])
    let rows = Self.rows(n, d)
    for direction in [Direction.forward, .inverse] {
      let (y, logDet) = f.through(direction, x)
      let weights = Tensor.constant(values(n * d, seed: 41), shape: [n, d])
      let scalar = (square(y) * weights).sum() + (square(logDet) + logDet).sum()
      let entries = vector.layout.entries
      let exact = try evaluate(
        gradient(of: scalar, withRespectTo: [x] + entries.map(\.tensor)), parameters: vector.values,
        inputs: ["x": rows])
      let (v, w) = (values(n * d, seed: 42), values(vector.layout.count, seed: 43))
      func along(_ t: Double) throws -> Double {
        try evaluate(
          [scalar], parameters: zip(vector.values, w).map { $0 + t * $1 },
          inputs: ["x": zip(rows, v).map { $0 + t * $1 }])[0][0]
      }
      let step = 1e-3
      let differences = try 8 * (along(step) - along(-step)) - (along(2 * step) - along(-2 * step))
      let directions = [v] + entries.map { Array(w[$0.range]) }
      let terms = zip(exact, directions).flatMap { zip($0, $1).map { $0 * $1 } }
      let derivative = terms.reduce(0, +)
      #expect(abs(differences / (12 * step) - derivative) < 1e-8 * max(1, abs(derivative)))
    }
  }
}
