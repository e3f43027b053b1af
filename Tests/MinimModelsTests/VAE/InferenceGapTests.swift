import Foundation
import MinimConfiguration
import MinimData
import MinimModels
import MinimNN
import MinimParallel
import TestSupport
import Testing

/// Gaps against numbers that were found by other means: closed forms of a linear decoder, and searches with many starts of
/// a curved one.
@Suite struct InferenceGapTests {
  /// A model with given decoder layers, whose encoder says the same of every example.
  private func model(
    _ section: String, layers: [(weight: [[Double]], bias: [Double])], mean: [Double], deviations: [Double],
    examples: [[Double]]
  ) throws -> (VAE, Trained, Dataset) {
    let reader = ConfigurationReader(try ConfigurationSource(texts: [(name: "gap.json", text: section)]))
    let inputs = examples[0].count
    let vae = VAE(VAEConfiguration(reader.root), exampleShape: [inputs])
    try reader.finish()
    let vector = try ParameterVector(vae.parameters, precision: .float64)
    for entry in vae.parameters.entries {
      let parts = entry.path.split(separator: ".").map(String.init)
      switch (parts[0], parts.last) {
      case ("encoder", "bias"): vector[entry] = mean + deviations.map { log($0) }
      case ("decoder", "weight"):
        // [inputs, outputs] here, [outputs][inputs] on paper.
        let weight = layers[try #require(Int(parts[1]))].weight
        vector[entry] = weight[0].indices.flatMap { column in weight.map { $0[column] } }
      case ("decoder", "bias"): vector[entry] = layers[try #require(Int(parts[1]))].bias
      default: vector[entry] = [Double](repeating: 0, count: entry.shape.reduce(1, *))
      }
    }
    let data = Dataset(name: "points", exampleShape: [inputs], values: examples.flatMap { $0.map { Float($0) } })
    let split = DataSplit(name: data.name, training: .rows(data))
    return (vae, trained(vector, data: split), data)
  }

  /// The golden linear decoder, with an encoder that says the same of every example.
  private func linearModel(mean: [Double], deviations: [Double]) throws -> (VAE, Trained, Dataset) {
    let golden = Golden["vae", "linear_gaussian"]
    return try model(
      #"{"latent": 2, "encoder": [], "decoder": [], "standardDeviation": 0.5}"#,
      layers: [(try matrix(golden["W"]), try numbers(golden["b"]))], mean: mean, deviations: deviations,
      examples: try (golden["points"]?.array ?? []).map { try numbers($0["x"]) })
  }

  private func numbers(_ json: JSON?) throws -> [Double] { try #require(json?.numbers) }

  private func matrix(_ json: JSON?) throws -> [[Double]] { try #require(json?.matrix) }

  @Test("a linear decoder: both gaps are those of the closed forms")
  func linear() throws {
    let golden = Golden["vae", "linear_gaussian"]
    let points = try #require(golden["points"]?.array)
    let test = try #require(points[0]["q_test"])
    let (vae, it, data) = try linearModel(
      mean: try numbers(test["mean"]), deviations: try numbers(test["var"]).map { $0.squareRoot() })
    let gaps = try vae.inferenceGaps(data, it)
    #expect(gaps.count == 3 && points.count == 3)
    let approximation = try #require(golden["approximation_gap"]?.number)
    for (gap, point) in zip(gaps, points) {
      // The golden points are rounded to Float on their way into the data.
      #expect(abs(gap.logProb - (point["log_px"]?.number ?? 0)) < 1e-5)
      #expect(abs(gap.encoderBound - (point["q_test"]?["elbo"]?.number ?? 0)) < 1e-5)
      #expect(abs(gap.approximation - approximation) < 1e-6)
      #expect(abs(gap.amortization - (point["q_test"]?["amortization_gap"]?.number ?? 0)) < 1e-5)
      #expect(abs(gap.inference - gap.approximation - gap.amortization) < 1e-12)
      #expect(gap.agreeingStarts == 2 && gap.gradientNorm < 1e-2)
      // The posterior is a normal, so the family with covariances leaves nothing.
      #expect(abs(gap.logProb - gap.fullBound) < 1e-6)
    }
  }

  @Test("a curved decoder: the best normals are those that many starts found")
  func curved() throws {
    let golden = Golden["vae", "nonlinear_2d"]
    let points = try #require(golden["points"]?.array)
    let fixed = try #require(points[0]["elbo_at_fixed_q"])
    let (vae, it, data) = try model(
      #"{"latent": 2, "encoder": [], "decoder": [3], "standardDeviation": 0.3}"#,
      layers: [
        (try matrix(golden["V1"]), try numbers(golden["c1"])), (try matrix(golden["V2"]), try numbers(golden["c2"])),
      ], mean: try numbers(fixed["mean"]), deviations: try numbers(fixed["std"]),
      examples: try points.map { try numbers($0["x"]) })
    for (gap, point) in zip(try vae.inferenceGaps(data, it), points) {
      #expect(abs(gap.logProb - (point["log_px"]?.number ?? 0)) < 1e-5)
      #expect(abs(gap.encoderBound - (point["elbo_at_fixed_q"]?["elbo"]?.number ?? 0)) < 1e-4)
      for (name, bound) in [("mean_field", gap.meanFieldBound), ("full_cov", gap.fullBound)] {
        let best = try #require(point["best_found"]?[name]?["elbo"]?.number)
        #expect(abs(bound - best) < 1e-5, "\(name): \(bound), many starts \(best)")
      }
      #expect(gap.approximation > 0 && gap.amortization > 1)
    }
  }

  @Test(
    "a search ends no lower than it starts, is the same for any number of workers, and a control that descends is worse"
  )
  func search() throws {
    let (vae, it, data) = try linearModel(mean: [0.1, -0.2], deviations: [0.5, 0.7])
    let starts = [[Double]](repeating: [0.1, -0.2, log(0.5), log(0.7), 0], count: data.count)
    func bounds(_ search: PosteriorSearch, workers: Int = 1) throws -> [Double] {
      try search.search(
        vae, data, from: starts, trained(it.parameters, data: it.data, workers: workers)
      ).map(\.bound)
    }
    let none = try bounds(PosteriorSearch(steps: 1, rate: 0, hasCovariance: false))
    let found = try bounds(PosteriorSearch(hasCovariance: false))
    let descending = try bounds(PosteriorSearch(rate: -0.3, hasCovariance: false))
    for index in found.indices {
      #expect(found[index] > none[index] + 0.1)
      #expect(descending[index] < found[index] - 0.1 && descending[index] >= none[index])
    }
    for workers in [2, 3] {
      #expect(try bounds(PosteriorSearch(hasCovariance: false), workers: workers) == found)
    }
  }
}
