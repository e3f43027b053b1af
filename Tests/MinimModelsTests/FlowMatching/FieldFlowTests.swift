import MinimAutodiff
import MinimData
import MinimFiles
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct FieldFlowTests {
  /// Nothing to train: a field in closed form has no parameters.
  private static func fixed() throws -> Trained {
    trained(try ParameterVector(ParameterScope().layout, precision: .float64), data: patternData(2, 2))
  }

  private static func flow(
    _ field: MarginalField, _ steps: Int, _ rule: SolverRule = .rungeKutta, dimensions: Int = 2
  ) throws -> FieldFlow {
    try FieldFlow(of: field.velocity, dimensions: dimensions, steps: steps, rule: rule, Self.fixed())
  }

  @Test("log p along the way back: the golden values of fixed numbers of steps, and the density itself") func logProbs()
    throws
  {
    for point in try #require(goldenField["log_p_ode", "points"].array) {
      let name = try #require(point["mixture"]?.string), x = try #require(point["x"]?.vector)
      let field = try MarginalField(golden: goldenField["field", name])
      for (steps, value) in try #require(point["rk4_log_p"]).members {
        let found = try Self.flow(field, #require(Int(steps)), dimensions: x.count).logProbs(x)[0]
        #expect(abs(found - value.number!) < 1e-10, "\(name) at \(x), \(steps) steps: \(found)")
      }
      let exact = try #require(point["log_p"]?.number), start = try #require(point["x0"]?.vector)
      let many = try Self.flow(field, 400, dimensions: x.count)
      #expect(abs(many.logProbs(x)[0] - exact) < 1e-7)
      #expect(zip(many.inverse(x).points, start).allSatisfy { abs($0 - $1) < 1e-7 })
    }
  }

  @Test("the rules end where they must, with the golden errors and slopes") func orders() throws {
    let golden = goldenField["order"]
    let field = try MarginalField(golden: #require(golden["mixture"]))
    let start = try #require(golden["x0"]?.matrix).flatMap { $0 },
      end = try #require(golden["x1"]?.matrix).flatMap { $0 }
    for (name, rule) in [("euler", SolverRule.euler), ("heun", .heun), ("rk4", .rungeKutta)] {
      let method = try #require(golden["methods"]?[name])
      let steps = try #require(method["steps"]?.integers), errors = try #require(method["max_error"]?.numbers)
      for (count, expected) in zip(steps, errors) {
        let found = try Self.flow(field, count, rule).forward(start).points
        let error = zip(found, end).map { abs($0 - $1) }.max() ?? 0
        #expect(abs(error - expected) < 0.02 * expected + 1e-12, "\(name), \(count) steps: \(error)")
      }
    }
  }

  @Test("a normal's way in closed form, on both paths; Euler's and Heun's steps are the golden ones") func normal()
    throws
  {
    let golden = goldenField["gaussian"]
    let mean = try #require(golden["mean"]?.numbers),
      covariance = Matrix(rows: try #require(golden["covariance"]?.matrix))
    let field = MarginalField(.linear, means: [mean], covariances: [covariance], weights: [1])
    for way in try #require(golden["trajectories"]?.array) {
      let start = try #require(way["x0"]?.numbers)
      for (time, expected) in try #require(way["x"]).members {
        let found = try Self.flow(field, 400).flow(start, from: 0, to: #require(Double(time))).points
        let end1 = try #require(expected.numbers)
        #expect(zip(found, end1).allSatisfy { abs($0 - $1) < 1e-9 }, "t = \(time): \(found)")
      }
      for (name, rule) in [("euler_10", SolverRule.euler), ("heun_10", .heun)] {
        let found = try Self.flow(field, 10, rule).forward(start).points
        let end2 = try #require(way[name]?.numbers)
        #expect(zip(found, end2).allSatisfy { abs($0 - $1) < 1e-11 }, "\(name): \(found)")
      }
    }
    let angle = MarginalField(.angle, means: [mean], covariances: [covariance], weights: [1])
    let start = try #require(golden["trigonometric"]?["x0"]?.numbers)
    for (time, expected) in try #require(golden["trigonometric"]?["x"]).members {
      let found = try Self.flow(angle, 400).flow(start, from: 0, to: #require(Double(time))).points
      let end1 = try #require(expected.numbers)
      #expect(zip(found, end1).allSatisfy { abs($0 - $1) < 1e-9 }, "angle, t = \(time): \(found)")
    }
  }

  @Test("there and back is where it began, and the log-dets cancel") func roundTrip() throws {
    let flow = try Self.flow(MarginalField(golden: goldenField["field", "mixture_2d"]), 100)
    let u = [0.3, -0.2, 1.5, 0.4, -2, -1.1]
    let there = flow.forward(u), back = flow.inverse(there.points)
    #expect(zip(back.points, u).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(zip(there.logDets, back.logDets).allSatisfy { abs($0 + $1) < 1e-6 })
    #expect(there.logDets.contains { abs($0) > 0.1 })
  }
}
