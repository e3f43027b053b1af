import Foundation
import MinimData
import MinimKernels
import MinimModels
import Testing

@Suite struct IndependentLevelsTests {
  /// Two pixels of three levels.
  private static let data = Dataset(name: "data", exampleShape: [1, 2, 1], values: [0, 2, 0, 1, 1, 2, 0, 2])
  private static let expected: [[Double]] = [[4.0 / 7, 2.0 / 7, 1.0 / 7], [1.0 / 7, 2.0 / 7, 4.0 / 7]]

  @Test("Laplace's rule: never 0") func probabilities() {
    #expect(IndependentLevels(Self.data, levels: 3).probabilities == Self.expected)
    let bits = Dataset(name: "bits", exampleShape: [1, 2, 1], values: [0, 1, 1, 1, 0, 1])
    let expected: [[Double]] = [[3.0 / 5, 2.0 / 5], [1.0 / 5, 4.0 / 5]]
    #expect(IndependentLevels(bits, levels: 2).probabilities == expected)
  }

  @Test("of binary images a pixel is on if u < p") func binary() {
    let bits = Dataset(name: "bits", exampleShape: [1, 2, 1], values: [0, 1, 1, 1, 0, 1])
    let key = RandomKey(seed: 5)
    let shares: [Double] = [2.0 / 5, 4.0 / 5]
    let drawn = IndependentLevels(bits, levels: 2).draw(100, key: key)
    for (index, value) in drawn.enumerated() {
      #expect((value == 1) == (key.uniform(at: UInt64(index)) < shares[index % 2]))
    }
    #expect(drawn.count == 200)
  }

  @Test("the NLL by the definition; the sum over all images is 1") func nll() {
    let model = IndependentLevels(Self.data, levels: 3)
    var mass = 0.0
    for first in 0..<3 {
      for second in 0..<3 {
        let image = Dataset(name: "one", exampleShape: [1, 2, 1], values: [Float(first), Float(second)])
        let p = Self.expected[0][first] * Self.expected[1][second]
        #expect(abs(model.nll(of: image) + Foundation.log(p)) < 1e-14)
        mass += Foundation.exp(-model.nll(of: image))
      }
    }
    #expect(abs(mass - 1) < 1e-14)
    let two = Dataset(name: "two", exampleShape: [1, 2, 1], values: [0, 2, 2, 0])
    #expect(abs(model.nll(of: two) + Foundation.log(4.0 / 7) + Foundation.log(1.0 / 7)) < 1e-14)
  }

  @Test("draws have the pixels' probabilities, are independent, and depend on the key alone") func draws() {
    let model = IndependentLevels(Self.data, levels: 3)
    let (count, key) = (20_000, RandomKey(seed: 3))
    let drawn = model.draw(count, key: key)
    var counts = [Int](repeating: 0, count: 9)
    for image in 0..<count { counts[3 * Int(drawn[2 * image]) + Int(drawn[2 * image + 1])] += 1 }
    for (code, found) in counts.enumerated() {
      let p = Self.expected[0][code / 3] * Self.expected[1][code % 3], mean = Double(count) * p
      #expect(abs(Double(found) - mean) < 5 * (mean * (1 - p)).squareRoot(), "\(code)")
    }
    #expect(model.draw(7, key: key) == Array(drawn[..<14]))
    #expect(model.draw(7, key: RandomKey(seed: 4)) != Array(drawn[..<14]))
  }
}
