import Foundation
import MinimData
import MinimKernels
import MinimModels
import Testing

@Suite struct IndependentPixelsTests {
  private static let data = Dataset(
    name: "data", exampleShape: [1, 3, 1], values: [1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 0, 0])

  @Test("Laplace's rule: never 0 or 1")
  func probabilities() {
    let expected: [Double] = [5.0 / 6, 2.0 / 6, 2.0 / 6]
    #expect(IndependentPixels(Self.data).probabilities == expected)
  }

  @Test("the NLL by the definition, also on other images; the sum over all images is 1")
  func nll() {
    let model = IndependentPixels(Self.data)
    let shares: [Double] = [5.0 / 6, 2.0 / 6, 2.0 / 6]
    func logProb(_ image: [Float]) -> Double {
      var sum = 0.0
      for (pixel, value) in image.enumerated() { sum += Foundation.log(value == 1 ? shares[pixel] : 1 - shares[pixel]) }
      return sum
    }
    let rows = (0..<4).map { Array(Self.data.example($0)) }
    let expected = -rows.map(logProb).reduce(0, +) / 4
    #expect(abs(model.nll(of: Self.data) - expected) < 1e-14)
    let all = (0..<8).map { (code: Int) in [0, 1, 2].map { Float(code >> $0 & 1) } }
    let masses = all.map { image in
      let nll = model.nll(of: Dataset(name: "one", exampleShape: [1, 3, 1], values: image))
      #expect(abs(nll + logProb(image)) < 1e-14)
      return Foundation.exp(-nll)
    }
    #expect(abs(masses.reduce(0, +) - 1) < 1e-14)
  }

  @Test("draws have the pixels' probabilities, are independent, and depend on the key alone")
  func draws() {
    let model = IndependentPixels(Self.data)
    let (count, key) = (20_000, RandomKey(seed: 3))
    let drawn = model.draw(count, key: key)
    #expect(drawn.count == 3 * count && drawn.allSatisfy { $0 == 0 || $0 == 1 })
    var counts = [Int](repeating: 0, count: 8)
    for image in 0..<count { counts[(0..<3).reduce(0) { $0 | Int(drawn[image * 3 + $1]) << $1 }] += 1 }
    for (code, found) in counts.enumerated() {
      var p = 1.0
      for (pixel, share) in model.probabilities.enumerated() { p *= code >> pixel & 1 == 1 ? share : 1 - share }
      let mean = Double(count) * p
      #expect(abs(Double(found) - mean) < 5 * (mean * (1 - p)).squareRoot(), "\(code)")
    }
    #expect(model.draw(7, key: key) == Array(drawn[..<21]))
    #expect(model.draw(7, key: RandomKey(seed: 4)) != Array(drawn[..<21]))
  }
}
