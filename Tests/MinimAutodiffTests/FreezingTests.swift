import MinimAutodiff
import Testing

/// Expressions whose stopped parts are inputs.
@Suite struct FreezingTests {
  private static let p = Tensor.parameter("p", shape: [1], offset: 0)

  @Test("x stop(x^2) has the derivative x^2; frozen, its differences have it too")
  func differences() throws {
    let y = (Self.p * stopGradient(square(Self.p))).sum()
    let (frozen, stopped) = y.freezing()
    #expect(stopped.map(\.value.shape) == [[1]])
    let inputs = [stopped[0].name: try evaluate([stopped[0].value], parameters: [3])[0]]
    func difference(_ y: Tensor) throws -> Double {
      let values = try [3 + 1e-5, 3 - 1e-5].map { try evaluate([y], parameters: [$0], inputs: inputs)[0][0] }
      return (values[0] - values[1]) / 2e-5
    }
    let slope = try evaluate(gradient(of: y, withRespectTo: [Self.p]), parameters: [3])[0][0]
    #expect(slope == 9)
    #expect(try abs(difference(frozen) - slope) < 1e-8)
    // The control: x^3 itself.
    #expect(try abs(difference(y) - 27) < 1e-6)
  }

  @Test("an expression without a stop stays what it is, and knows whether it draws")
  func same() {
    let y = square(Self.p).sum()
    #expect(y.freezing().expression === y && y.freezing().stopped.isEmpty)
    #expect(!y.isRandom && (y + Tensor.normal(shape: [1], purpose: .model).sum()).isRandom)
  }
}
