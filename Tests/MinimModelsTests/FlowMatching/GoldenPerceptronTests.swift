import Foundation
import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimFiles
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// A net of the plane with all its losses, gradients, Jacobians and densities.
@Suite struct GoldenPerceptronTests {
  private static let golden = goldenField["mlp_2d"]

  /// The parameters as constants, or as inputs that gradients are taken of.
  private struct Net {
    let parameters: [(name: String, tensor: Tensor, values: [Double])]

    init() throws {
      let net = try #require(golden["net"])
      parameters = try [("W1", [4, 3]), ("b1", [3]), ("W2", [3, 3]), ("b2", [3]), ("W3", [3, 2]), ("b3", [2])].map {
        name, shape in
        (name, Tensor.input(name, shape: shape), try #require(net[name]?.flat))
      }
    }

    /// The net with parameters that are given.
    func velocity(_ x: Tensor, _ t: Tensor, _ p: [Tensor]) -> Tensor {
      var h = concatenate([x, sin(t * Double.pi), cos(t * Double.pi)], axis: 1)
      for layer in 0..<3 {
        h = matmul(h, p[2 * layer]) + p[2 * layer + 1]
        if layer < 2 { h = tanh(h) }
      }
      return h
    }

    func velocity(_ x: Tensor, _ t: Tensor) -> Tensor {
      velocity(x, t, parameters.map { .constant($0.values, shape: $0.tensor.shape) })
    }
  }

  private static func mixture() throws -> GaussianMixture { try GaussianMixture(golden: #require(golden["mixture"])) }

  @Test("losses and gradients on explicit draws") func draws() throws {
    let net = try Net(), golden = Self.golden, draws = try #require(golden["draws"])
    let (data, noise) = (Tensor.input("x1", shape: [6, 2]), Tensor.input("x0", shape: [6, 2]))
    let t = Tensor.input("t", shape: [6, 1])
    let x = t * data + (1 - t) * noise
    let v = net.velocity(x, t, net.parameters.map(\.tensor)),
      u = MarginalField(.linear, try Self.mixture()).velocity(x, t)
    var inputs = Dictionary(uniqueKeysWithValues: net.parameters.map { ($0.name, $0.values) })
    for name in ["x0", "x1", "t"] { inputs[name] = try #require(draws[name]?.flat) }
    for (key, gradientKey, target) in [("L_CFM_on_draws", "grad_CFM", data - noise), ("L_FM_on_draws", "grad_FM", u)] {
      let loss = square(v - target).sum(axes: [1]).mean()
      let values = try MinimAutodiff.evaluate(
        [loss] + gradient(of: loss, withRespectTo: net.parameters.map(\.tensor)), inputs: inputs)
      #expect(try abs(values[0][0] - #require(golden[key]?.number)) < 1e-12 * 5, "\(key): \(values[0])")
      for (parameter, found) in zip(net.parameters, values.dropFirst()) {
        let expected = try #require(golden[gradientKey]?[parameter.name]?.flat)
        #expect(distance(found, expected) < 1e-11, "\(gradientKey), \(parameter.name)")
      }
    }
    let velocities = try MinimAutodiff.evaluate([u], inputs: inputs)[0]
    #expect(try distance(velocities, #require(golden["u_star_at_draws"]?.flat)) < 1e-11)
  }

  @Test("Jacobians, divergences, and divergences by signs") func points() throws {
    let net = try Net()
    let (x, t) = (Tensor.input("x", shape: [1, 2]), Tensor.input("t", shape: [1, 1])), v = net.velocity(x, t)
    let rows = (0..<2).map { gradient(of: v.slice([0, $0], shape: [1, 1]).sum(), withRespectTo: [x])[0] }
    for point in try #require(Self.golden["points"]?.array) {
      let values = try MinimAutodiff.evaluate(
        [v, divergence(of: v, x)] + rows,
        inputs: ["x": #require(point["x"]?.numbers), "t": [#require(point["t"]?.number)]])
      #expect(try distance(values[0], #require(point["v"]?.numbers)) < 1e-12)
      #expect(try abs(values[1][0] - #require(point["divergence"]?.number)) < 1e-12)
      #expect(try distance(values[2] + values[3], #require(point["jacobian"]?.flat)) < 1e-12)
      let variance = FlowMatching.probeVariance(Matrix(2, 2, values[2] + values[3]), symmetric: true)
      #expect(try abs(variance - #require(point["variance_signs"]?.number)) < 1e-12)
    }
  }

  @Test("densities along the way back, mass, KL and both losses") func density() throws {
    let net = try Net(), golden = Self.golden, mixture = try Self.mixture()
    for point in try #require(golden["log_p"]?.array) {
      let x = try #require(point["x"]?.numbers)
      for (steps, expected) in try #require(point["rk4_log_p"]).members {
        let flow = try FieldFlow(of: net.velocity, dimensions: 2, steps: #require(Int(steps)), untrained())
        #expect(abs(flow.logProbs(x)[0] - expected.number!) < 1e-10, "\(steps) steps")
      }
      let flow = try FieldFlow(of: net.velocity, dimensions: 2, steps: 400, untrained()), image = flow.inverse(x)
      #expect(try distance(image.points, #require(point["x0"]?.numbers)) < 1e-8)
      #expect(try abs(image.logDets[0] - #require(point["log_det_dx0_dx"]?.number)) < 1e-8)
      #expect(try abs(flow.logProbs(x)[0] - #require(point["log_p"]?.number)) < 1e-9 * 10)
    }
    let flow = try FieldFlow(of: net.velocity, dimensions: 2, steps: 60, untrained())
    let kl = flow.forwardKL(from: mixture, cells: mixture.cells.map { ($0 + 2) / 3 }, above: 1e-14)
    #expect(try abs(kl - #require(golden["KL_data_model"]?.number)) < 1e-7, "\(kl)")
    let measure = try FieldMeasure(of: net.velocity, .linear, mixture, untrained()), rule = GaussLegendre(24)
    let moments = zip(rule.nodes, rule.weights).map { (measure.moment(at: $0), $1) }
    let fit = moments.reduce(0) { $0 + $1.1 * $1.0.fit },
      loss = moments.reduce(0) { $0 + $1.1 * ($1.0.square + $1.0.own) }
    #expect(try abs(fit - #require(golden["L_FM_population"]?.number)) < 1e-8, "\(fit)")
    #expect(try abs(loss - #require(golden["L_CFM_population"]?.number)) < 1e-8, "\(loss)")
  }
}
