import Foundation
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct PixelCNNHeldOutTests {
  /// Bars and stripes of 3x3 in which one image in five has a wrong pixel, each labeled with its first pixel.
  private static func part(_ count: Int, seed: UInt64, _ name: String, isLabeled: Bool = false) -> Dataset {
    let patterns = patterns(3, 3).dataset()
    var generator = SplitMix(seed: seed)
    var values: [Float] = []
    for _ in 0..<count {
      var image = Array(patterns.example(Int(generator.next() % 14)))
      if generator.uniform() < 0.2 {
        let pixel = Int(generator.next() % 9)
        image[pixel] = 1 - image[pixel]
      }
      values += image
    }
    return Dataset(
      name: name, exampleShape: [3, 3, 1], values: values,
      labels: isLabeled ? (0..<count).map { Int(values[$0 * 9]) } : [], classes: isLabeled ? 2 : 0)
  }

  private static func data(_ validation: Int?, _ test: Int?, isLabeled: Bool = false) -> DataSplit {
    DataSplit(
      name: "noisy", training: .rows(part(200, seed: 1, "training", isLabeled: isLabeled)),
      validation: validation.map { part($0, seed: 2, "validation", isLabeled: isLabeled) },
      test: test.map { part($0, seed: 3, "test", isLabeled: isLabeled) },
      classNames: isLabeled ? ["off", "on"] : [], shareOfDuplicates: 0.25)
  }

  private static func net(isConditional: Bool = false) -> PixelCNN {
    PixelCNN(
      PixelCNNConfiguration(
        stack: MaskStack([Mask(.a, 5), Mask(.b, 3)], .residual), channels: 8, pointwiseLayers: 1,
        isConditional: isConditional), height: 3, width: 3, classes: 2)
  }

  private static let learned = Result { try train(net(), on: data(10, 15), steps: 100).parameters }
  private static let conditional = Result {
    try train(net(isConditional: true), on: data(10, 15, isLabeled: true), steps: 100).parameters
  }

  private func learned(_ data: DataSplit, isConditional: Bool) throws -> (PixelCNN, Trained) {
    let vector = try (isConditional ? Self.conditional : Self.learned).get()
    return (Self.net(isConditional: isConditional), trained(vector, data: data, seed: 6))
  }

  /// The mean of -log p(x), image by image.
  private func nll(_ net: PixelCNN, _ data: Dataset, _ trained: Trained) throws -> Double {
    let double = try trained.inDouble()
    let logs = try (0..<data.count).map { index in
      try net.logProbabilities(
        Array(data.example(index)), height: 3, width: 3, label: net.classes > 0 ? data.labels[index] : 0, double)[0]
    }
    return -logs.reduce(0, +) / Double(data.count)
  }

  private func medianDistance(_ images: [Float], to data: Dataset) -> Double {
    let distances = stride(from: 0, to: images.count, by: 9).map { start in
      (0..<data.count).map { index in
        zip(images[start..<start + 9], data.example(index)).count { $0 != $1 }
      }.min() ?? 0
    }.sorted()
    let middle = distances.count / 2
    return distances.count % 2 == 1 ? Double(distances[middle]) : Double(distances[middle - 1] + distances[middle]) / 2
  }

  @Test(
    "every metric by plain recomputation", arguments: [(10, 15), (10, nil), (nil, 16), (nil, nil)] as [(Int?, Int?)],
    [false, true])
  func metrics(_ counts: (Int?, Int?), _ isConditional: Bool) throws {
    let data = Self.data(counts.0, counts.1, isLabeled: isConditional)
    let (net, trained) = try learned(data, isConditional: isConditional)
    let training = try #require(data.rows)
    let unseen = data.test ?? data.validation ?? training
    var expected = [("trainingNLL", try nll(net, training, trained))]
    if let part = data.validation { expected.append(("validationNLL", try nll(net, part, trained))) }
    if let part = data.test { expected.append(("testNLL", try nll(net, part, trained))) }
    // How often each pixel is on in training, by Laplace's rule.
    let shares = (0..<9).map { pixel in
      (Double((0..<200).count { training.values[$0 * 9 + pixel] == 1 }) + 1) / 202
    }
    let cost = unseen.values.enumerated().reduce(0.0) { sum, value in
      sum - Foundation.log(value.element == 1 ? shares[value.offset % 9] : 1 - shares[value.offset % 9])
    }
    expected += [("independentNLL", cost / Double(unseen.count)), ("shareOfDuplicates", 0.25)]
    let classes = isConditional ? 2 : 1
    let samples = try net.sample(
      300, height: 3, width: 3, purpose: .evaluation, label: { $0 % classes }, from: trained)
    let key = RandomKey(seed: 6).folding(.evaluation).folding(2)
    let coins = (0..<2700).map { key.uniform(at: UInt64($0)) < shares[$0 % 9] ? Float(1) : 0 }
    expected += [
      ("sampleDistance", medianDistance(samples, to: training)),
      ("heldOutDistance", medianDistance(unseen.values, to: training)),
      ("independentDistance", medianDistance(coins, to: training)),
    ]
    let found = try net.evaluate(trained, exact: false)
    #expect(found.metrics.map(\.name) == expected.map(\.0) && found.claims.isEmpty)
    for (metric, value) in zip(found.metrics, expected) {
      #expect(abs(metric.value - value.1) < 1e-12, "\(metric.name)")
    }
    #expect(try net.evaluate(trained, exact: true).claims.map(\.id) == ["P2x"])
  }

  @Test("P7 holds for a trained net; its control has the same pixels, but not together", arguments: [false, true])
  func claims(_ isConditional: Bool) throws {
    let data = Self.data(10, 15, isLabeled: isConditional)
    let (net, it) = try learned(data, isConditional: isConditional)
    let claims = try net.claims(it)
    #expect(claims.map(\.id) == ["P1", "P1b", "P2", "P4", "P7"])
    for claim in claims { #expect(claim.verdict == .holds && claim.control?.fails == true, "\(claim.id)") }
    let test = try #require(data.test)
    let untrained = try ParameterVector(net.parameters, precision: .float32)
    untrained.initialize(seed: 6)
    let before = trained(untrained, data: data, seed: 6)
    #expect(abs(claims[4].measured - (try nll(net, test, it))) < 1e-12)
    // A net of pixels that know nothing of each other would be at the baseline, and one that relies on the others above.
    #expect((claims[4].control?.measured ?? 0) > claims[4].expected + 0.1)
    #expect(claims[4].samples == 15)
    let fresh = try #require(try net.claims(before).last)
    #expect(fresh.id == "P7" && fresh.expected == claims[4].expected)
    #expect(abs(fresh.measured - (try nll(net, test, before))) < 1e-12 && fresh.measured > 6)
    // Without a test part the validation stands in; with neither there is no claim.
    let (_, validated) = try learned(Self.data(10, nil, isLabeled: isConditional), isConditional: isConditional)
    #expect(try net.claims(validated).last?.samples == 10)
    let (_, alone) = try learned(Self.data(nil, nil, isLabeled: isConditional), isConditional: isConditional)
    #expect(try net.claims(alone).map(\.id) == ["P1", "P1b", "P2", "P4"])
  }

  @Test("samples have their nearest images beside them, and labels in turn", arguments: [false, true])
  func samples(_ isConditional: Bool) throws {
    let (net, trained) = try learned(Self.data(10, 15, isLabeled: isConditional), isConditional: isConditional)
    let sheet = try #require(try net.samples(30, from: trained).sheet)
    let training = try #require(trained.data.rows)
    #expect(sheet.count == 30 && sheet.invalid == nil && sheet.columns == (isConditional ? 2 : nil))
    let nearest = (0..<30).flatMap { sample in
      let image = sheet.pixels[sample * 9..<sample * 9 + 9]
      let distances = (0..<200).map { zip(image, training.example($0)).count { $0 != $1 } }
      return training.example(distances.firstIndex(of: distances.min() ?? 0) ?? 0)
    }
    #expect(sheet.neighbors == nearest)
  }
}
