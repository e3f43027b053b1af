import Foundation
import MinimAutodiff
import MinimFiles
import MinimKernels
import MinimModels
import TestSupport
import Testing

@Suite struct DiffusionTests {
  @Test("on the angle path posterior means, log p and velocity are the golden ones of a diffusion") func diffusion()
    throws
  {
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
}
