import Foundation
import MinimConfiguration
import MinimData
import TestSupport
import Testing

@Suite struct IsingTests {
  /// Small enough for all images: no square, one line of each direction, one pixel.
  static let models = [(2, 3), (3, 3), (4, 3), (3, 4), (1, 4), (4, 1), (1, 1)].flatMap { height, width in
    [0.44, -0.7, 2].map { Ising(height: height, width: width, beta: $0) }
  }

  @Test("ln Z, bonds and entropy of 5x5 are golden", arguments: ["0.2", "0.44"])
  func golden(_ beta: String) throws {
    let model = Ising(height: 5, width: 5, beta: try #require(Double(beta)))
    let metrics = [(model.logPartition, "log_Z"), (model.bondSum, "mean_bond_sum"), (model.entropy, "entropy_nats")]
    for (found, name) in metrics {
      let value = try #require(Golden["pixel_rf", "ising_5x5", beta, name].number)
      #expect(abs(found / value - 1) <= 1e-9, "\(name)")
    }
    let bruteForce = try #require(Golden["pixelcnn_mass", "ising_bruteforce_logZ"].array?.map(\.number))
    let value = try #require(bruteForce[beta == "0.2" ? 0 : 1])
    #expect(abs(model.logPartition / value - 1) <= 1e-9)
  }

  @Test func bondsAreThePairsOfNeighbors() {
    for model in Self.models {
      let (height, width) = (model.height, model.width)
      let pairs = (0..<height * width).flatMap { a in
        (0..<height * width).compactMap { b -> [Int]? in
          let distance = abs(a / width - b / width) + abs(a % width - b % width)
          return a < b && distance == 1 ? [a, b] : nil
        }
      }
      #expect(Set(model.bonds.map { [$0, $1] }) == Set(pairs))
      #expect(model.bonds.count == height * (width - 1) + width * (height - 1))
    }
    #expect(Ising(height: 5, width: 5, beta: 1).bonds.count == 40)
    #expect(Ising(height: 5, width: 4, beta: 1).exampleShape == [5, 4, 1])
  }

  @Test("every number is that of the sum over all images", arguments: models)
  func everythingIsTheSumOverImages(_ model: Ising) {
    let all = EveryImage(model)
    #expect(abs(model.logPartition - all.logPartition) <= 1e-12 * max(1, abs(all.logPartition)))
    #expect(model.bondCorrelations.count == model.bonds.count)
    for (found, bond) in zip(model.bondCorrelations, model.bonds) {
      #expect(abs(found - all.mean { $0[bond.0] == $0[bond.1] ? 1 : -1 }) <= 1e-12)
    }
    #expect(abs(model.entropy - all.entropy) <= 1e-11)
    #expect(abs(all.images.reduce(0) { $0 + exp(model.logProb($1[...])) } - 1) <= 1e-12)
    for (image, probability) in zip(all.images, all.probabilities) {
      #expect(abs(model.logProb(image[...]) - log(probability)) <= 1e-12 * max(1, abs(log(probability))))
    }
  }

  @Test func logProbLooksAtTheSliceAlone() {
    let model = Ising(height: 2, width: 2, beta: 0.3)
    let values: [Float] = [1, 0, 0, 1, 1, 1, 1, 1]
    #expect(abs(model.logProb(values[4...]) - model.logProb(values[..<4]) - 8 * 0.3) <= 1e-14)
    #expect(model.logProb(values[2...]) == -.infinity && model.logProb([]) == -.infinity)
    #expect(model.logProb([1, 0, 0.5, 1]) == -.infinity)
  }

  @Test func withoutBondsPixelsAreFairCoins() throws {
    let model = Ising(height: 4, width: 6, beta: 0)
    #expect(abs(model.entropy - 24 * log(2)) <= 1e-13)
    #expect(model.bondCorrelations.allSatisfy { $0 == 0 })
    let alone = try #require(model.lowestNLL([[Int]](repeating: [], count: 24)))
    #expect(abs(alone - 24 * log(2)) <= 1e-13)
  }

  /// On a grid every second spin can be turned: beta and -beta have one partition function and opposite correlations.
  @Test(arguments: [0.1, 0.44, 2]) func theGridIsBipartite(_ beta: Double) {
    let (model, other) = (Ising(height: 6, width: 7, beta: beta), Ising(height: 6, width: 7, beta: -beta))
    #expect(abs(model.logPartition - other.logPartition) <= 1e-12 * model.logPartition)
    for (a, b) in zip(model.bondCorrelations, other.bondCorrelations) { #expect(abs(a + b) <= 1e-13) }
  }

  /// A grid is the same lying and standing: rows and columns change places, and the transfer has other states.
  @Test func theTransposeIsTheSameModel() {
    let (model, other) = (Ising(height: 4, width: 9, beta: 0.6), Ising(height: 9, width: 4, beta: 0.6))
    #expect(abs(model.logPartition - other.logPartition) <= 1e-12 * model.logPartition)
    #expect(abs(model.entropy - other.entropy) <= 1e-11)
  }

  @Test("the largest model stays finite", arguments: [2.0, -2]) func theLargest(_ beta: Double) {
    let model = Ising(height: 64, width: 10, beta: beta)
    // Nearly all of the mass is in two ground states with all 1206 bonds content.
    let bonds = Double(model.bonds.count)
    #expect(model.bonds.count == 1206 && model.logPartition.isFinite)
    #expect(model.logPartition > 2 * bonds + log(2) && model.logPartition < 2 * bonds + 1)
    #expect(model.bondCorrelations.allSatisfy { beta > 0 ? $0 > 0.98 && $0 <= 1 : $0 < -0.98 && $0 >= -1 })
    #expect(model.entropy > log(2) && model.entropy < 3)
  }

  @Test func configuration() throws {
    func read(_ text: String) throws -> (Ising, [String]) { try readSection(text, Ising.init) }
    let (plain, none) = try read("{}")
    #expect(none.isEmpty && plain.height == 5 && plain.width == 5 && plain.beta == 0.44)
    let (model, fine) = try read(#"{"height": 64, "width": 1, "beta": -2}"#)
    #expect(fine.isEmpty && model.height == 64 && model.width == 1 && model.beta == -2)
    let (_, problems) = try read(#"{"height": 65, "width": 11, "beta": 2.1}"#)
    #expect(problems == ["height", "width", "beta"])
  }
}

extension Ising: CustomTestStringConvertible {
  /// Extents and strength.
  public var testDescription: String { "\(height)x\(width) at \(beta)" }
}

/// The definition: every image of a small model with its probability, by adding up its bonds.
struct EveryImage {
  let images: [[Float]]
  let probabilities: [Double]
  let logPartition: Double

  init(_ model: Ising) {
    let (height, width) = (model.height, model.width)
    images = (0..<1 << (height * width)).map { code in (0..<height * width).map { Float(code >> $0 & 1) } }
    let weights = images.map { image in
      var sum: Float = 0
      func spin(_ row: Int, _ column: Int) -> Float { 2 * image[row * width + column] - 1 }
      for row in 0..<height {
        for column in 0..<width {
          if row + 1 < height { sum += spin(row, column) * spin(row + 1, column) }
          if column + 1 < width { sum += spin(row, column) * spin(row, column + 1) }
        }
      }
      return exp(model.beta * Double(sum))
    }
    let total = weights.sorted().reduce(0, +)
    logPartition = log(total)
    probabilities = weights.map { $0 / total }
  }

  var entropy: Double { -probabilities.reduce(0) { $0 + $1 * log($1) } }

  func mean(_ f: ([Float]) -> Double) -> Double {
    zip(images, probabilities).reduce(0) { $0 + $1.1 * f($1.0) }
  }

  /// H(x_pixel | x_field): that of both together, less that of the field.
  func conditionalEntropy(of pixel: Int, given field: [Int]) -> Double {
    func entropy(_ pixels: [Int]) -> Double {
      var marginal: [[Float]: Double] = [:]
      for (image, probability) in zip(images, probabilities) {
        marginal[pixels.map { image[$0] }, default: 0] += probability
      }
      return -marginal.values.sorted().reduce(0) { $0 + $1 * log($1) }
    }
    return entropy(field + [pixel]) - entropy(field)
  }
}
