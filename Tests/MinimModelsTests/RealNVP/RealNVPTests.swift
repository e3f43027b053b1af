import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct RealNVPTests {
  private static let mixture = DataSplit.sample(GaussianMixture.fourClusters)

  @Test("it starts as the identity: the loss is that of a standard normal") func start() throws {
    let it = try SmallFlow(SmallFlow.couplings, Self.mixture)
    let rows = try #require(it.data.rows).values.map(Double.init)
    let square = rows.reduce(0) { $0 + $1 * $1 } / Double(it.data.rows?.count ?? 1)
    let loss = try evaluate(
      [it.model.objective(Batch(count: 200, of: it.data)).value], parameters: it.vector.values,
      inputs: [Batch.inputName: rows])[0][0]
    #expect(abs(loss - (square / 2 + 1.837877066409345)) < 1e-12)
  }

  @Test("with ActNorm it starts as the normal of the data's means and variances") func normalized() throws {
    let it = try SmallFlow(
      #"{"couplings": 4, "hidden": [16], "actNorm": true}"#, .sample(WarpedMixture.banana(deviation: 3)))
    let rows = TestSupport.rows(try #require(it.data.rows).values.map(Double.init), 2)
    let (mean, covariance) = moments(rows)
    let flow = try it.flow()
    let (start, spread) = moments(TestSupport.rows(flow.inverse(rows.flatMap { $0 }).points, 2))
    #expect(distance(start, [0, 0]) < 1e-10 && abs(spread[0][0] - 1) < 1e-10 && abs(spread[1][1] - 1) < 1e-10)
    let expected = rows.map { row in
      (0..<2).reduce(0.0) { sum, i in
        let z = (row[i] - mean[i]) * (row[i] - mean[i]) / covariance[i][i]
        return sum - 0.5 * (z + Elementary.log(covariance[i][i]) + 1.837877066409345)
      }
    }
    #expect(distance(flow.logProbs(rows.flatMap { $0 }), expected) < 1e-10)
  }

  @Test("samples are draws of its density: their moments are those of the density on a grid") func samples() throws {
    let it = try SmallFlow(SmallFlow.couplings, Self.mixture, scale: 0.4)
    let flow = try it.flow()
    let grid = DensityGrid(bounds: [-9...9, -9...9], cells: [400, 400], logProbs: flow.logProbs)
    #expect(abs(grid.mass - 1) < 1e-6)
    let drawn = TestSupport.rows(try it.model.draws(20_000, it.trained), 2)
    #expect(haveMoments(drawn, grid.mean, grid.covariance))
    #expect(!haveMoments(drawn, [0, 0], [[1, 0], [0, 1]]))
  }

  @Test("points as far as 1e6 have a finite density and a finite gradient, in Float", arguments: [0.3, 1, 3])
  func farPoints(_ scale: Double) throws {
    for section in [
      SmallFlow.couplings, #"{"couplings": 12, "hidden": [64, 64]}"#,
      #"{"couplings": 8, "hidden": [16], "bound": "none"}"#, #"{"couplings": 8, "actNorm": true, "affine": true}"#,
      #"{"couplings": 8, "hidden": [16], "activation": "relu"}"#,
    ] {
      let it = try SmallFlow(section, Self.mixture, scale: scale)
      let points: [Double] = [1e6, -1e6, 1e6, 1e6, 0, 1e6, -1e6, 0, 3e5, -1e6]
      let x = Tensor.input("x", shape: [5, 2])
      let value = it.model.logProb(x)
      let outputs = [value] + gradient(of: value.mean(), withRespectTo: it.model.parameters.entries.map(\.tensor))
      let run = try PlannedRun(outputs, parameters: it.vector.values, kernels: .current(.float32))
      let found = run.run(["x": points])
      #expect(found[0].allSatisfy { $0.isFinite }, "\(section)")
      if scale <= 1 { #expect(found.allSatisfy { $0.allSatisfy { $0.isFinite } }, "\(section)") }
    }
  }

  @Test("what each objective asks for: samples and F^-1, or the density and F; both the log-det") func uses() throws {
    let forward = FlowUse(try SmallFlow(SmallFlow.couplings, Self.mixture).model)
    #expect(forward.needsSamples && forward.inverse == 1 && forward.needsLogDet)
    #expect(forward.forward == 0 && forward.density == 0)
    let reverse = FlowUse(
      try SmallFlow(#"{"objective": "reverseKL", "couplings": 4, "hidden": [16]}"#, Self.mixture).model)
    #expect(!reverse.needsSamples && reverse.inverse == 0 && reverse.needsLogDet)
    #expect(reverse.forward == 1 && reverse.density == 1)
    // Along the path the density of a draw is that of F^-1 once more.
    let path = FlowUse(
      try SmallFlow(
        #"{"objective": "reverseKL", "pathGradient": true, "couplings": 4, "hidden": [16]}"#, Self.mixture
      ).model)
    #expect(path.forward == 1 && path.inverse == 1 && path.density == 1 && !path.needsSamples)
  }

  @Test(
    "what is wrong with a config is said",
    arguments: [
      (#"{"couplings": 2}"#, 1, "needs two values"),
      (#"{"couplings": 0, "affine": false}"#, 2, "nothing is left to learn"),
      (#"{"mask": "checkerboard"}"#, 2, "is for images"),
      (#"{"bound": "none", "activation": "relu"}"#, 2, "overflows"),
      (#"{"bound": "none", "hidden": []}"#, 2, "overflows"),
      (#"{"hidden": [0]}"#, 2, "1...65536"),
    ])
  func mistakes(_ section: String, _ dimensions: Int, _ word: String) throws {
    let density = GaussianMixture(
      name: "normal", means: [[Double](repeating: 0, count: dimensions)], sigmas: [1])
    let error = #expect(throws: ConfigurationErrors.self) { try SmallFlow(section, .sample(density)) }
    #expect("\(try #require(error))".contains(word))
  }

  @Test("a density without a gradient is no target of a reverse KL") func noGradient() throws {
    let error = #expect(throws: ConfigurationErrors.self) {
      try SmallFlow(#"{"objective": "reverseKL"}"#, .sample(Checkerboard()))
    }
    #expect("\(try #require(error))".contains("there is none"))
  }
}
