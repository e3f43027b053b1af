import Foundation
import MinimAutodiff
import MinimKernels
import TestSupport
import Testing

private let logistic: @Sendable (Double) -> Double = {
  $0 >= 0 ? 1 / (1 + Foundation.exp(-$0)) : Foundation.exp($0) / (1 + Foundation.exp($0))
}
private let softplusOf: @Sendable (Double) -> Double = {
  Swift.max($0, 0) + Foundation.log1p(Foundation.exp(-Swift.abs($0)))
}
private let signOf: @Sendable (Double) -> Double = { $0.isNaN ? $0 : $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }

/// What a primitive is, by the C library.
private func reference(_ primitive: Primitive, _ a: Double, _ b: Double, _ c: Double) -> Double {
  switch primitive {
  case .negate: -a
  case .add: a + b
  case .subtract: a - b
  case .multiply: a * b
  case .divide: a / b
  case .maximum: a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
  case .minimum: a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
  case .greater: a > b ? 1 : 0
  case .greaterEqual: a >= b ? 1 : 0
  case .addConstant: a + c
  case .multiplyConstant: a * c
  case .reciprocal: 1 / a
  case .square: a * a
  case .squareRoot: a.squareRoot()
  case .absolute: Swift.abs(a)
  case .sign: signOf(a)
  case .relu: a.isNaN ? a : Swift.max(0, a)
  case .step: a > 0 ? 1 : 0
  case .gate: b > 0 ? a : 0
  case .tanhGradient: a * (1 - b * b)
  case .silu: a * b
  case .siluSlope: b + a * (1 - b)
  case .exp: Foundation.exp(a)
  case .log: Foundation.log(a)
  case .log1p: Foundation.log1p(a)
  case .tanh: Foundation.tanh(a)
  case .sigmoid: logistic(a)
  case .softplus: softplusOf(a)
  case .sin: Foundation.sin(a)
  case .cos: Foundation.cos(a)
  }
}

@Suite struct ElementwiseTests {
  @Test("each primitive is its function, edges included", arguments: Primitive.allCases)
  func values(_ primitive: Primitive) throws {
    let edges = [0, -0.0, 1, -1, 1e-300, -1e-9, 30, -30, 700, -700, .infinity, -.infinity, .nan]
    let a = edges + (0..<40).map { Double($0) * 0.37 - 7 }
    for other in edges + [0.3, -2.5] {
      let (x, y) = (Tensor.input("x", shape: [a.count]), Tensor.input("y", shape: [a.count]))
      let result = primitive.arity == 2 ? x.combined(primitive, with: y) : x.map(primitive, constant: other)
      let found = try evaluate([result], inputs: ["x": a, "y": a.map { _ in other }])[0]
      #expect(distance(found, a.map { reference(primitive, $0, other, other) }) < 4e-16, "\(primitive) with \(other)")
    }
  }

  @Test("operators spell the primitives, with numbers on either side")
  func operators() throws {
    let x = Tensor.input("x", shape: [3])
    let y = Tensor.input("y", shape: [3])
    let found = try evaluate(
      [-x, x + y, x - y, x * y, x / y, x + 2, 2 + x, x - 2, 2 - x, x * 3, 3 * x, x / 4, 4 / x],
      inputs: ["x": [1, 2, -3], "y": [4, -5, 0.5]])
    #expect(
      found == [
        [-1, -2, 3], [5, -3, -2.5], [-3, 7, -3.5], [4, -10, -1.5], [0.25, -0.4, -6], [3, 4, -1], [3, 4, -1],
        [-1, 0, -5],
        [1, 0, 5], [3, 6, -9], [3, 6, -9], [0.25, 0.5, -0.75], [4, 2, 4 / -3],
      ])
  }

  @Test("shapes with an extent of 0 give nothing, and nothing goes wrong", arguments: [true, false])
  func empty(_ fuse: Bool) throws {
    for shape in [[0], [0, 3], [3, 0], [2, 0, 1, 4]] as [Shape] {
      let x = Tensor.input("x", shape: shape)
      let row = Tensor.constant([Double](repeating: 2, count: shape.last ?? 1), shape: [shape.last ?? 1])
      #expect(try evaluate([tanh(x * 2 + row) * x], inputs: ["x": []], fuse: fuse) == [[]])
      #expect(try evaluate([(x * x + 1).sum()], inputs: ["x": []], fuse: fuse) == [[0]])
      #expect(try evaluate(gradient(of: square(x).sum(), withRespectTo: [x]), inputs: ["x": []], fuse: fuse) == [[]])
    }
  }
}
