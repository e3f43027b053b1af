import Foundation
import MinimAutodiff
import MinimKernels
import MinimNN
import TestSupport
import Testing

@Suite struct CategoricalTests {
  private static let shape = [3, 4], classes = 4
  private static let logits = values(12, seed: 1).map { 3 * $0 }, otherLogits = values(12, seed: 2).map { 3 * $0 }
  private static let p = Categorical(logits: .constant(logits, shape: shape))
  private static let q = Categorical(logits: .constant(otherLogits, shape: shape))

  /// Softmax by its definition.
  private static func probabilities(_ logits: [Double]) -> [Double] {
    let weights = logits.map { exp($0) }
    return weights.map { $0 / weights.reduce(0, +) }
  }

  private static func oneHot(_ label: Int) -> Tensor {
    .row((0..<classes).map { $0 == label ? 1 : 0 }, times: shape[0])
  }

  @Test func logProbIsTheTextbooksAndSumsToOne() throws {
    let expected = rows(Self.logits, 4).map(Self.probabilities)
    var total = [0.0, 0, 0]
    for label in 0..<Self.classes {
      let found = try valuesOf(Self.p.logProb(Self.oneHot(label)))
      #expect(distance(found, expected.map { log($0[label]) }) < 1e-13)
      total = zip(total, found).map { $0 + exp($1) }
    }
    #expect(distance(total, [1, 1, 1]) < 1e-13)
    // The control: the logits themselves are no log probabilities.
    #expect(rows(Self.logits, 4).allSatisfy { abs($0.reduce(0) { $0 + exp($1) } - 1) > 1e-2 })
    #expect(distance(try valuesOf(Self.p.logProbs), expected.flatMap { $0.map { log($0) } }) < 1e-13)
  }

  @Test func divergenceByEnumeration() throws {
    let found = try valuesOf(Self.p.kl(to: Self.q)), reverse = try valuesOf(Self.q.kl(to: Self.p))
    let expected = zip(rows(Self.logits, 4).map(Self.probabilities), rows(Self.otherLogits, 4).map(Self.probabilities))
      .map { a, b in zip(a, b).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) } }
    #expect(distance(found, expected) < 1e-13 && found.allSatisfy { $0 > 1e-2 })
    #expect(distance(reverse, expected) > 1e-2)
    // A constant in the logits makes no difference.
    let shifted = Categorical(logits: Self.p.logits + 7)
    #expect(try valuesOf(Self.p.kl(to: shifted)).allSatisfy { abs($0) < 1e-14 })
  }

  /// Exponentials of these would be infinite in Float.
  @Test func largeLogits() throws {
    let far = Categorical(logits: .constant([1000, 999, -1000], shape: [1, 3]))
    let found = try evaluate([far.logProbs], kernels: KernelTable(level: .preferred, precision: .float32))[0]
    let logSum = log(1 + exp(Double(-1)))
    let expected = [-logSum, -1 - logSum, -2000 - logSum]
    #expect(distance(found, expected) < 1e-6)
    let other = Categorical(logits: .constant([-1000, 1000, 0], shape: [1, 3]))
    let kl = try evaluate([far.kl(to: other)], kernels: KernelTable(level: .preferred, precision: .float32))[0]
    #expect(kl[0].isFinite && kl[0] > 1000)
  }

  @Test func gradients() throws {
    let check = try GradientCheck([Self.shape, Self.shape], values: [Self.logits, Self.otherLogits]) { t in
      let (p, q) = (Categorical(logits: t[0]), Categorical(logits: t[1]))
      return concatenate([p.logProb(Self.oneHot(2)), p.kl(to: q)], axis: 0)
    }
    #expect(check.first < 1e-9)
  }
}
