import MinimConfiguration
import MinimData
import MinimModels
import TestSupport
import Testing

@Suite struct ReceptiveFieldFloorTests {
  /// The distributions and what they are called beside the golden numbers.
  static let distributions: [(BarsAndStripes.Distribution, String)] = [
    (.distinct, "uniform"), (.generator, "generator"),
  ]

  private func dataset(_ distribution: BarsAndStripes.Distribution) -> Dataset {
    BarsAndStripes(height: 5, width: 5, distribution: distribution).dataset()
  }

  @Test(arguments: distributions)
  func floorsAreGolden(_ distribution: BarsAndStripes.Distribution, _ name: String) throws {
    let data = dataset(distribution)
    let floors = Golden["pixel_rf", "bars_and_stripes_5x5", "rf_floor_nats_\(name)"].members
    #expect(floors.count == 12)
    for (stack, value) in floors {
      let floor = receptiveFieldFloor(GoldenStack[stack].stack.receptiveFields(height: 5, width: 5), data)
      #expect(abs(floor - (try #require(value.number))) <= 1e-10, "\(stack)")
    }
  }

  @Test(arguments: distributions)
  func entropiesAreGolden(_ distribution: BarsAndStripes.Distribution, _ name: String) throws {
    let entropy = try #require(dataset(distribution).entropy)
    let golden = try #require(Golden["pixel_rf", "bars_and_stripes_5x5", "entropy_\(name)_nats"].number)
    #expect(abs(entropy - golden) <= 1e-10)
  }

  /// The chain rule: who sees all earlier pixels pays the entropy; who sees fewer of them never pays less.
  @Test(arguments: distributions)
  func fullSightPaysTheEntropy(_ distribution: BarsAndStripes.Distribution, _: String) throws {
    let data = dataset(distribution)
    let entropy = try #require(data.entropy)
    let full = (0..<25).map { Array(0..<$0) }
    var last = receptiveFieldFloor(full.map { _ in [] }, data)
    // Without any sight each pixel is a fair coin.
    let golden = try #require(
      Golden["pixel_rf", "bars_and_stripes_5x5", "floor_two_layer_independent_pixels_nats"].number)
    #expect(abs(last - golden) <= 1e-10)
    for reach in 1..<25 {
      let floor = receptiveFieldFloor(full.map { Array($0.suffix(reach)) }, data)
      #expect(floor <= last + 1e-12)
      last = floor
    }
    #expect(abs(last - entropy) <= 1e-10)
  }
}
