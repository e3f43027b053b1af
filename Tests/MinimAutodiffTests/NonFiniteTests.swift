import MinimAutodiff
import MinimKernels
import TestSupport
import Testing

@Suite struct NonFiniteTests {
  private func first(
    _ outputs: [Tensor], parameters: [Double] = [], _ inputs: [String: [Double]], _ precision: Precision = .float64
  ) throws -> NonFiniteValue? {
    let program = try PlannedRun(outputs, parameters: parameters, fuse: false, kernels: .current(precision))
    program.write(inputs)
    program.shared.update()
    return program.replay.firstNonFinite(result: program.result.pointer)
  }

  private let x = Tensor.input("x", shape: [2, 3])
  private let w = Tensor.parameter("layer.weight", shape: [3, 2], offset: 16)

  @Test("a finite run names nothing")
  func finite() throws {
    #expect(try first([log(x).sum()], ["x": [1, 2, 3, 4, 5, 6]]) == nil)
  }

  @Test("the logarithm of a negative number: the operation and the element")
  func logarithm() throws {
    let found = try #require(try first([(log(x + 1) * 2).sum()], ["x": [1, 2, 3, 4, -5, 6]]))
    #expect(found.operation == "log [2, 3]")
    #expect(found.index == 4 && found.value.isNaN && found.parameterPaths.isEmpty)
    #expect(found.description == "log [2, 3]: element 4 is \(found.value)")
  }

  @Test("of several values that are not finite the first is named") func several() throws {
    let found = try #require(try first([(log(x + 1) * 2).sum()], ["x": [1, -3, 3, 4, -5, -6]]))
    #expect(found.operation == "log [2, 3]" && found.index == 1 && found.position == [0, 1])
    let input = try #require(try first([square(x).sum()], ["x": [1, 2, .infinity, .nan, 5, .nan]]))
    #expect(input.operation == "input x [2, 3]" && input.index == 2 && input.value == .infinity)
  }

  @Test("an overflow: the product, its parameter and the element, in the precision of the run")
  func overflow() throws {
    let parameters = [Double](repeating: 0, count: 16) + [1e30, 1, 1, 1, 1, 1]
    let inputs = ["x": [1, 1, 1, 1e20, 1, 1]]
    let found = try #require(try first([tanh(matmul(x, w)).sum()], parameters: parameters, inputs, .float32))
    #expect(found.operation == "matmul A B [2, 2]")
    #expect(found.parameterPaths == ["layer.weight"])
    #expect(found.index == 2 && found.value == .infinity)
    #expect(found.position == [1, 0] && found.origin == nil)
    // What went in: x with 1e20 and five ones, w with 1e30 and five ones.
    #expect(found.inputs.map(\.name) == ["input x [2, 3]", "parameter layer.weight [3, 2]"])
    #expect(found.inputs.map(\.largest) == [Double(Float(1e20)), Double(Float(1e30))])
    #expect(found.inputs.map(\.norm) == found.inputs.map(\.largest))
    #expect(found.description == "matmul A B [2, 2] (parameters: layer.weight): element 2 is inf")
    #expect(try first([tanh(matmul(x, w)).sum()], parameters: parameters, inputs, .float64) == nil)
  }

  @Test("a parameter that is not finite is named itself, before all that it spoils")
  func parameter() throws {
    let parameters = [Double](repeating: 0, count: 16) + [1, 2, 3, 4, 5, .infinity]
    let found = try #require(
      try first([exp(w).sum() + matmul(x, w).sum()], parameters: parameters, ["x": [1, 2, 3, .nan, 5, 6]]))
    #expect(found.operation == "parameter [3, 2]")
    #expect(found.parameterPaths == ["layer.weight"])
    #expect(found.index == 5 && found.value == .infinity)
  }

  @Test("an input that is not finite is named itself, by its row-major index")
  func input() throws {
    let found = try #require(try first([square(x).sum()], ["x": [1, 2, 3, .nan, 5, 6]]))
    #expect(found.operation == "input x [2, 3]" && found.index == 3)
    #expect(found.parameterPaths.isEmpty)
  }

  @Test("a constant that is not finite in the precision of the run is named itself")
  func constant() throws {
    let y = (x * Tensor.constant([1, 1e300, 1], shape: [3])).sum()
    let found = try #require(try first([y], ["x": [1, 1, 1, 1, 1, 1]], .float32))
    #expect(found.operation == "constant [3]" && found.index == 1)
    #expect(try first([y], ["x": [1, 1, 1, 1, 1, 1]], .float64) == nil)
  }

  @Test("work on parameters alone: the prologue is searched too")
  func prologue() throws {
    let found = try #require(
      try first([(log(w).sum() * x).sum()], parameters: [Double](repeating: -1, count: 22), ["x": [1, 1, 1, 1, 1, 1]]))
    #expect(found.operation == "log [3, 2]" && found.parameterPaths == ["layer.weight"])
  }

  @Test("a bad value that only a result holds")
  func output() throws {
    let found = try #require(try first([x + 1, 1 / x], ["x": [1, 2, 0, 4, 5, 6]]))
    #expect(found.operation.hasPrefix("reciprocal") && found.index == 2)
  }
}
