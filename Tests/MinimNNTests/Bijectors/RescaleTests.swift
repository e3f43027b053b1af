import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN
import TestSupport
import Testing

@Suite struct RescaleTests {
  private static let scaling = Scaling(offset: [100, 0, -3], scale: [0.5, 1, 20])

  @Test("offset + scale y by loops, and back; the log-det is the sum of the logarithms of the scales")
  func byLoops() throws {
    let y = values(6, seed: 4)
    let input = Tensor.input("y", shape: [2, 3])
    let (x, logDet) = Rescale(Self.scaling).forwardAndLogDet(input)
    let (back, inverseLogDet) = Rescale(Self.scaling).inverseAndLogDet(x)
    let found = try evaluate([x, logDet, back, inverseLogDet], parameters: [], inputs: ["y": y])
    let expected = y.indices.map { Self.scaling.offset[$0 % 3] + Self.scaling.scale[$0 % 3] * y[$0] }
    #expect(distance(found[0], expected) < 1e-14 && distance(found[2], y) < 1e-14)
    let sum = Elementary.log(0.5) + Elementary.log(20)
    #expect(found[1].allSatisfy { abs($0 - sum) < 1e-14 } && found[3].allSatisfy { abs($0 + sum) < 1e-14 })
    #expect(distance(Self.scaling.normalized(expected), y) < 1e-14)
  }

  @Test("no scaling changes nothing, not even the expression")
  func none() {
    let x = Tensor.input("x", shape: [2, 3])
    let none = Scaling?.none
    #expect(none.normalized(x) === x && none.restored(x) === x && none.logDeterminant == 0)
    let identity = Scaling?.some(Scaling(offset: [0, 0, 0], scale: [1, 1, 1]))
    #expect(identity.normalized(x) === x && identity.restored(x) === x)
  }
}
