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

/// Flows of closed fields against golden numbers of their maps, costs and limits.
@Suite struct ClosedFlowTests {
  @Test("in one dimension the flow keeps ranks: the golden maps") func ranks() throws {
    let flow = try FieldFlow(
      of: MarginalField(.linear, goldenMixture()).velocity, dimensions: 1, steps: 400, untrained())
    for map in try #require(goldenField["map_1d"]["maps"]?.array) {
      let start = try #require(map["x0"]?.number)
      for time in ["0.25", "0.5", "0.75", "1.0"] {
        let found = try flow.flow([start], from: 0, to: #require(Double(time))).points[0]
        #expect(try abs(found - #require(map["x_\(time)"]?.number)) < 1e-8, "\(start) at \(time): \(found)")
      }
    }
  }

  @Test("what a flow moves, what its ways are from straight, and the floor: the golden parts of E |Y|^2") func budget()
    throws
  {
    let golden = goldenField["transport_budget"], field = MarginalField(.linear, try goldenMixture())
    let step = 0.02, noise = (0..<600).map { (Double($0) + 0.5) * step - 6 }
    let shares = noise.map { step * exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() }
    let flow = try FieldFlow(of: field.velocity, dimensions: 1, steps: 20, untrained())
    let rule = GaussLegendre(24)
    var state = noise, time = 0.0, speeds = [Double](repeating: 0, count: noise.count)
    let (x, t) = (Tensor.input("x", shape: [noise.count, 1]), Tensor.input("t", shape: [noise.count, 1]))
    for (node, weight) in zip(rule.nodes, rule.weights) {
      state = flow.flow(state, from: time, to: node).points
      time = node
      let velocities = try MinimAutodiff.evaluate(
        [field.velocity(x, t)], inputs: ["x": state, "t": noise.map { _ in node }])[0]
      for index in speeds.indices { speeds[index] += weight * velocities[index] * velocities[index] }
    }
    let ends = flow.flow(state, from: time, to: 1).points
    var (moved, all) = (0.0, 0.0)
    for index in noise.indices {
      let way: Double = ends[index] - noise[index]
      moved += shares[index] * way * way
      all += shares[index] * speeds[index]
    }
    #expect(try abs(moved - #require(golden["flow_cost"]?.number)) < 1e-5, "\(moved)")
    #expect(try abs(all - moved - #require(golden["S"]?.number)) < 1e-5, "\(all - moved)")
    #expect(try abs(#require(golden["coupling_cost"]?.number) - all - #require(golden["floor"]?.number)) < 1e-5)
  }

  @Test("guidance does not sample the tilted density: the golden means and deviations") func guidance() throws {
    let conditional = MarginalField(.linear, means: [[0.8]], covariances: [[[0.25]]], weights: [1])
    let plain = MarginalField(.linear, means: [[0]], covariances: [[[1]]], weights: [1])
    for item in try #require(goldenField["guidance"]["cases"]?.array) {
      func number(_ name: String) throws -> Double { try #require(item[name]?.number) }
      let w = try number("w")
      let flow = try FieldFlow(
        of: { conditional.velocity($0, $1) * (1 + w) - plain.velocity($0, $1) * w }, dimensions: 1, steps: 2000,
        divergences: .skipped, untrained())
      // The map is affine.
      let ends = flow.forward([0, 1]).points
      #expect(try abs(ends[0] - number("guided_mean")) < 1e-9, "\(ends)")
      #expect(try abs(ends[1] - ends[0] - number("guided_sd")) < 1e-9, "\(ends)")
    }
  }

  @Test("the field that ends in rows: golden velocities, and the floor of knowing them by heart") func rows() throws {
    let golden = goldenField["finite_data"], rows = try #require(golden["data"]?.matrix), n = rows.count
    let field = MarginalField(
      .linear, means: rows, covariances: rows.map { _ in .scaledIdentity(2, 0) },
      weights: rows.map { _ in 1 / Double(n) })
    for point in try #require(golden["points"]?.array) {
      let (x, t) = (Tensor.input("x", shape: [1, 2]), Tensor.input("t", shape: [1, 1]))
      let found = try MinimAutodiff.evaluate(
        [field.velocity(x, t)], inputs: ["x": #require(point["x"]?.numbers), "t": [#require(point["t"]?.number)]])[0]
      #expect(
        try zip(found, #require(point["u"]?.numbers)).allSatisfy { abs($0 - $1) < 1e-11 * max(1, abs($1)) }, "\(found)")
    }
    // E |Y - u|^2 over each row, a grid of noise, and times.
    let side = (0..<40).map { (Double($0) - 19.5) * 0.35 }, grid = side.flatMap { a in side.map { [a, $0] } }
    let shares = grid.map { 0.35 * 0.35 * exp(-($0[0] * $0[0] + $0[1] * $0[1]) / 2) / (2 * Double.pi) }
    let count = n * grid.count
    let data = Tensor.constant(rows.flatMap { row in grid.flatMap { _ in row } }, shape: [count, 2])
    let noise = Tensor.constant(rows.flatMap { _ in grid.flatMap { $0 } }, shape: [count, 2])
    let weights = Tensor.constant(rows.flatMap { _ in shares.map { $0 / Double(n) } }, shape: [count])
    let t = Tensor.input("t", shape: [1, 1]).broadcast(to: [count, 1])
    let error = (square(field.velocity(t * data + (1 - t) * noise, t) - data + noise).sum(axes: [1]) * weights).sum()
    let evaluator = try BatchEvaluator([[error]], chunk: 1, untrained())
    let rule = GaussLegendre(60)
    let values = evaluator.gather(60) { range, worker, results in
      worker.input(named: "t")?[0] = rule.nodes[range.lowerBound]
      results[0] = worker.run()[0]
    }
    let floor = zip(values, rule.weights).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(try abs(floor - #require(golden["memorising_floor"]?.number)) < 1e-6, "\(floor)")
  }

  @Test("the KL of a golden net's flow, by a grid") func netKL() throws {
    let flow = try FieldFlow(of: GoldenNet().velocity, dimensions: 1, steps: 200, untrained())
    let kl = flow.forwardKL(from: try goldenMixture())
    #expect(try abs(kl.value - #require(goldenField["kl_rate"]["KL"]?.number)) < 1e-7, "\(kl)")
  }

  @Test("the variance of a divergence by random signs: the golden value") func probes() throws {
    let golden = goldenField["hutchinson"], jacobian = Matrix(rows: try #require(golden["J"]?.matrix))
    #expect(try abs(jacobian.trace - #require(golden["trace"]?.number)) < 1e-12)
    let variance = FlowMatching.probeVariance(jacobian, symmetric: true)
    #expect(try abs(variance - #require(golden["variance_signs"]?.number)) < 1e-12, "\(variance)")
    let wrong = FlowMatching.probeVariance(jacobian, symmetric: false)
    #expect(try abs(wrong - #require(golden["variance_signs_with_J_for_S_WRONG"]?.number)) < 1e-12, "\(wrong)")
  }

  @Test("divergences by random signs are right on average, and stay the same along a way") func probedLogProbs() throws
  {
    let field = MarginalField(.linear, .fourClusters)
    func flow(_ divergences: FieldFlow.Divergences) throws -> FieldFlow {
      try FieldFlow(of: field.velocity, dimensions: 2, steps: 20, divergences: divergences, untrained())
    }
    let point = [0.4, 0.3], exact = try flow(.exact).logProbs(point)[0]
    let many = try flow(.probed(RandomKey(seed: 3))).logProbs((0..<2000).flatMap { _ in point })
    let (mean, error) = Statistics.mean(many)
    #expect(abs(mean - exact) < 4 * error + 1e-12 && error > 1e-4, "\(mean) +- \(error), \(exact)")
    // With two values the product of both signs alone counts: two results, not one for every slope.
    #expect(Set(many.map { ($0 * 1e9).rounded() }).count == 2)
  }
}
