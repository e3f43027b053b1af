import MinimAutodiff
import MinimKernels
import MinimNN
import Testing

@Suite struct ParameterScopeTests {
  @Test func placesEachParameterOnALineOfItsOwn() {
    let root = ParameterScope()
    let inner = root.scope("layers").scope("0")
    let scalar = root.parameter("scalar", shape: [], .zeros)
    let weight = inner.parameter("weight", shape: [3, 7], .zeros)
    let empty = inner.parameter("empty", shape: [0], .zeros)
    let bias = root.parameter("bias", shape: [16], .zeros)
    let layout = root.layout
    #expect(layout.entries.map(\.path) == ["scalar", "layers.0.weight", "layers.0.empty", "bias"])
    #expect(layout.entries.map(\.offset) == [0, 16, 48, 48])
    #expect(layout.count == 64)
    #expect(layout.parameterCount == 1 + 21 + 16)
    #expect(layout.entries.map(\.range) == [0..<1, 16..<37, 48..<48, 48..<64])
    #expect(layout.entries.allSatisfy { $0.offset % 16 == 0 })
    #expect([scalar, weight, empty, bias].map(\.shape) == [[], [3, 7], [0], [16]])
    #expect(zip(layout.entries, [scalar, weight, empty, bias]).allSatisfy { $0.tensor === $1 })
  }

  @Test func aFixedScopeHandsOutConstants() throws {
    func net(_ scope: ParameterScope) -> MultilayerPerceptron {
      MultilayerPerceptron(scope.scope("net"), widths: [3, 4, 2], .tanh)
    }
    let trained = ParameterScope(), x = Tensor.input("x", shape: [1, 3])
    let free = net(trained)
    let vector = try ParameterVector(trained.layout, precision: .float64)
    vector.initialize(seed: 1)
    let scope = ParameterScope(fixedAt: vector)
    let fixed = net(scope)
    #expect(scope.layout.entries.isEmpty && scope.layout.count == 0)
    let inputs = ["x": [0.3, -0.7, 1.1]]
    let expected = try evaluate([free(x)], parameters: vector.values, inputs: inputs)
    #expect(try evaluate([fixed(x)], inputs: inputs) == expected)
    // What is planned of them runs once; the values are those of the time when the net was made.
    let plan = Plan(packing: [fixed(x)])
    #expect(plan.prologue.isEmpty && !Plan(packing: [free(x)]).leaves.filter { !$0.parameterPaths.isEmpty }.isEmpty)
    #expect(plan.leaves.allSatisfy { $0.parameterPaths.isEmpty })
    vector.initialize(seed: 2)
    #expect(try evaluate([fixed(x)], inputs: inputs) == expected)
    #expect(try evaluate([free(x)], parameters: vector.values, inputs: inputs) != expected)
  }

  @Test func anEmptyScopeHasNothing() {
    #expect(ParameterScope().layout.count == 0)
    #expect(ParameterScope().layout.parameterCount == 0)
  }
}
