import Foundation
import MinimAutodiff
import MinimFiles
import MinimKernels
import MinimModels
import TestSupport
import Testing

@Suite struct PredictionTests {
  @Test("on the angle path posterior means, log p and velocity are the golden ones of a diffusion") func diffusion() throws {
    let golden = goldenField["parametrisations"]
    let angle = try MarginalField(.angle, golden: #require(golden["mixture"]))
    let linear = try MarginalField(.linear, golden: #require(golden["mixture"]))
    for point in try #require(golden["points"]?.array) {
      func numbers(_ name: String) throws -> [Double] { try #require(point[name]?.vector) }
      let (alpha, sigma) = try (numbers("alpha")[0], numbers("sigma")[0])
      let z = try numbers("z"), time = atan2(alpha, sigma) / (Double.pi / 2)
      let (x, t) = (Tensor.input("x", shape: [1, 2]), Tensor.input("t", shape: [1, 1]))
      let posterior = angle.posterior(x, t)
      let found = try MinimAutodiff.evaluate(
        [posterior.data, posterior.noise, posterior.logProb, angle.velocity(x, t) * (-2 / Double.pi)],
        inputs: ["x": z, "t": [time]])
      for (name, values) in zip(["E_data", "E_noise", "log_p", "v"], found) {
        let expected = try numbers(name)
        #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-11 * max(1, abs($1)) }, "\(name): \(values)")
      }
      // The same net serves both paths, at another place and time.
      let place = z.map { $0 / (alpha + sigma) }
      let straight = try MinimAutodiff.evaluate(
        [linear.velocity(x, t)], inputs: ["x": place, "t": [alpha / (alpha + sigma)]])[0]
      #expect(zip(straight, try numbers("linear_path_velocity")).allSatisfy { abs($0 - $1) < 1e-11 }, "\(straight)")
    }
  }

  @Test("a velocity, a noise and a datum that mean the same give the same velocity", arguments: ProbabilityPath.allCases)
  func velocities(_ path: ProbabilityPath) throws {
    let (data, noise) = ([0.3, -1.2], [0.8, 0.1])
    let (d, n, t) = (Tensor.input("d", shape: [1, 2]), Tensor.input("n", shape: [1, 2]), Tensor.input("t", shape: [1, 1]))
    let factors = path.factors(t)
    let x = factors.alpha * d + factors.sigma * n
    for time in [0.2, 0.5, 0.9] {
      let values = try MinimAutodiff.evaluate(
        Prediction.allCases.map { $0.velocity($0.target(data: d, noise: n, factors), at: x, factors) },
        inputs: ["d": data, "n": noise, "t": [time]])
      for value in values.dropFirst() {
        #expect(zip(value, values[0]).allSatisfy { abs($0 - $1) < 1e-12 }, "\(path), t = \(time): \(values)")
      }
    }
  }
}
