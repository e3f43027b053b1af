import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import MinimParallel
import TestSupport
import Testing

/// What is claimed of a linear SimSiam, and what its configs may say.
@Suite struct LinearSimSiamTests {
  /// A run's end, in Double.
  private static func run(
    _ model: LinearSimSiam, rate: Double, steps: Int, workers: Int = 1, examples: Int = 4
  ) throws -> Trained {
    let vector = try ParameterVector(model.parameters, precision: .float64)
    vector.initialize(seed: 1)
    let engine = try StepEngine(
      parameters: vector, optimizer: SGD(), batchSizes: [examples],
      options: .init(shards: 4, clipNorm: nil, seed: 1), pool: WorkerPool(workers: workers), kernels: .current(.float64)
    ) { model.objective(Batch(count: $0, of: SmallGame.data)) }
    for step in 1...steps { _ = try engine.step(step, examples: examples, rate: rate) { _, _ in } }
    var it = trained(vector, data: SmallGame.data)
    it.rule = LinearRule(rate: rate).updateRule(steps: steps)
    return it
  }

  private static func claims(_ model: LinearSimSiam, rate: Double = 0.05, steps: Int = 400) throws -> [String: Claim] {
    let claims = try model.claims(run(model, rate: rate, steps: steps))
    return Dictionary(uniqueKeysWithValues: claims.map { ($0.id, $0) })
  }

  @Test("claims of the four variants: they hold, but for the survival of three", arguments: SimSiamGoldenTests.variants)
  func variants(_ name: String, _ stop: Bool, _ predictor: Bool) throws {
    let found = try Self.claims(SimSiamGoldenTests.model(stopGradient: stop, predictor: predictor))
    #expect(found["SL1"]?.verdict == .holds && found["SL1b"]?.verdict == .holds && found["SL6"]?.verdict == .holds)
    #expect(found[predictor ? "SL2" : "SL2b"]?.verdict == (predictor && !stop ? .notApplicable : .holds))
    #expect(found["SL3"]?.verdict == (stop ? .notApplicable : .holds))
    #expect(found[stop ? "SL5" : "SL5b"]?.verdict == (predictor ? .holds : .notApplicable))
    #expect(found["S0"]?.verdict == (stop && predictor ? .holds : .fails))
    if predictor, stop {
      // The asymmetry of the golden numbers.
      let asymmetry = Golden["simsiam", "nonconservative_asymmetry"]["stopgrad_predictor"]?.number
      #expect(abs((found[stop ? "SL5" : "SL5b"]?.measured ?? .nan) - (asymmetry ?? .nan)) < 1e-9)
    }
  }

  private static func isotropic(_ decay: Double, predictor: Double) -> LinearSimSiam {
    LinearSimSiam(
      LinearSimSiamConfiguration(
        stopGradient: true, hasPredictor: true, shared: .scaledIdentity(3), augmentation: .scaledIdentity(3, 0.25),
        encoder: Matrix(2, 3, [predictor, 0, 0, 0, predictor, 0]), predictor: .scaledIdentity(2, predictor),
        weightDecay: decay))
  }

  @Test("an isotropic run ends at p+, and one from below the edge at 0") func equilibrium() throws {
    let alive = try Self.claims(Self.isotropic(0.05, predictor: 0.5), rate: 0.1, steps: 6000)
    #expect(alive["SL4"]?.verdict == .holds && alive["S0"]?.verdict == .holds)
    let gone = try Self.claims(Self.isotropic(0.05, predictor: 0.05), rate: 0.1, steps: 6000)
    #expect(gone["SL4"]?.verdict == .fails && gone["S0"]?.verdict == .fails && gone["SL2"]?.provesBug == false)
  }

  @Test("both boundaries of collapse, by runs, within 1 %") func boundaries() throws {
    let model = LinearSimSiam(
      LinearSimSiamConfiguration(
        stopGradient: true, hasPredictor: true, shared: .scaledIdentity(3), augmentation: .scaledIdentity(3, 0.25),
        encoder: .init(2, 3, [0.5, 0, 0, 0, 0.5, 0]), predictor: .scaledIdentity(2, 0.5), weightDecay: 0.05,
        phaseDiagram: true))
    let found = try Self.claims(model)
    #expect(found["SL7"]?.verdict == .holds && found["SL7b"]?.verdict == .holds)
    #expect(abs((found["SL7"]?.measured ?? 0) - 0.2) < 0.002 && abs((found["SL7b"]?.measured ?? 0) - 0.0875) < 0.001)
  }

  @Test("families of runs end where theory says") func family() throws {
    let vector = try ParameterVector(Self.isotropic(0, predictor: 1).parameters, precision: .float64)
    let family = try SimSiamFamily(trained(vector, data: SmallGame.data, workers: 2))
    let games = [0.02, 0.1, 0.14, 0.16, 0.3].map {
      SimSiamFamily.Game(predictor: 0.2, augmentation: 0.25, weightDecay: $0)
    }
    let exact = games.map { game -> Double in
      let it = SimSiamEquilibria(augmentation: 0.25, weightDecay: game.weightDecay)
      return game.weightDecay < 0.15 ? it.predictors?.stable ?? .nan : 0
    }
    #expect(distance(try family.predictors(games), exact) < 1e-4)
  }

  @Test("drawn views have the covariances that the config says, and the same bits for any number of workers")
  func views() throws {
    let text = #"{"drawsViews": true, "shared": [1, 0.3, 0.3, 0.8], "augmentation": [0.3, 0.1, 0.1, 0.2], "inputs": 2}"#
    let reader = ConfigurationReader(try ConfigurationSource(texts: [("s.json", text)]))
    let model = LinearSimSiam(LinearSimSiamConfiguration(reader.root))
    try reader.finish()
    let (first, second) = model.views(40_000)
    let found = try evaluate([first, second], parameters: [], inputs: [:], random: (seed: 1, step: 1, firstExample: 0))
    func moment(_ a: [Double], _ b: [Double]) -> [Double] {
      (Matrix(40_000, 2, a).transposed * Matrix(40_000, 2, b)).scaled(by: 1 / 40_000).values
    }
    #expect(distance(moment(found[0], found[0]), [1.3, 0.4, 0.4, 1]) < 0.04)
    #expect(distance(moment(found[1], found[1]), [1.3, 0.4, 0.4, 1]) < 0.04)
    #expect(distance(moment(found[0], found[1]), [1, 0.3, 0.3, 0.8]) < 0.04)
    let alone = try Self.run(model, rate: 0.1, steps: 20, examples: 64).parameters.values
    for workers in [2, 5] {
      let team = try Self.run(model, rate: 0.1, steps: 20, workers: workers, examples: 64).parameters.values
      #expect(bits([team]) == bits([alone]))
    }
  }

  @Test(
    "wrong configs are refused at their place",
    arguments: [
      (#"{"shared": [1, 2]}"#, ["shared"]), (#"{"inputs": 2, "shared": [1, 2, 2, 1]}"#, ["shared"]),
      (#"{"inputs": 2, "augmentation": [1, 0.1, 0.2, 1]}"#, ["augmentation"]),
      (#"{"augmentation": [0]}"#, ["augmentation"]),
      (#"{"encoderStart": [1]}"#, ["encoderStart"]), (#"{"predictorStart": [1, 2]}"#, ["predictorStart"]),
      (#"{"predictor": false, "predictorRate": 2}"#, ["predictorRate"]),
    ])
  func wrong(_ text: String, _ problems: [String]) throws {
    #expect(try readSection(text) { LinearSimSiamConfiguration($0) }.problems == problems)
  }
}
