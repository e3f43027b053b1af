import Foundation
import MinimAutodiff
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// A PixelCNN of more than two levels: a softmax for each pixel.
@Suite struct GrayPixelCNNTests {
  private static func net(
    _ masks: String, _ wiring: MaskStack.Wiring = .residual, levels: Int, height: Int = 2, width: Int = 2,
    classes: Int = 0
  ) throws -> (PixelCNN, Trained) {
    let net = PixelCNN(
      PixelCNNConfiguration(
        stack: MaskStack(masks, wiring) ?? MaskStack([]), channels: 4, pointwiseLayers: 1, activation: .tanh,
        isConditional: classes > 0), height: height, width: width, classes: classes, levels: levels)
    let vector = try ParameterVector(net.parameters, precision: .float64)
    for (index, entry) in net.parameters.entries.enumerated() {
      vector[entry] = values(entry.shape.elementCount, seed: 1000 + UInt64(index)).map { 0.8 * $0 }
    }
    let image = Dataset(
      name: "image", exampleShape: [height, width, 1], values: .init(repeating: 0, count: height * width))
    return (net, trained(vector, data: DataSplit(name: "image", training: .rows(image), levels: levels)))
  }

  @Test("log p(x) is the sum of the logarithms of each pixel's softmax, by plain loops", arguments: [3, 4, 17])
  func logProb(_ levels: Int) throws {
    let (net, trained) = try Self.net("A3,B3", levels: levels, height: 3, width: 2)
    let batch = Batch(count: 5, exampleShape: [3, 2, 1])
    var generator = SplitMix(seed: 3)
    let images = (0..<30).map { _ in Double(generator.next() % UInt64(levels)) }
    let found = try evaluate(
      [net.logits(batch.examples), net.logProb(batch.examples), net.objective(batch).value],
      parameters: trained.parameters.values, inputs: [Batch.inputName: images])
    let expected = (0..<5).map { image in
      (0..<6).reduce(0.0) { sum, pixel in
        let place = image * 6 + pixel
        let logits = found[0][place * levels..<(place + 1) * levels]
        let total = logits.reduce(0) { $0 + Foundation.exp($1) }
        return sum + Foundation.log(Foundation.exp(found[0][place * levels + Int(images[place])]) / total)
      }
    }
    #expect(distance(found[1], expected) < 1e-12)
    #expect(abs(found[2][0] + expected.reduce(0, +) / 5) < 1e-12)
  }

  @Test(
    "every canvas has mass 1, each image evaluated whole; a net that sees itself does not",
    arguments: [
      ("A3,B3", MaskStack.Wiring.residual, 4, 2, 2), ("A3,B3", .gated, 4, 2, 2), ("A5,B3", .plain, 3, 2, 3),
      ("A3,B3", .residual, 16, 1, 3), ("A3,B1", .plain, 5, 3, 1),
    ])
  func mass(_ masks: String, _ wiring: MaskStack.Wiring, _ levels: Int, _ height: Int, _ width: Int) throws {
    let (net, trained) = try Self.net(masks, wiring, levels: levels, height: height, width: width)
    let all = AllImages(height: height, width: width, levels: levels)
    let logs = try net.logProbabilities(all.values, height: height, width: width, trained)
    #expect(
      logs.count == all.count
        && Set(
          stride(from: 0, to: all.values.count, by: all.pixels).map {
            Array(all.values[$0..<$0 + all.pixels])
          }
        ).count == all.count)
    #expect(abs(logs.reduce(0) { $0 + Foundation.exp($1) } - 1) < 1e-12)
    #expect(abs(try net.totalMass(height: height, width: width, trained) - 1) < 1e-12)
    let (leaking, other) = try Self.net(
      masks.replacing("A", with: "B"), wiring, levels: levels, height: height, width: width)
    #expect(abs(try leaking.totalMass(height: height, width: width, other) - 1) > 1e-3)
  }

  @Test(
    "no logit of a pixel depends on itself or on later pixels, and on each of its receptive field",
    arguments: [
      ("A3,B3", MaskStack.Wiring.residual), ("A3,B3", .gated),
    ])
  func causality(_ masks: String, _ wiring: MaskStack.Wiring) throws {
    let (height, width, levels) = (3, 4, 5), pixels = height * width
    let (net, trained) = try Self.net(masks, wiring, levels: levels, height: height, width: width)
    let x = Tensor.input("x", shape: [1, height, width, 1])
    let logits = net.logits(x).reshape([pixels * levels])
    let rows = (0..<pixels * levels).map { gradient(of: logits.slice([$0], shape: [1]), withRespectTo: [x])[0] }
    let found = try evaluate(rows, parameters: trained.parameters.values, inputs: ["x": values(pixels, seed: 8)])
    let fields = net.configuration.stack.receptiveFields(height: height, width: width)
    for (index, row) in found.enumerated() {
      #expect(row.indices.filter { row[$0] != 0 } == fields[index / levels], "logit \(index)")
    }
  }

  @Test("samples have the exact probabilities of their images; one number per image does not", arguments: [3, 4])
  func samples(_ levels: Int) throws {
    let (net, trained) = try Self.net("A3,B3", levels: levels)
    let all = AllImages(height: 2, width: 2, levels: levels)
    let logs = try net.logProbabilities(all.values, height: 2, width: 2, trained)
    func pValue(_ draws: PixelCNN.Draws) throws -> Double {
      let drawn = try net.sample(20_000, height: 2, width: 2, purpose: .evaluation, draws: draws, from: trained)
      #expect(drawn.allSatisfy { $0 == $0.rounded() && (0..<Float(levels)).contains($0) })
      var counts = [Int](repeating: 0, count: all.count)
      for image in 0..<20_000 {
        let code = (0..<4).reversed().reduce(0) { $0 * levels + Int(drawn[image * 4 + $1]) }
        counts[code] += 1
      }
      let test = Statistics.chiSquare(counts, expected: logs.map { Foundation.exp($0) * 20_000 })
      return Statistics.chiSquareTail(test.statistic, degrees: test.degrees)
    }
    #expect(try pValue(.independent) > 1e-3)
    #expect(try pValue(.onePerImage) < 1e-6)
  }

  /// Pairs of pixels (a, (a + noise) mod 4): the second is nearly known from the first.
  private static func pairs(_ count: Int, seed: UInt64, isLabeled: Bool = false) -> Dataset {
    var generator = SplitMix(seed: seed)
    let images = (0..<count).map { _ -> [Float] in
      let a = generator.next() % 4, noise: UInt64 = generator.uniform() < 0.25 ? 1 : 0
      return [Float(a), Float((a + noise) % 4)]
    }
    return Dataset(
      name: "pairs", exampleShape: [1, 2, 1], values: images.flatMap { $0 },
      labels: isLabeled ? images.map { Int($0[0]) } : [], classes: isLabeled ? 4 : 0)
  }

  @Test("a net learns levels to the entropy of the data, is judged by unseen images, and keeps every claim")
  func learning() throws {
    let data = DataSplit(
      name: "pairs", training: .rows(Self.pairs(4000, seed: 1)), validation: Self.pairs(500, seed: 2),
      test: Self.pairs(1000, seed: 3), levels: 4)
    let model = try #require(
      try ModelName.pixelcnn.make(#"{"masks": ["A3", "B3"], "channels": 16, "pointwiseLayers": 1}"#, data) as? PixelCNN)
    #expect(model.levels == 4)
    let vector = try train(model, on: data, steps: 400, rate: 0.02).parameters
    let it = trained(vector, data: data)
    let evaluation = try model.evaluate(it, exact: true)
    func metric(_ name: String) throws -> Double {
      try #require(evaluation.metrics.first { $0.name == name }, "\(name)").value
    }
    let entropy = Foundation.log(4) - 0.25 * Foundation.log(0.25) - 0.75 * Foundation.log(0.75)
    #expect(abs(try metric("testNLL") - entropy) < 0.05)
    #expect(abs(try metric("independentNLL") - 2 * Foundation.log(4)) < 0.05)
    #expect(abs(try metric("testBitsPerDimension") - metric("testNLL") / (2 * Foundation.log(2))) < 1e-12)
    let exact = try #require(evaluation.claims.first)
    #expect(exact.id == "P2x" && exact.verdict == .holds && exact.quantity.contains("4^2 images of 1x2"))
    let claims = try model.claims(it)
    #expect(claims.map(\.id) == ["P1", "P1b", "P2", "P4", "P7"])
    for claim in claims { #expect(claim.verdict == .holds && claim.control?.fails == true, "\(claim.id)") }
    #expect(claims[2].quantity.contains("256 images of 2x2 and all 65,536 of 2x4"))
    // Samples keep their levels; their picture is between black and white.
    let samples = try model.samples(40, from: it)
    #expect(Set(samples.values) == [0, 1, 2, 3])
    #expect(samples.sheet?.pixels == samples.values.map { $0 / 3 })
    let picture = try model.sensitivity(Self.pairs(8, seed: 9), it)
    #expect(picture[0] > 0 && picture[1] == 0)
  }

  @Test("given their labels, images cost less by what the labels say")
  func conditional() throws {
    let data = DataSplit(
      name: "pairs", training: .rows(Self.pairs(2000, seed: 1, isLabeled: true)),
      classNames: ["0", "1", "2", "3"], levels: 4)
    let section = #"{"masks": ["A3", "B3"], "channels": 16, "pointwiseLayers": 1, "conditional": true}"#
    let model = try #require(try ModelName.pixelcnn.make(section, data) as? PixelCNN)
    let (vector, losses) = try train(model, on: data, steps: 300, rate: 0.02)
    let entropy = -0.25 * Foundation.log(0.25) - 0.75 * Foundation.log(0.75)
    #expect(abs((losses.last ?? .nan) - entropy) < 0.05)
    // Labels go in turn.
    let samples = try model.samples(40, from: trained(vector, data: data)).values
    #expect((0..<40).count { Int(samples[2 * $0]) == $0 % 4 } >= 38)
  }

  @Test("images of any numbers have no levels: a message says what to do")
  func refused() throws {
    let image = Dataset(name: "real", exampleShape: [1, 2, 1], values: [0.25, 0.5])
    #expect(throws: (any Error).self) {
      try ModelName.pixelcnn.make(#"{"masks": ["A3"]}"#, DataSplit(name: "real", training: .rows(image)))
    }
    // The control: 0 and 1 are two levels, also if nobody has said so.
    let bits = Dataset(name: "bits", exampleShape: [1, 2, 1], values: [0, 1])
    let model = try ModelName.pixelcnn.make(#"{"masks": ["A3"]}"#, DataSplit(name: "bits", training: .rows(bits)))
    #expect((model as? PixelCNN)?.levels == 2)
  }
}
