import MinimData
import MinimModels
import Testing

/// The floors of PixelCNNs on the Ising model of 5x5 at beta 0.44, found by summing over all images.
@Suite struct IsingFloorTests {
  @Test(
    arguments: [("A3,B3", .plain, 12.055788), ("A7,B3,B3,B3", .residual, 12.026480)]
      as [(String, MaskStack.Wiring, Double)])
  func floors(_ masks: String, _ wiring: MaskStack.Wiring, _ value: Double) throws {
    let model = Ising(height: 5, width: 5, beta: 0.44)
    let stack = try #require(MaskStack(masks, wiring))
    let floor = try #require(model.lowestNLL(stack.receptiveFields(height: 5, width: 5)))
    #expect(abs(floor - value) <= 1e-6)
    #expect(abs(model.entropy - 12.026059) <= 1e-6 && floor > model.entropy)
  }
}
