import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimKernels
import MinimNN
import MinimParallel
import MinimTraining
import TestSupport
import Testing

/// The claims about training: each holds for a right run, and fails for the mistake that it is there for.
@Suite struct TrainingClaimsTests {
  /// The claims of a run before its first step.
  private static func claims(
    _ experiment: Experiment, data: DataSplit? = nil, leastValidationLoss: Double? = nil
  ) throws -> [String: Claim] {
    let vector = try ParameterVector(experiment.model.parameters, precision: .float32)
    vector.initialize(seed: 5)
    let trained = Trained(
      parameters: vector, data: data ?? experiment.data, pool: WorkerPool(workers: 2), level: .preferred, seed: 5,
      rule: experiment.configuration.rule)
    let all = try TrainingClaims(experiment, trained, leastValidationLoss: leastValidationLoss).all()
    return Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
  }

  private static func experiment(
    _ model: String, _ data: String = #"{ "name": "tanhGaussian", "rows": 500 }"#,
    optimizer: String = #"{ "name": "adam" }"#, dataSets: [NamedData] = NamedData.all
  ) throws -> Experiment {
    let text = """
      {
        "model": \(model), "data": \(data), "batch": { "examples": 32, "shards": 5 }, "optimizer": \(optimizer),
        "training": { "steps": 20 }
      }
      """
    return try Experiment(
      ConfigurationSource(texts: [("it.json", text)]),
      models: SmallRun.models + [NamedModel("wrong-derivative", WrongDerivative.init)], dataSets: dataSets,
      optimizers: NamedOptimizer.all + [NamedOptimizer("wrong") { _ in WrongOptimizer() }])
  }

  private static let vae = #"{ "name": "vae", "latent": 2, "encoder": [8], "decoder": [8] }"#

  @Test("all of them hold for right runs")
  func right() throws {
    for claims in [try Self.claims(SmallRun.experiment()), try Self.claims(Self.experiment(Self.vae))] {
      #expect(claims.count >= 5)
      for claim in claims.values { #expect(claim.verdict == .holds || claim.verdict == .notApplicable, "\(claim)") }
      for id in ["T1", "T3", "T5"] { #expect(claims[id]?.verdict == .holds, "\(id): \(claims[id]?.reason ?? "")") }
    }
    let drawn = try Self.claims(Self.experiment(Self.vae))
    #expect(drawn["T4"]?.verdict == .holds && drawn["T8"]?.verdict == .holds)
  }

  @Test("an optimizer whose steps are not its formula") func optimizer() throws {
    let claims = try Self.claims(Self.experiment(Self.vae, optimizer: #"{ "name": "wrong" }"#))
    #expect(claims["T1"]?.provesBug == true)
  }

  @Test("an operation with a wrong derivative") func derivative() throws {
    let claims = try Self.claims(Self.experiment(#"{ "name": "wrong-derivative" }"#))
    #expect(claims["T3"]?.provesBug == true)
  }

  @Test("a test example among the training examples") func split() throws {
    let run = try HeldOutRun()
    let experiment = try run.experiment()
    #expect(try Self.claims(experiment)["T6"]?.verdict == .holds)
    let own = HeldOutRun.text.split(separator: "\n").map {
      $0.contains("images.csv") ? #""data": { "name": "images" },"# : $0
    }
    let leaking = try Experiment(
      ConfigurationSource(texts: [("held-out.json", own.joined(separator: "\n"))]), models: SmallRun.models,
      dataSets: [NamedData("images") { _ in Leak(split: experiment.data) }])
    #expect(try Self.claims(leaking)["T6"]?.provesBug == true)
  }

  @Test("parameters that are not those with the least loss") func kept() throws {
    let experiment = try HeldOutRun().experiment()
    #expect(try Self.claims(experiment, leastValidationLoss: 1)["T7"]?.provesBug == true)
  }

  @Test("data with another deviation than their distribution") func moments() throws {
    let experiment = try Self.experiment(
      Self.vae, #"{ "name": "tanhGaussian" }"#, dataSets: [NamedData("tanhGaussian") { _ in WrongDeviation() }])
    #expect(try Self.claims(experiment)["T8"]?.verdict == .fails)
  }
}

/// Descent whose plain form takes steps twice as long.
private struct WrongOptimizer: PlainOptimizer {
  let stateNames: [String] = []

  func update(_ block: Range<Int>, _ vectors: OptimizerVectors, _ step: OptimizerStep) {
    SGD().update(block, vectors, step)
  }

  func step(_ it: inout PlainParameter, _ gradient: [Double], rate: Double, update: Int) {
    for i in it.values.indices { it.values[i] -= 2 * rate * gradient[i] }
  }
}

/// A model of one parameter whose objective has a wrong derivative.
private struct WrongDerivative: Model {
  let parameters: ParameterLayout
  private let mean: Tensor

  init(_ section: ConfigurationSection, _ data: DataSplit) {
    let scope = ParameterScope()
    mean = scope.parameter("mean", shape: [3], .constant(1))
    parameters = scope.layout
  }

  func objective(_ batch: Batch) -> Objective {
    let sum = Tensor(WrongSum(), [mean], shape: [])
    return Objective("loss", square(sum) + 0 * batch.examples.sum())
  }
}

/// The sum of a vector, with the derivative of twice the sum.
private struct WrongSum: Operation {
  var signature: String { "a sum with a wrong derivative" }

  func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    writer.method(writer.whole(x[0]), "sum", "", shape: shape)
  }

  func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] { [(2 * dy).reshape([1]).broadcast(to: y.inputs[0].shape)] }

  func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    .reduce(ReduceInstruction(.sum, of: inputs[0], over: [0], scale: 1, to: output))
  }
}

/// Splits whose training examples contain the test examples.
private struct Leak: DataSource {
  let split: DataSplit

  var dependsOnSeed: Bool { false }

  func load(from folders: [String], seed: UInt64) throws -> DataSplit {
    guard let training = split.rows, let test = split.test else { return split }
    let both = Dataset(
      name: training.name, exampleShape: training.exampleShape, values: training.values + test.values)
    return DataSplit(
      name: split.name, training: .rows(both), validation: split.validation, test: split.test,
      shareOfDuplicates: split.shareOfDuplicates, levels: split.levels)
  }
}

/// Rows of one deviation that claim to have another.
private struct WrongDeviation: DataSource {
  var dependsOnSeed: Bool { true }

  func load(from folders: [String], seed: UInt64) throws -> DataSplit {
    let rows = TanhGaussian(sigma: 0.6, rows: 2000).dataset(key: RandomKey(seed: seed))
    return DataSplit(name: "wrong", training: .rows(rows), distribution: TanhGaussian(sigma: 0.3, rows: 2000))
  }
}
