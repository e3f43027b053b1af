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

  @Test func anEmptyScopeHasNothing() {
    #expect(ParameterScope().layout.count == 0)
    #expect(ParameterScope().layout.parameterCount == 0)
  }
}
