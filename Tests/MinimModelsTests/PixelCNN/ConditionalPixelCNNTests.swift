import MinimAutodiff
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// Nets that are conditional on one of three labels.
@Suite struct ConditionalPixelCNNTests {
  private static let kinds: [(String, MaskStack.Wiring)] = [("A3,B3", .residual), ("A3,B3", .gated), ("A3", .plain)]

  private func net(
    _ masks: String, _ wiring: MaskStack.Wiring, isConditional: Bool = true, precision: Precision = .float64
  ) throws -> (PixelCNN, Trained) {
    let net = PixelCNN(
      PixelCNNConfiguration(
        stack: MaskStack(masks, wiring) ?? MaskStack([]), channels: 4, pointwiseLayers: 1, activation: .tanh,
        isConditional: isConditional), height: 3, width: 3, classes: 3)
    let vector = try ParameterVector(net.parameters, precision: precision)
    for (index, entry) in net.parameters.entries.enumerated() {
      vector[entry] = values(entry.shape.elementCount, seed: 70 + UInt64(index))
    }
    return (net, trained(vector, data: patternData(3, 3)))
  }

  private func logs(_ net: PixelCNN, _ trained: Trained, label: Int) throws -> [Double] {
    try net.logProbabilities(AllImages(height: 3, width: 3).values, height: 3, width: 3, label: label, trained)
  }

  @Test("each label has a distribution of its own", arguments: kinds)
  func distributions(_ masks: String, _ wiring: MaskStack.Wiring) throws {
    let (net, trained) = try net(masks, wiring)
    let all = try (0..<3).map { try logs(net, trained, label: $0) }
    for label in 0..<3 {
      let mass = all[label].reduce(0) { $0 + Elementary.exp($1) }
      #expect(abs(mass - 1) < 1e-12)
      #expect(abs(try net.totalMass(height: 3, width: 3, label: label, trained) - mass) < 1e-12)
      #expect(distance(all[label], all[(label + 1) % 3]) > 0.01)
    }
    // A data set's rows are each taken with its own label.
    let labels = (0..<512).map { $0 * 7 % 3 }
    let data = Dataset(
      name: "all", exampleShape: [3, 3, 1], values: AllImages(height: 3, width: 3).values, labels: labels, classes: 3)
    let losses = try net.losses(of: data, trained)
    #expect(losses == labels.enumerated().map { -all[$1][$0] })
    let nll = try net.nll(of: data, trained)
    #expect(abs(nll - losses.reduce(0, +) / 512) < 1e-12)
    let batch = Batch(count: 512, exampleShape: [3, 3, 1], classes: 3)
    let objective = try evaluate(
      [net.objective(batch).value], parameters: trained.parameters.values,
      inputs: [
        Batch.inputName: data.values.map(Double.init),
        Batch.labelName: labels.flatMap { label in (0..<3).map { $0 == label ? 1.0 : 0 } },
      ])[0][0]
    #expect(abs(objective - nll) < 1e-12)
  }

  @Test("with label weights of zero it is the unconditional net; with others it is not", arguments: kinds)
  func zeroWeights(_ masks: String, _ wiring: MaskStack.Wiring) throws {
    let (net, trained) = try net(masks, wiring)
    let (plain, other) = try self.net(masks, wiring, isConditional: false)
    #expect(plain.classes == 0 && net.classes == 3)
    // The weights of labels are the only parameters that one of them has more.
    let labeled = net.parameters.entries.filter { entry in !plain.parameters.entries.contains { $0.path == entry.path }
    }
    #expect(labeled.count == (wiring == .gated ? 4 : 1))
    #expect(labeled.allSatisfy { $0.path.lowercased().contains("labels") && $0.shape[0] == 3 })
    for entry in plain.parameters.entries {
      let mine = try #require(net.parameters.entries.first { $0.path == entry.path })
      other.parameters[entry] = trained.parameters[mine]
    }
    let expected = try logs(plain, other, label: 0)
    for label in 0..<3 { #expect(distance(try logs(net, trained, label: label), expected) > 0.01) }
    for entry in labeled { trained.parameters[entry] = [Double](repeating: 0, count: entry.shape.elementCount) }
    for label in 0..<3 { #expect(distance(try logs(net, trained, label: label), expected) < 1e-14) }
  }

  @Test("samples of a label have that label's probabilities, and no other's", arguments: kinds)
  func samples(_ masks: String, _ wiring: MaskStack.Wiring) throws {
    let (net, trained) = try net(masks, wiring, precision: .float32)
    let count = 10_000
    let mixed = try net.sample(
      3 * count, height: 3, width: 3, purpose: .sampling, label: { $0 % 3 }, from: trained)
    let double = try trained.inDouble()
    let probabilities = try (0..<3).map { try logs(net, double, label: $0).map(Elementary.exp) }
    for label in 0..<3 {
      var counts = [Int](repeating: 0, count: 512)
      for image in stride(from: label, to: 3 * count, by: 3) {
        counts[(0..<9).reduce(0) { $0 | Int(mixed[image * 9 + $1]) << $1 }] += 1
      }
      for other in 0..<3 {
        let test = Statistics.chiSquare(counts, expected: probabilities[other].map { $0 * Double(count) })
        let p = Statistics.chiSquareTail(test.statistic, degrees: test.degrees)
        #expect((p > 1e-4) == (label == other), "samples of \(label) against \(other): p = \(p)")
      }
    }
    // The label of the image itself counts, not those of others.
    let ones = try net.sample(600, height: 3, width: 3, purpose: .sampling, label: { _ in 1 }, from: trained)
    for image in stride(from: 1, to: 600, by: 3) {
      #expect(ones[image * 9..<image * 9 + 9] == mixed[image * 9..<image * 9 + 9])
    }
  }
}
