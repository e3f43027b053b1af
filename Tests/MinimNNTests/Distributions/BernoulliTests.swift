import Foundation
import MinimAutodiff
import MinimKernels
import MinimNN
import TestSupport
import Testing

@Suite struct BernoulliTests {
  private static let shape = [2, 2, 2], size = 4
  private static let logits = values(8, seed: 1).map { 3 * $0 }, otherLogits = values(8, seed: 2).map { 3 * $0 }
  private static let p = Bernoulli(logits: .constant(logits, shape: shape))
  private static let q = Bernoulli(logits: .constant(otherLogits, shape: shape))

  /// All images of four pixels.
  private static let images = (0..<16).map { code in (0..<size).map { Double(code >> $0 & 1) } }

  /// log p of each image under the logits of one example, by the definition.
  private static func logProbs(_ logits: ArraySlice<Double>) -> [Double] {
    images.map { image in
      zip(image, logits).reduce(0) { sum, pixel in
        let on = 1 / (1 + exp(-pixel.1))
        return sum + log(pixel.0 == 1 ? on : 1 - on)
      }
    }
  }

  @Test func logProbIsTheTextbooksAndSumsToOne() throws {
    let expected = [Self.logProbs(Self.logits[..<4]), Self.logProbs(Self.logits[4...])]
    var total = [0.0, 0]
    for (index, image) in Self.images.enumerated() {
      let found = try valuesOf(Self.p.logProb(.constant(image + image, shape: Self.shape)))
      #expect(distance(found, expected.map { $0[index] }) < 1e-13)
      total = zip(total, found).map { $0 + exp($1) }
    }
    #expect(distance(total, [1, 1]) < 1e-13)
    // The control: logits are no probabilities.
    #expect(abs(Self.images.reduce(0) { $0 + exp($1[0] * Self.logits[0]) } - 1) > 1e-2)
  }

  @Test func divergenceByEnumeration() throws {
    let found = try valuesOf(Self.p.kl(to: Self.q)), reverse = try valuesOf(Self.q.kl(to: Self.p))
    let expected = [0, 4].map { start in
      zip(Self.logProbs(Self.logits[start..<start + 4]), Self.logProbs(Self.otherLogits[start..<start + 4]))
        .reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) }
    }
    #expect(distance(found, expected) < 1e-13 && found.allSatisfy { $0 > 1e-2 })
    #expect(try valuesOf(Self.p.kl(to: Self.p)).allSatisfy { abs($0) < 1e-14 })
    // The control: it has a direction.
    #expect(distance(reverse, expected) > 1e-2)
  }

  @Test func meanIsTheProbabilityOfOne() throws {
    #expect(try distance(valuesOf(Self.p.mean), Self.logits.map { 1 / (1 + exp(-$0)) }) < 1e-14)
  }

  /// 1 - p would be 0 in Float, its logarithm infinite.
  @Test func largeLogits() throws {
    let far = Bernoulli(logits: .constant([200, -200], shape: [2, 1]))
    for (x, expected) in [([1.0, 0], [0.0, 0]), ([0, 1], [-200, -200])] {
      let found = try evaluate(
        [far.logProb(.constant(x, shape: [2, 1]))], kernels: KernelTable(level: .preferred, precision: .float32))[0]
      #expect(found == expected)
    }
  }

  @Test func gradients() throws {
    let x = Self.images[5] + Self.images[11]
    let check = try GradientCheck([Self.shape, Self.shape], values: [Self.logits, Self.otherLogits]) { t in
      let (p, q) = (Bernoulli(logits: t[0]), Bernoulli(logits: t[1]))
      return concatenate([p.logProb(.constant(x, shape: Self.shape)), p.kl(to: q)], axis: 0)
    }
    #expect(check.first < 1e-9)
  }
}
