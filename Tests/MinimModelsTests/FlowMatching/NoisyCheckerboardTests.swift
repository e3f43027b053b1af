import MinimData
import MinimFiles
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct NoisyCheckerboardTests {
  @Test("log p_t, the field, its divergence and the covariance are the golden ones") func golden() throws {
    let golden = goldenField["densities", "checkerboard"]
    let board = Checkerboard(squares: 4, side: 1), noisy = NoisyCheckerboard(.linear, board)
    for point in try #require(golden["points"]?.array) {
      let x = try #require(point["x"]?.numbers), u = try #require(point["u"]?.numbers)
      let t = try #require(point["t"]?.number), found = noisy.posterior(x[0], x[1], at: t)
      #expect(try abs(Elementary.log(found.density) - #require(point["log_pt"]?.number)) < 1e-10)
      #expect(abs(found.velocity.0 - u[0]) < 1e-10 && abs(found.velocity.1 - u[1]) < 1e-10, "\(found.velocity)")
      #expect(try abs(found.divergence - #require(point["divergence"]?.number)) < 1e-9, "\(found.divergence)")
      let covariance = found.spread / ((1 - t) * (1 - t))
      #expect(try abs(covariance - #require(point["tr_cov_x1_minus_x0"]?.number)) < 1e-9, "\(covariance)")
    }
  }

  @Test("the floors are the golden ones for each path and distribution of times") func floors() throws {
    let golden = goldenField["data_floors", "checkerboard"], board = Checkerboard()
    let data = DataSplit.sample(board, rows: 50)
    for (key, times, isDiffusion) in [
      ("linear", "uniform", false), ("linear_late_t", "quadratic", false), ("trigonometric", "uniform", true),
    ] {
      let model = try FlowMatching.read(#"{"hidden": [4], "time": "\#(times)"}"#, data, isDiffusion: isDiffusion)
      let vector = try ParameterVector(model.parameters, precision: .float64)
      vector.initialize(seed: 1)
      let fit = try FieldFit(model, board, trained(vector, data: data))
      let unit = isDiffusion ? Double.pi * Double.pi / 4 : 1, expected = unit * (try #require(golden[key]?.number))
      #expect(abs(fit.floor - expected) < 2e-7, "\(key): \(fit.floor), \(expected)")
      #expect(abs(fit.covariance - fit.floor) < 1e-7 && abs(fit.loss - fit.fit - fit.floor) < 1e-9, "\(fit.covariance)")
      #expect(fit.moments.allSatisfy { abs($0.mass - 1) < 1e-9 })
    }
  }

  @Test("claims of a board with edges hold before training") func claims() throws {
    let data = DataSplit.sample(Checkerboard(), rows: 50)
    let model = try FlowMatching.read(#"{"hidden": [4], "steps": 10}"#, data, isDiffusion: false)
    let vector = try ParameterVector(model.parameters, precision: .float64)
    vector.initialize(seed: 1)
    let claims = try model.claims(trained(vector, data: data))
    for id in ["FM1", "FM2", "FM3", "FM3b"] {
      let claim = try #require(claims.first { $0.id == id })
      #expect(claim.verdict == .holds, "\(claim)")
    }
    #expect(claims.first { $0.id == "FM4" }?.verdict == .notApplicable)
  }
}
