import MinimAutodiff
import MinimData
import MinimFiles
import MinimKernels
import MinimModels
import TestSupport
import Testing

@Suite struct MarginalFieldTests {
  @Test(
    "log p_t, the field, its divergence, the posterior means and the score are the golden ones",
    arguments: [("mixture_1d", "points_1d"), ("mixture_2d", "points_2d"), ("mixture_2d_full", "points_2d_full")])
  func golden(_ mixture: String, _ points: String) throws {
    let field = try MarginalField(golden: goldenField["field", mixture])
    for point in try #require(goldenField["field", points].array) { try Self.compare(field, point) }
  }

  @Test("the same for two moons of 64 components") func twoMoons() throws {
    let field = MarginalField(.linear, .twoMoons(noise: 0.1))
    for point in try #require(goldenField["densities", "two_moons", "points"].array) { try Self.compare(field, point) }
  }

  private static func compare(_ field: MarginalField, _ point: JSON) throws {
    let x = try #require(point["x"]?.vector), time = try #require(point["t"]?.number)
    let input = Tensor.input("x", shape: [1, x.count]), t = Tensor.input("t", shape: [1, 1])
    let posterior = field.posterior(input, t), u = field.velocity(input, t)
    let score = gradient(of: posterior.logProb.sum(), withRespectTo: [input])[0]
    let values = try MinimAutodiff.evaluate(
      [posterior.logProb, u, divergence(of: u, input), posterior.data, posterior.noise, score],
      inputs: ["x": x, "t": [time]])
    let names = ["log_pt", "u", "divergence", "E_x1", "E_x0", "score"]
    for (name, found) in zip(names, values) {
      guard let expected = point[name]?.vector else { continue }
      let scale = expected.reduce(1) { max($0, abs($1)) }
      let difference = zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(difference < 1e-9 * scale, "\(name) at \(x), t = \(time): \(found)")
    }
    #expect(point["u"] != nil && point["log_pt"] != nil)
  }

  @Test("whitened draws of the way are standard normal at every time") func whitened() throws {
    let covariance = Matrix(rows: [[1.2, 0.5], [0.5, 0.4]]), mean = [0.7, -0.3]
    let field = MarginalField(.angle, means: [mean], covariances: [covariance], weights: [1])
    let (x, t) = (Tensor.input("x", shape: [3, 2]), Tensor.input("t", shape: [3, 1]))
    for time in [0.0, 0.3, 1] {
      let factors = ProbabilityPath.angle.factors(time)
      let v = covariance.scaled(by: factors.alpha * factors.alpha).adding(
        .identity(2), times: factors.sigma * factors.sigma)
      let points = [[0.2, 0.1], [-1, 0.9], [1.3, -0.6]]
      let z = try MinimAutodiff.evaluate(
        [field.whitened(x, t)], inputs: ["x": points.flatMap { $0 }, "t": [time, time, time]])[0]
      for (index, point) in points.enumerated() {
        let rest = zip(point, mean).map { $0 - factors.alpha * $1 }
        // z = V^(-1/2) rest: V z' z = ... in the metric of V, |z|^2 is rest V^-1 rest.
        let solved = try #require(Cholesky(v)).whiten(rest)
        let square = z[2 * index] * z[2 * index] + z[2 * index + 1] * z[2 * index + 1]
        #expect(abs(square - solved.reduce(0) { $0 + $1 * $1 }) < 1e-12)
      }
    }
  }
}
