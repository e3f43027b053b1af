import Foundation
import MinimConfiguration
import MinimData
import MinimFiles
import MinimKernels
import TestSupport
import Testing

@Suite struct TanhGaussianTests {
  private static let key = RandomKey(seed: 31).folding(.data)
  private static let model = TanhGaussian()
  private static let points = Golden["vae", "nonlinear_2d", "points"].array ?? []

  @Test func weightsAreGolden() {
    func golden(_ key: String) -> JSON { Golden["vae", "nonlinear_2d", key] }
    #expect(TanhGaussian.innerWeights.allRows == golden("V1").matrix && TanhGaussian.innerBias == golden("c1").numbers)
    #expect(TanhGaussian.outerWeights.allRows == golden("V2").matrix && TanhGaussian.outerBias == golden("c2").numbers)
    #expect(Self.model.sigma == golden("sigma_x").number)
  }

  /// Sums over a grid of latents: log p(x), and the ELBO of a fixed normal.
  @Test("integrals of the joint density are golden", arguments: 0..<3) func integrals(_ index: Int) throws {
    let point = try #require(Self.points.indices.contains(index) ? Self.points[index] : nil)
    let x = try #require(point["x"]?.numbers), fixed = try #require(point["elbo_at_fixed_q"])
    let (m, s) = (try #require(fixed["mean"]?.numbers), try #require(fixed["std"]?.numbers))
    var (mass, elbo) = (0.0, 0.0)
    let step = 0.04
    for i in -200...200 {
      for j in -200...200 {
        let z = [Double(i) * step, Double(j) * step]
        let logJoint = Self.model.logJoint(x, z)
        mass += exp(logJoint)
        let e = (0..<2).map { (z[$0] - m[$0]) / s[$0] }
        let logQ = -0.5 * (e[0] * e[0] + e[1] * e[1]) - log(2 * .pi * s[0] * s[1])
        elbo += exp(logQ) * (logJoint - logQ)
      }
    }
    let logProb = log(mass * step * step)
    #expect(abs(logProb - (try #require(point["log_px"]?.number))) < 1e-9)
    #expect(abs(elbo * step * step - (try #require(fixed["elbo"]?.number))) < 1e-9)
    // The controls: the bound is below, and another noise has another density.
    #expect(elbo * step * step < logProb - 1)
    #expect(abs(TanhGaussian(sigma: 0.4).logJoint(x, m) - Self.model.logJoint(x, m)) > 1e-2)
  }

  @Test func rowsByTheDefinition() {
    let data = Self.model.dataset(rows: 20, key: Self.key)
    #expect(data.exampleShape == [3] && data.count == 20 && Self.model.dataset(key: Self.key).count == 2000)
    for (index, row) in rows(of: data).enumerated() {
      let key = Self.key.folding(UInt64(index))
      let normals = (0..<5).map { key.normal(at: UInt64($0)) }
      let hidden = (0..<3).map { h in
        tanh(zip(TanhGaussian.innerWeights.row(h), normals).reduce(TanhGaussian.innerBias[h]) { $0 + $1.0 * $1.1 })
      }
      let expected = (0..<3).map { i in
        zip(TanhGaussian.outerWeights.row(i), hidden).reduce(TanhGaussian.outerBias[i]) { $0 + $1.0 * $1.1 }
          + 0.3 * normals[2 + i]
      }
      #expect(distance(row, expected) < 1e-6)
    }
    #expect(Self.model.dataset(rows: 7, key: Self.key).values == Array(data.values[..<21]))
    #expect(Self.model.dataset(rows: 20, key: RandomKey(seed: 32)).values != data.values)
  }

  @Test func configuration() throws {
    let reader = ConfigurationReader(
      try ConfigurationSource(texts: [("c.json", #"{"sigma": 0.5, "rows": 12}"#)]))
    let model = TanhGaussian(reader.root)
    try reader.finish()
    #expect(model.sigma == 0.5 && model.dataset(key: Self.key).count == 12)
  }
}
