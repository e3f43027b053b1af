import MinimAutodiff
import MinimData
import MinimDrawing
import MinimKernels
import MinimNN
import MinimParallel
import TestSupport
import Testing

/// A loss of each example that plain loops can compute: the squared distance of a linear score and a label's number.
private struct Scores: Model {
  let parameters: ParameterLayout
  private let linear: Linear
  let hasLosses: Bool

  init(hasLosses: Bool = true) {
    let scope = ParameterScope()
    linear = Linear(scope, inputs: 4, outputs: 1)
    parameters = scope.layout
    self.hasLosses = hasLosses
  }

  func losses(_ batch: Batch) -> Tensor? {
    guard hasLosses else { return nil }
    let scores = linear(batch.examples.reshape([batch.count, 4]))
    let targets = batch.labels.map { matmul($0, .constant([0, 1, 2], shape: [3, 1])) }
    let distance = targets.map { scores - $0 } ?? scores
    return (distance * distance).reshape([batch.count])
  }

  func parts(_ batch: Batch) -> [(name: String, value: Tensor)] {
    [
      (
        "first",
        batch.examples.reshape([batch.count, 4]).slice([0, 0], shape: [batch.count, 1]).reshape([batch.count])
      )
    ]
  }

  func objective(_ batch: Batch) -> Objective { Objective("loss", (losses(batch) ?? batch.examples).mean()) }
  func samples(_ count: Int, from trained: Trained) throws -> Samples {
    Samples(SampleSheet(height: 1, width: 1, pixels: []))
  }
  func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation { Evaluation([]) }
  func claims(_ trained: Trained) throws -> [Claim] { [] }
}

@Suite struct HeldOutLossTests {
  private static func data(_ count: Int, seed: UInt64, isLabeled: Bool) -> Dataset {
    Dataset(
      name: "data", exampleShape: [2, 2, 1], values: values(count * 4, seed: seed).map { Float($0) },
      labels: isLabeled ? (0..<count).map { ($0 * $0 + 1) % 3 } : [], classes: isLabeled ? 3 : 0)
  }

  private static func trained(
    _ model: Scores, _ counts: (Int, Int?), isLabeled: Bool = true, precision: Precision = .float64, workers: Int = 1
  ) throws -> Trained {
    let vector = try ParameterVector(model.parameters, precision: precision)
    vector.initialize(seed: 1)
    let data = DataSplit(
      name: "data", training: .rows(data(counts.0, seed: 1, isLabeled: isLabeled)),
      validation: counts.1.map { Self.data($0, seed: 2, isLabeled: isLabeled) }, test: nil,
      classNames: isLabeled ? ["a", "b", "c"] : [])
    return Trained(parameters: vector, data: data, pool: WorkerPool(workers: workers), level: .preferred, seed: 1)
  }

  /// The mean over a part, by the definition.
  private static func mean(_ data: Dataset, _ trained: Trained) -> Double {
    let entries = trained.parameters.layout.entries
    let (weight, bias) = (trained.parameters[entries[0]], trained.parameters[entries[1]][0])
    let losses = (0..<data.count).map { index in
      let score = zip(data.example(index), weight).reduce(bias) { $0 + Double($1.0) * $1.1 }
      let distance = score - (data.classes > 0 ? Double(data.labels[index]) : 0)
      return distance * distance
    }
    return losses.reduce(0, +) / Double(data.count)
  }

  @Test(
    "the means over whole parts, of one chunk or several, and then with other parameters",
    arguments: [(1, 1), (10, 3), (64, 64), (65, 200), (300, 7)], [false, true])
  func means(_ counts: (Int, Int), _ isLabeled: Bool) throws {
    let model = Scores()
    for workers in [1, 3] {
      let trained = try Self.trained(model, (counts.0, counts.1), isLabeled: isLabeled, workers: workers)
      let heldOut = try #require(try HeldOutLoss(model, trained))
      let (rows, validation) = (try #require(trained.data.rows), try #require(trained.data.validation))
      var seen: [Double] = []
      for change in [0, 1, -0.5] {
        trained.parameters.values = trained.parameters.values.map { $0 + change }
        let losses = heldOut.losses()
        #expect(abs(losses.training - Self.mean(rows, trained)) < 1e-12)
        #expect(abs(losses.validation - Self.mean(validation, trained)) < 1e-12)
        seen.append(losses.validation)
      }
      #expect(Set(seen).count == 3)
    }
  }

  @Test("the same bits for 1, 2 and 3 workers")
  func workers() throws {
    let losses = try [1, 2, 3].map { workers in
      let trained = try Self.trained(Scores(), (300, 90), precision: .float32, workers: workers)
      let losses = try #require(try HeldOutLoss(Scores(), trained)).losses()
      return [losses.training.bitPattern, losses.validation.bitPattern]
    }
    #expect(losses[0] == losses[1] && losses[0] == losses[2])
  }

  @Test("there is none without a part held out, and without a loss of an example")
  func none() throws {
    #expect(try HeldOutLoss(Scores(), Self.trained(Scores(), (10, nil))) == nil)
    let other = Scores(hasLosses: false)
    #expect(try HeldOutLoss(other, Self.trained(other, (10, 5))) == nil)
    #expect(try HeldOutLoss(Scores(), Self.drawn(validation: nil)) == nil)
  }

  /// Draws of an Ising model without end, and so many rows for validation.
  private static func drawn(validation: Int?) throws -> Trained {
    let vector = try ParameterVector(Scores().parameters, precision: .float64)
    vector.initialize(seed: 1)
    let data = DataSplit(
      name: "drawn", training: .draws(Ising(height: 2, width: 2, beta: 0.1), RandomKey(seed: 7)),
      validation: validation.map { Self.data($0, seed: 1, isLabeled: false) })
    return Trained(parameters: vector, data: data, pool: WorkerPool(workers: 1), level: .preferred, seed: 1)
  }

  @Test("of draws without end the first ones stand for what is trained on, as many as are held out")
  func draws() throws {
    let trained = try Self.drawn(validation: 90)
    let first = Ising(height: 2, width: 2, beta: 0.1).dataset(name: "first", rows: 90, key: RandomKey(seed: 7))
    let losses = try #require(try HeldOutLoss(Scores(), trained)).losses()
    #expect(abs(losses.training - Self.mean(first, trained)) < 1e-12)
    #expect(abs(losses.validation - Self.mean(try #require(trained.data.validation), trained)) < 1e-12)
    // The control: other draws have another mean.
    let other = Ising(height: 2, width: 2, beta: 0.1).dataset(name: "other", rows: 90, key: RandomKey(seed: 8))
    #expect(abs(losses.training - Self.mean(other, trained)) > 1e-6)
  }

  @Test("the parts of a loss are means over the same examples")
  func parts() throws {
    let model = Scores()
    let it = try Self.trained(model, (70, 5))
    let losses = try #require(try HeldOutLoss(model, it)).losses()
    #expect(losses.parts.map(\.name) == ["first"])
    let means = [it.data.rows, it.data.validation].map { data in
      data.map { data in (0..<data.count).reduce(0.0) { $0 + Double(data.values[4 * $1]) } / Double(data.count) }
        ?? .nan
    }
    #expect(abs(losses.parts[0].training - means[0]) < 1e-12 && abs(losses.parts[0].validation - means[1]) < 1e-12)
  }
}
