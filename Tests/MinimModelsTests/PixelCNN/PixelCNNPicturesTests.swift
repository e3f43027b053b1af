import MinimAutodiff
import MinimData
import MinimModels
import MinimNN
import TestSupport
import Testing

/// What a run shows of a PixelCNN's receptive field.
@Suite struct PixelCNNPicturesTests {
  @Test(
    "the center depends on what its masks let it see, and on nothing else to the last bit",
    arguments: ["A3,B3", "A3,A3", "A3,B3,B3"])
  func sensitivity(_ masks: String) throws {
    let stack = try #require(MaskStack(masks, .plain))
    let data = patternData(5, 5), rows = try #require(data.rows)
    let net = PixelCNN(
      PixelCNNConfiguration(stack: stack, channels: 3, pointwiseLayers: 1, activation: .tanh), height: 5, width: 5)
    let vector = try ParameterVector(net.parameters, precision: .float32)
    for (index, entry) in net.parameters.entries.enumerated() {
      vector[entry] = values(entry.shape.elementCount, seed: 30 + UInt64(index))
    }
    let it = trained(vector, data: data)
    let mean = try net.sensitivity(rows, it)
    let seen = Set(stack.receptiveFields(height: 5, width: 5)[12])
    for pixel in 0..<25 { #expect((mean[pixel] > 0) == seen.contains(pixel), "\(pixel)") }
    // Of one image it is what differences say.
    let one = rows.selecting([17], name: "one")
    let slopes = try net.sensitivity(one, it)
    func logit(_ pixel: Int, _ change: Double) throws -> Double {
      var image = one.values.map(Double.init)
      image[pixel] += change
      let input = Tensor.input("x", shape: [1, 5, 5, 1])
      return try evaluate([net.logits(input)], parameters: vector.values, inputs: ["x": image])[0][12]
    }
    for pixel in 0..<25 {
      let difference = try (logit(pixel, 1e-4) - logit(pixel, -1e-4)) / 2e-4
      #expect(abs(abs(difference) - slopes[pixel]) < 1e-6 * max(1, abs(difference)), "\(pixel)")
    }
    guard case .plots(let plots, _)? = try net.pictures(it).first?.content,
      case .field(let field) = plots[0].series[0].layer
    else { throw NoField() }
    // The first row of a field is the lowest, the last of an image.
    #expect(Array(field.values.prefix(5)) == Array(mean.suffix(5)) && field.columns == 5)
  }

  private struct NoField: Error {}
}
