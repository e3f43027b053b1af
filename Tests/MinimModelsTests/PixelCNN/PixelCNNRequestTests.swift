import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// What can be asked of a trained PixelCNN.
@Suite struct PixelCNNRequestTests {
  /// A net for images of 3x3, with weights that are far from those of independent pixels.
  private func net(
    _ masks: String = "A3,B3", _ wiring: MaskStack.Wiring = .residual, isConditional: Bool = false
  ) throws -> (PixelCNN, Trained) {
    let net = PixelCNN(
      PixelCNNConfiguration(
        stack: MaskStack(masks, wiring) ?? MaskStack([]), channels: 4, pointwiseLayers: 1, activation: .tanh,
        isConditional: isConditional), height: 3, width: 3, classes: 3)
    let vector = try ParameterVector(net.parameters, precision: .float32)
    for (index, entry) in net.parameters.entries.enumerated() {
      vector[entry] = values(entry.shape.elementCount, seed: 70 + UInt64(index))
    }
    return (net, trained(vector, data: patternData(3, 3)))
  }

  private static func code(_ pixels: some Collection<Float>) -> Int {
    pixels.enumerated().reduce(0) { $0 | Int($1.element) << $1.offset }
  }

  @Test("given its first pixels, an image has its exact conditional distribution", arguments: [1, 3, 5])
  func completion(_ held: Int) throws {
    let (net, trained) = try net()
    let given = (0..<held).map { Float($0 % 2) }
    let count = 20_000
    let samples = try net.samples(SampleRequest(count, given: given), from: trained).values
    let rest = 9 - held
    var counts = [Int](repeating: 0, count: 1 << rest)
    for image in 0..<count {
      #expect(Array(samples[image * 9..<image * 9 + held]) == given)
      counts[Self.code(samples[image * 9 + held..<image * 9 + 9])] += 1
    }
    let joint = try net.logProbabilities(
      AllImages(height: 3, width: 3).values, height: 3, width: 3, label: 0, trained.inDouble()
    ).map(Elementary.exp)
    func p(_ weights: [Double]) -> Double {
      let sum = weights.reduce(0, +)
      let test = Statistics.chiSquare(counts, expected: weights.map { $0 / sum * Double(count) })
      return Statistics.chiSquareTail(test.statistic, degrees: test.degrees)
    }
    let prefix = Self.code(given)
    #expect(p((0..<1 << rest).map { joint[prefix | $0 << held] }) > 1e-4)
    // The control: the rest without regard to what is given.
    let marginal = (0..<1 << rest).map { high -> Double in
      (0..<1 << held).reduce(0.0) { sum, low in sum + joint[low | high << held] }
    }
    #expect(p(marginal) < 1e-4)
  }

  @Test("nothing given is the usual sample, and everything given is the image")
  func ends() throws {
    let (net, trained) = try net()
    let usual = try net.samples(300, from: trained).values
    #expect(try net.samples(SampleRequest(300), from: trained).values == usual)
    let image = (0..<9).map { Float($0 % 3 == 0 ? 1 : 0) }
    let whole = try net.samples(SampleRequest(2, given: image), from: trained).values
    #expect(whole == image + image)
    // The draws of a pixel do not depend on what is given.
    let first = Array(usual[0..<4])
    #expect(try Array(net.samples(SampleRequest(1, given: first), from: trained).values) == Array(usual[0..<9]))
  }

  @Test("samples of one class are those that have this class among all")
  func classes() throws {
    let (net, trained) = try net(isConditional: true)
    #expect(net.isConditional)
    let mixed = try net.samples(30, from: trained).values
    for label in 0..<3 {
      let samples = try net.samples(SampleRequest(30, label: label), from: trained)
      #expect(samples.sheet?.columns == nil)
      for image in stride(from: label, to: 30, by: 3) {
        #expect(samples.values[image * 9..<image * 9 + 9] == mixed[image * 9..<image * 9 + 9])
      }
      #expect(samples.values != mixed)
    }
  }

  @Test("what a net cannot do is an error")
  func refusals() throws {
    let (plain, trained) = try net()
    #expect(!plain.isConditional)
    #expect(throws: SampleRequestError.notConditional) {
      try plain.samples(SampleRequest(1, label: 0), from: trained)
    }
    let (leaking, other) = try net("B3,B3")
    #expect(throws: SampleRequestError.cannotComplete) {
      try leaking.samples(SampleRequest(1, given: [1]), from: other)
    }
    let rows = try #require(trained.data.rows)
    #expect(try leaking.logProbs(of: rows, other) == nil)
    let logProbs = try #require(try plain.logProbs(of: rows, trained))
    #expect(logProbs.values == (try plain.losses(of: rows, trained).map { -$0 }))
  }
}
