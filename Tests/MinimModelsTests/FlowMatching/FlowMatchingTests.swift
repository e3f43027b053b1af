import MinimAutodiff
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct FlowMatchingTests {
  private static let moons = DataSplit.sample(GaussianMixture.twoMoons(noise: 0.3), rows: 200)

  private static func model(_ section: String, isDiffusion: Bool = false, _ data: DataSplit = moons) throws
    -> FlowMatching
  {
    try FlowMatching.read(section, data, isDiffusion: isDiffusion)
  }

  private static func start(_ model: FlowMatching, _ data: DataSplit = moons) throws -> Trained {
    let vector = try ParameterVector(model.parameters, precision: .float64)
    vector.initialize(seed: 3)
    return trained(vector, data: data)
  }

  @Test("before the first step the flow is the moment-matched normal, on both paths", arguments: [false, true])
  func start(_ isDiffusion: Bool) throws {
    let model = try Self.model(#"{"hidden": [4]}"#, isDiffusion: isDiffusion)
    let density = GaussianMixture.twoMoons(noise: 0.3)
    let normal = try #require(Cholesky(Matrix(rows: density.covariance)))
    let points = [0.3, 0.4, -0.9, 0.5, 1.5, -1]
    let found = try FieldFlow(model, steps: 200, Self.start(model)).logProbs(points)
    for (index, value) in found.enumerated() {
      let z = normal.whiten(zip(points[2 * index..<2 * index + 2], density.mean).map { $0 - $1 })
      let square: Double = z[0] * z[0] + z[1] * z[1]
      let exact: Double = -square / 2 - normal.logDeterminant / 2 - 2 * 0.918938533204672741780329736406
      #expect(abs(value - exact) < 1e-6, "\(value), \(exact)")
    }
  }

  @Test("all claims of an untrained model hold, but that training has reached something", arguments: [false, true])
  func claims(_ isDiffusion: Bool) throws {
    let model = try Self.model(#"{"hidden": [8], "time": "quadratic"}"#, isDiffusion: isDiffusion)
    let claims = try model.claims(Self.start(model))
    let own =
      ["FM15", "FM14", "FM6b", "FM8", "FM13"] + (isDiffusion ? ["DM7", "DM6"] : []) + ["FM6", "FM7", "FM7b", "FM11"]
    let closed =
      ["FM1", "FM2"] + (isDiffusion ? ["DM1"] : []) + [
        "FM2b", "FM3", "FM3b", "FM4", "FM4b", "FM5", "FM5b", "FM10", "FM12",
      ]
      + (isDiffusion ? ["DM2", "DM3", "DM4", "DM5", "DM10"] : []) + ["FM9"]
    #expect(claims.map(\.id) == own + closed)
    for claim in claims where !["FM7b", "FM8", "FM5", "FM5b"].contains(claim.id) {
      #expect(claim.verdict == .holds, "\(claim)")
    }
    // The Jacobians of a normal's field are symmetric, and the data have two dimensions.
    #expect(["FM8", "FM5", "FM5b"].allSatisfy { id in claims.first { $0.id == id }?.verdict == .notApplicable })
    #expect(claims.first { $0.id == "FM7b" }?.verdict == .fails)
  }

  @Test("far from the data a net moves a point by no more than nearer to them") func tails() throws {
    let model = try Self.model(#"{"hidden": [16, 16]}"#)
    let start = try Self.start(model)
    for entry in model.parameters.entries {
      start.parameters[entry] = values(entry.shape.elementCount, seed: 11).map { 0.5 * $0 }
    }
    let flow = try FieldFlow(model, start)
    let normal = try FieldFlow(of: model.field.normal.velocity, dimensions: 2, steps: 50, start)
    // The same direction, at ever larger distances.
    let moved = [1e2, 1e3, 1e4, 1e6].map { distance in
      let point = [0.6 * distance, -0.8 * distance]
      let (a, b) = (flow.inverse(point), normal.inverse(point))
      let isFinite = a.logDets.allSatisfy { $0.isFinite }
      #expect(isFinite)
      return zip(a.points, b.points).map { abs($0 - $1) }.max() ?? .infinity
    }
    #expect(moved[0] > 1e-3 && moved.dropFirst().allSatisfy { $0 < 1.5 * moved[0] }, "\(moved)")
  }

  @Test("metrics of an untrained model are those of the normal; samples are the ends of their ways") func metrics()
    throws
  {
    let model = try Self.model(#"{"hidden": [4], "steps": 20}"#)
    let start = try Self.start(model)
    let metrics = try model.evaluate(start, exact: false).metrics
    func value(_ name: String) throws -> Double { try #require(metrics.first { $0.name == name }).value }
    #expect(try abs(value("forwardKL") - value("affineFloor")) < 1e-4)
    let fit = try FieldFit(model, GaussianMixture.twoMoons(noise: 0.3), start)
    #expect(try value("floor") == fit.floor && value("fit") == fit.fit && fit.fit > 0.01)
    // Rows of the data, as the normal with their distribution's moments explains them.
    let rows = try #require(Self.moons.rows)
    let logProbs = try #require(try model.logProbs(of: rows, start)).values
    let nll = -logProbs.reduce(0, +) / Double(logProbs.count)
    #expect(try abs(value("trainingNLL") - nll) < 1e-12)

    let samples = try model.samples(50, from: start)
    let key = RandomKey(seed: start.seed).folding(.sampling)
    let ends = try FieldFlow(model, start).forward((0..<100).map { key.normal(at: $0) }).points
    #expect(samples.shape == [50, 2] && samples.values == ends.map { Float($0) })
    #expect(
      try model.pictures(start).map(\.name) == [
        "densities", "layers", "trajectories", "fields", "fit", "memorizing", "solvers",
      ])
  }

  @Test("guidance is (1 + w) times the velocity given the class, less w times the one of no class") func guidance()
    throws
  {
    let rows = try #require(Self.moons.rows)
    let labels = (0..<rows.count).map { rows.values[2 * $0] > 0 ? 1 : 0 }
    let data = DataSplit(
      name: "halves",
      training: .rows(
        Dataset(name: "halves", exampleShape: [2], values: rows.values, labels: labels, classes: 2)),
      classNames: ["left", "right"])
    let (x, t) = (Tensor.input("x", shape: [3, 2]), Tensor.input("t", shape: [3, 1]))
    func velocities(_ w: Double, of label: Int?) throws -> [Double] {
      let model = try Self.model(#"{"hidden": [8], "conditional": true, "guidance": \#(w)}"#, data)
      let parameters = values(model.parameters.count, seed: 4)
      return try MinimAutodiff.evaluate(
        [model.field.velocity(of: label)(x, t)], parameters: parameters,
        inputs: ["x": [0.3, 0.1, -1, 0.8, 2, -1], "t": [0.2, 0.5, 0.9]])[0]
    }
    let (own, none, other) = try (velocities(0, of: 1), velocities(0, of: nil), velocities(0, of: 0))
    let guided = try velocities(1.5, of: 1)
    #expect(distance(guided, zip(own, none).map { 2.5 * $0 - 1.5 * $1 }) < 1e-12)
    #expect(distance(own, none) > 1e-3 && distance(own, other) > 1e-3)
    #expect(try velocities(1.5, of: nil) == none)
  }

  @Test("training brings the KL below that of the best normal") func learns() throws {
    let model = try Self.model(#"{"hidden": [32, 32]}"#)
    let density = GaussianMixture.twoMoons(noise: 0.3)
    let vector = try train(model, on: Self.moons, steps: 400).parameters
    let claims = try model.claims(trained(vector.converted(to: .float64), data: Self.moons))
    #expect(claims.first { $0.id == "FM7b" }?.verdict == .holds, "floor \(density.affineFloor()?.value ?? .nan)")
  }
}
