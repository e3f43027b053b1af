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
      #expect(abs(fit.loss - fit.fit - fit.floor) < 1e-9 && fit.fit > 1e-3)
      guard key == "linear" else { continue }
      // The trap: a target whose noise is not that of the point has another minimum.
      let wrong = try #require(golden["x0_drawn_twice_WRONG"]?.number)
      #expect(abs(fit.otherNoise - wrong) < 3e-7, "\(fit.otherNoise)")
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

  @Test("the floor of noise and of data are those of the velocity, each time with its weight") func predictions() throws
  {
    let plain = try Self.fit(.fourClusters, #"{"hidden": [4]}"#)
    for (name, predicted) in [("noise", FieldPrediction.noise), ("data", .data)] {
      let fit = try Self.fit(.fourClusters, #"{"hidden": [4], "predict": "\#(name)"}"#)
      let expected = plain.moments.reduce(0) { $0 + $1.weight * predicted.weight(.linear, $1.time) * $1.floor }
      #expect(abs(fit.floor - expected) < 1e-12 && abs(fit.floor - plain.floor) > 0.1, "\(name): \(fit.floor)")
      // On the straight path an error of the noise is t times that of the velocity, and one of the data 1 - t times.
      let first = try #require(fit.moments.first), weight = try #require(plain.moments.first).weight
      let factor = predicted == .noise ? first.time : 1 - first.time
      #expect(abs(first.weight - weight * factor * factor) < 1e-15)
    }
  }
}
