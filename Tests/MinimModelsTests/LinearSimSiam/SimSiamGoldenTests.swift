import MinimKernels
import MinimAutodiff
import MinimConfiguration
import MinimFiles
import MinimModels
import MinimNN
import TestSupport
import Testing

/// The linear SimSiam against numbers of an independent computation.
@Suite struct SimSiamGoldenTests {
  static func matrix(_ json: JSON?) throws -> Matrix {
    let rows = try #require(json?.matrix)
    return Matrix(rows.count, rows[0].count, rows.flatMap { $0 })
  }

  static func inputs() throws -> (w: Matrix, p: Matrix, shared: Matrix, augmentation: Matrix) {
    let json = Golden["simsiam", "inputs"]
    return try (matrix(json["W"]), matrix(json["Wp"]), matrix(json["X"]), matrix(json["Xprime"]))
  }

  static func model(
    stopGradient: Bool, predictor: Bool, weightDecay: Double = 0, predictorRate: Double = 1
  ) throws -> LinearSimSiam {
    let it = try inputs()
    return LinearSimSiam(
      LinearSimSiamConfiguration(
        stopGradient: stopGradient, hasPredictor: predictor, shared: it.shared, augmentation: it.augmentation,
        encoder: it.w, predictor: predictor ? it.p : .scaledIdentity(2), weightDecay: weightDecay,
        predictorRate: predictorRate))
  }

  static let variants = [
    ("stopgrad_predictor", true, true), ("nostopgrad_predictor", false, true),
    ("stopgrad_nopredictor", true, false), ("nostopgrad_nopredictor", false, false),
  ]

  /// The value of J and its gradients by the engine, at the start.
  static func engine(_ model: LinearSimSiam) throws -> (loss: Double, gradients: [[Double]]) {
    let vector = try ParameterVector(model.parameters, precision: .float64)
    vector.initialize(seed: 1)
    let loss = model.objective(Batch(count: 1, of: SmallGame.data)).value
    let found = try evaluate(
      [loss] + gradient(of: loss, withRespectTo: model.parameters.entries.map(\.tensor)), parameters: vector.values)
    return (found[0][0], Array(found.dropFirst()))
  }

  @Test("J and the gradients of the four variants, by the engine and in closed form", arguments: variants)
  func gradients(_ name: String, _ stop: Bool, _ predictor: Bool) throws {
    let json = Golden["simsiam", "variants"][name]
    let model = try Self.model(stopGradient: stop, predictor: predictor)
    let found = try Self.engine(model)
    let exact = model.laws.gradients(model.start)
    let loss = try #require(json?["J"]?.number)
    #expect(abs(found.loss - loss) < 1e-12 && abs(model.laws.loss(model.start) - loss) < 1e-12)
    let w = try Self.matrix(json?["grad_W"])
    #expect(distance(found.gradients[0], w.values) < 1e-12 && exact.encoder.distance(to: w) < 1e-12)
    guard predictor else { return }
    let p = try Self.matrix(json?["grad_Wp"])
    #expect(distance(found.gradients[1], p.values) < 1e-12)
    #expect(try #require(exact.predictor).distance(to: p) < 1e-12)
  }

  @Test("the loss has the same value with and without stop-gradient, and another gradient")
  func blindValue() throws {
    for predictor in [true, false] {
      let with = try Self.engine(Self.model(stopGradient: true, predictor: predictor))
      let without = try Self.engine(Self.model(stopGradient: false, predictor: predictor))
      #expect(with.loss == without.loss && distance(with.gradients[0], without.gradients[0]) > 0.05)
    }
  }

  @Test("gradients of a finite batch") func batch() throws {
    let json = Golden["simsiam_batch"]
    let (w, p) = try (Self.matrix(json["W"]), Self.matrix(json["Wp"]))
    let views = try [Self.matrix(json["x1"]), Self.matrix(json["x2"])]
    func moment(_ a: Matrix, _ b: Matrix) -> Matrix { (a.transposed * b).scaled(by: 1 / Double(a.rows)) }
    for (stop, key) in [(true, "grad_W_stopgrad"), (false, "grad_W_nostopgrad")] {
      let model = try Self.model(stopGradient: stop, predictor: true)
      let exact = model.laws.gradients(
        .init(encoder: w, predictor: p), first: moment(views[0], views[0]), second: moment(views[1], views[1]),
        cross: moment(views[0], views[1]))
      #expect(exact.encoder.distance(to: try Self.matrix(json[key])) < 1e-12)
      #expect(try #require(exact.predictor).distance(to: try Self.matrix(json["grad_Wp"])) < 1e-12)
    }
  }

  @Test("the flow of the four variants, and the bound without stop-gradient", arguments: variants)
  func flow(_ name: String, _ stop: Bool, _ predictor: Bool) throws {
    let model = try Self.model(stopGradient: stop, predictor: predictor)
    var (z, time) = (model.start, 0.0)
    for json in try #require(Golden["simsiam", "gradient_flow"][name]?.array) {
      let (t, norm) = try (#require(json["t"]?.number), #require(json["normW"]?.number))
      z = model.laws.flow(z, time: t - time, step: 0.02)
      time = t
      #expect(abs(z.encoder.norm - norm) < 1e-6 * max(norm, 1e-2), "at \(t)")
      #expect(abs(model.laws.loss(z) - (try #require(json["J"]?.number))) < 1e-6)
      let bound = try #require(json["bound"]?.number)
      if !stop { #expect(z.encoder.norm <= bound * (1 + 1e-9)) }
    }
  }

  @Test("fifty steps by the engine, and the law of each of them") func steps() throws {
    let json = Golden["simsiam", "discrete_gd"]
    let (h, eta) = try (#require(json["h"]?.number), #require(json["eta"]?.number))
    let model = try Self.model(
      stopGradient: true, predictor: true, weightDecay: eta, predictorRate: #require(json["alpha_p"]?.number))
    let objective = model.objective(Batch(count: 1, of: SmallGame.data))
    let vector = try ParameterVector(model.parameters, precision: .float64)
    let play = try Trajectories(
      model.parameters, LinearRule(rate: h).updateRule(steps: 50), trained(vector, data: SmallGame.data)
    ) { _ in objective }
    let path = play.trajectory(from: model.start.values, steps: 50).map {
      model.matrices([Array($0.prefix(6)), Array($0.suffix(4))])
    }
    #expect(path[50].encoder.distance(to: try Self.matrix(json["W50"])) < 1e-12)
    #expect(try #require(path[50].predictor).distance(to: try Self.matrix(json["Wp50"])) < 1e-12)
    for (before, after) in zip(path, path.dropFirst()) {
      let law = model.laws.balance(after: before, step: h)
      #expect(model.laws.balance(after).distance(to: law) < 1e-12)
      // The control: the law of the flow.
      let shrunk = model.laws.balance(before).scaled(by: (1 - h * eta) * (1 - h * eta))
      #expect(model.laws.balance(after).distance(to: shrunk) > 1e-9)
    }
  }

  @Test("equilibria and where starts go") func equilibria() throws {
    for json in try #require(Golden["simsiam", "isotropic_fixed_points"].array) {
      let (variance, eta) = try (#require(json["sigma2"]?.number), #require(json["eta"]?.number))
      let it = SimSiamEquilibria(augmentation: variance, weightDecay: eta)
      #expect(abs(it.criticalWeightDecay - (try #require(json["eta_critical"]?.number))) < 1e-12)
      let exact = json["p_minus_p_plus"]?.numbers
      #expect((it.predictors == nil) == (exact == nil))
      if let found = it.predictors, let exact { #expect(distance([found.edge, found.stable], exact) < 1e-12) }
    }
    // At p(0) 0.1, 0.2, 0.4.
    let edges = [0.1, 0.2, 0.4, 0.7].map { SimSiamEquilibria.collapse(from: $0, augmentation: 0.25) }
    #expect(distance(edges, [0.0875, 0.15, 0.2, 0.2]) < 1e-12)
  }

  @Test("the usual metric is blind where the trace and the effective rank are not") func metrics() throws {
    let json = Golden["simsiam", "collapse_metrics"]
    let model = try Self.model(stopGradient: false, predictor: false)
    for (time, key) in [(0.0, "t0"), (20, "t20_nosg_nopred")] {
      let z = time == 0 ? model.start : model.laws.flow(model.start, time: time, step: 0.02)
      // The golden numbers are of examples without augmentation.
      let inputs = try Self.inputs()
      let bare = LinearSimSiam(
        LinearSimSiamConfiguration(
          stopGradient: false, hasPredictor: false, shared: inputs.shared, augmentation: .scaledIdentity(3, 1e-12),
          encoder: inputs.w, predictor: .scaledIdentity(2)))
      let it = try CollapseMetrics(bare.outputs(20_000, of: z.encoder, seed: 1), channels: 2)
      let exact = try #require(json[key])
      func number(_ key: String) throws -> Double { try #require(exact[key]?.number) }
      #expect(abs(it.rmsDeviation - 1 / 2.0.squareRoot()) < 1e-9)
      #expect(abs(it.meanDeviation - (try number("mean_channel_std"))) < 0.02)
      #expect(abs(it.trace / (try number("trace_F")) - 1) < 0.05)
      #expect(abs(it.effectiveRank - (try number("effective_rank"))) < 0.01)
    }
  }
}
