import Foundation
import MinimConfiguration
import MinimData
import TestSupport
import Testing

@Suite struct EnergyTests {
  /// exp(-U) as published, over a square around the origin.
  private struct Published: Density {
    let energy: Energy
    let reach: Double
    var name: String { "published" }
    var dimensions: Int { 2 }
    var bounds: [ClosedRange<Double>] { [-reach...reach, -reach...reach] }
    var cells: [Int] { [Int(40 * reach), Int(20 * reach)] }
    func logProb(_ x: [Double]) -> Double { -energy.published(x) }
  }

  @Test("mass 1 with the stated Z", arguments: EnergyName.allCases) func mass(_ name: EnergyName) {
    for energy in [Energy(name), Energy(name, confinement: 1.3)] {
      let mass = energy.estimate(\.mass)
      #expect(abs(mass.value - 1) < 1e-9 && mass.error < 1e-8, "\(mass)")
      #expect(abs(energy.value([0.3, 0.4]) + energy.logProb([0.3, 0.4]) + energy.logPartition) < 1e-12)
      // Pictures show nearly all of it.
      #expect(DensityGrid(energy, bounds: energy.window).mass > 0.99)
    }
    // The control: the Z of another width.
    #expect(name == .u1 || Energy(name).logPartition - Energy(name, confinement: 1.9).logPartition > 0.05)
  }

  /// 6.5372 is printed with the theory; here are more digits, by a grid that the constant was not made with.
  @Test func partitionOfU1() {
    let published = DensityGrid(Published(energy: Energy(.u1), reach: 6), cells: [600, 600]).mass
    #expect(abs(published - 6.5372) < 5e-5 && abs(log(published) - Energy(.u1).logPartition) < 1e-11)
    #expect(Energy(.u1, confinement: 0.5).logPartition == Energy(.u1).logPartition && Energy(.u1).confinement == nil)
  }

  /// Twice as long a box has twice the mass: nothing to be normalized.
  @Test("as published the others have infinite mass", arguments: EnergyName.allCases)
  func infiniteMass(_ name: EnergyName) {
    let energy = Energy(name)
    let masses = [12.0, 24].map { DensityGrid(Published(energy: energy, reach: $0)).mass }
    let growth = masses[1] / masses[0]
    // The control: the first one does not grow.
    #expect(abs(growth - (name == .u1 ? 1 : 2)) < 1e-6, "\(growth)")
    // Confined, none does.
    let confined = [12.0, 24].map { reach in
      DensityGrid(energy, bounds: [-reach...reach, -reach...reach], cells: [Int(40 * reach), Int(20 * reach)]).mass
    }
    #expect(abs(confined[1] / confined[0] - 1) < 1e-6)
  }

  /// Table 1 with the system's functions.
  @Test func energiesByTheDefinition() {
    func square(_ x: Double) -> Double { exp(-x * x / 2) }
    var random = SplitMix(seed: 5)
    for _ in 0..<50 {
      let z = (0..<2).map { _ in 3 * random.symmetric() }
      let (w1, w2) = (sin(2 * .pi * z[0] / 4), 3 * square((z[0] - 1) / 0.6))
      let w3 = 3 / (1 + exp(-(z[0] - 1) / 0.3))
      let expected = [
        pow((hypot(z[0], z[1]) - 2) / 0.4, 2) / 2 - log(square((z[0] - 2) / 0.6) + square((z[0] + 2) / 0.6)),
        pow((z[1] - w1) / 0.4, 2) / 2,
        -log(square((z[1] - w1) / 0.35) + square((z[1] - w1 + w2) / 0.35)),
        -log(square((z[1] - w1) / 0.4) + square((z[1] - w1 + w3) / 0.35)),
      ]
      for (name, value) in zip(EnergyName.allCases, expected) {
        #expect(abs(Energy(name).published(z) - value) < 1e-9, "\(name)")
        let confining = name == .u1 ? 0 : z[0] * z[0] / 8
        #expect(abs(Energy(name).value(z) - value - confining) < 1e-9, "\(name)")
      }
    }
    // Far out, where both exponentials are 0, the logarithm of their sum is still one.
    #expect(Energy(.u1).published([100, 100]).isFinite && Energy(.u3).published([0, 100]).isFinite)
  }

  /// x1 ~ N(0, c^2), x2 given x1 ~ N(sin(pi x1 / 2), 0.4^2): the entropy is that of two normals.
  @Test func entropyOfU2() {
    let entropy = log(2 * 0.4) + 1 + log(2 * .pi)
    #expect(abs(Energy(.u2).estimate(\.entropy).value - entropy) < 1e-9)
  }

  @Test func configuration() throws {
    let (plain, none) = try readSection("{}", Energy.init)
    #expect(none.isEmpty && plain.energy == .u1 && plain.confinement == nil)
    let (confined, fine) = try readSection(#"{"energy": "u3", "confinement": 3}"#, Energy.init)
    #expect(fine.isEmpty && confined.energy == .u3 && confined.confinement == 3)
    #expect(try readSection(#"{"energy": "u5"}"#, Energy.init).problems == ["energy"])
    #expect(try readSection(#"{"energy": "u2", "confinement": 0}"#, Energy.init).problems == ["confinement"])
    // The first one has no such key.
    #expect(try readSection(#"{"energy": "u1", "confinement": 2}"#, Energy.init).problems == ["confinement"])
  }

  @Test("as data they are a density alone", arguments: EnergyName.allCases)
  func data(_ name: EnergyName) throws {
    let data = try load(#"{"name": "energy", "energy": "\#(name)"}"#)
    guard case .none(let shape) = data.training, let energy = data.distribution as? Energy else {
      Issue.record("an energy has no examples")
      return
    }
    #expect(shape == [2] && data.exampleShape == [2] && energy.energy == name && data.name == energy.name)
    #expect(data.training.count == nil && data.training.rows(drawing: 5, name: "none") == nil)
    #expect(data.rows == nil && data.validation == nil && data.test == nil && data.wholeDistribution == nil)
    #expect(data.digest.count == 64 && data.classes == 0)
  }
}
