import MinimAutodiff
import TestSupport
import Testing

@Suite struct TensorTests {
  @Test("a chain of 10,000 operations is differentiated, planned, run and released")
  func deepChain() throws {
    let x = Tensor.input("x", shape: [])
    var y = x
    for _ in 0..<10_000 { y = y * 1.0001 }
    let found = try evaluate([y] + gradient(of: y, withRespectTo: [x]), inputs: ["x": [2]])
    var expected = 2.0
    for _ in 0..<10_000 { expected *= 1.0001 }
    #expect(found[0][0] == expected)
    #expect(abs(found[1][0] / (expected / 2) - 1) < 1e-12)
  }

  @Test("a million operations are released without a stack as deep, also when a part is still held")
  func release() throws {
    let x = Tensor.input("x", shape: [])
    var y = x
    var middle = x
    for index in 0..<1_000_000 {
      y = y + 1
      if index == 10 { middle = y }
    }
    y = x
    #expect(try evaluate([middle + y], inputs: ["x": [1]]) == [[13]])
  }

  @Test("third derivatives are derivatives too")
  func third() throws {
    let x = Tensor.input("x", shape: [])
    var y = exp(2 * x) + x * x * x * x
    for _ in 0..<3 { y = gradient(of: y, withRespectTo: [x])[0] }
    let found = try evaluate([y, tanh(x)], inputs: ["x": [0.5]])
    #expect(abs(found[0][0] - (8 * 2.718281828459045 + 12)) < 1e-12)
    var z = tanh(x)
    for _ in 0..<3 { z = gradient(of: z, withRespectTo: [x])[0] }
    let t = found[1][0]
    let expected = (1 - t * t) * (6 * t * t - 2)
    #expect(abs(try evaluate([z], inputs: ["x": [0.5]])[0][0] - expected) < 1e-14)
  }

  @Test("parameters read their part of the vector, constants repeat")
  func leaves() throws {
    let p = Tensor.parameter("p", shape: [2], offset: 3)
    #expect(
      try evaluate([p * 1, Tensor.constant(2, shape: [3])], parameters: [0, 1, 2, 3, 4]) == [[3, 4], [2, 2, 2]])
    let derivative = gradient(of: square(p).sum(), withRespectTo: [p])
    #expect(try evaluate(derivative, parameters: [0, 1, 2, 3, 4]) == [[6, 8]])
  }
}
