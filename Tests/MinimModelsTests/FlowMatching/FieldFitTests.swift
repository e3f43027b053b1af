import MinimData
import MinimFiles
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct FieldFitTests {
  /// An untrained model of a mixture.
  private static func fit(_ mixture: GaussianMixture, _ section: String, isDiffusion: Bool = false) throws -> FieldFit {
    let data = DataSplit.sample(mixture, rows: 50)
    let model = try FlowMatching.read(section, data, isDiffusion: isDiffusion)
    let vector = try ParameterVector(model.parameters, precision: .float64)
    vector.initialize(seed: 1)
    return try FieldFit(model, mixture, trained(vector, data: data))
  }

  @Test(
    "the floors of known data are the golden ones for each path and distribution of times",
    arguments: [
      ("twoMoons", GaussianMixture.twoMoons(noise: 0.1)), ("fourClusters", .fourClusters), ("ring8", .ring()),
    ])
  func floors(_ name: String, _ mixture: GaussianMixture) throws {
    let golden = goldenField["data_floors", name]
    for (key, times, isDiffusion) in [
      ("linear", "uniform", false), ("linear_late_t", "quadratic", false),
      ("linear_logit_normal_t", "logitNormal", false), ("trigonometric", "uniform", true),
    ] {
      let fit = try Self.fit(mixture, #"{"hidden": [4], "time": "\#(times)"}"#, isDiffusion: isDiffusion)
      // Golden numbers of the angle path are per unit of the angle, which is pi t / 2.
      let unit = isDiffusion ? Double.pi * Double.pi / 4 : 1
      let expected = unit * (try #require(golden[key]?.number))
      #expect(abs(fit.floor - expected) < (times == "logitNormal" ? 1e-5 : 3e-7), "\(name), \(key): \(fit.floor)")
      #expect(abs(fit.covariance - fit.floor) < (times == "logitNormal" ? 1e-5 : 1e-6), "\(fit.covariance)")
      #expect(fit.moments.allSatisfy { abs($0.mass - 1) < 1e-9 })
    }
  }

  @Test("the fit of a normal to itself is 0, and its floor that of the formula") func normal() throws {
    let normal = GaussianMixture.correlatedNormal(mean: [1, -1], deviations: [1, 0.7], correlation: 0.8)
    for isDiffusion in [false, true] {
      let fit = try Self.fit(normal, #"{"hidden": [4]}"#, isDiffusion: isDiffusion)
      #expect(fit.fit < 1e-20 && fit.floor > 0.1, "\(fit.fit), \(fit.floor)")
      #expect(abs(fit.covariance - fit.floor) < 1e-9)
    }
  }
}
