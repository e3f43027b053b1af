import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// The loss and its gradient by definition, the predictor from the spectrum, and what is claimed of nets that learn and that
/// collapse.
@Suite struct SimSiamTests {
  /// Bars of two kinds in 4x4, labeled, with some held out.
  private static let data: DataSplit = {
    func part(_ count: Int, _ seed: UInt64) -> Dataset {
      let key = RandomKey(seed: seed)
      let labels = (0..<count).map { $0 % 2 }
      let values = labels.enumerated().flatMap { index, label in
        (0..<16).map { place -> Float in
          let line = label == 0 ? place / 4 : place % 4
          let bar: Float = line == 1 + index / 2 % 2 ? 3 : 0
          return bar + (key.uniform(at: UInt64(16 * index + place)) < 0.3 ? 1 : 0)
        }
      }
      return Dataset(name: "bars", exampleShape: [4, 4, 1], values: values, labels: labels, classes: 2)
    }
    return DataSplit(
      name: "bars", training: .rows(part(40, 1)), test: part(20, 2), classNames: ["lie", "stand"], levels: 5)
  }()

  private static func model(_ more: String = "") throws -> SimSiam {
    let hidden = more.contains(#""hidden""#) ? "" : #", "hidden": [12]"#
    let predictor = more.contains("predictorHidden") ? "" : #", "predictorHidden": [5]"#
    let section = #"{"outputs": 8\#(predictor)\#(hidden)\#(more)}"#
    return try #require(try ModelName.simsiam.make(section, data) as? SimSiam)
  }

  private static func vector(_ model: SimSiam) throws -> ParameterVector {
    let vector = try ParameterVector(model.parameters, precision: .float64)
    vector.initialize(seed: 3)
    return vector
  }

  private static func claims(_ model: SimSiam, _ vector: ParameterVector) throws -> [String: Claim] {
    let found = try model.claims(trained(vector, data: data))
    return Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
  }

  private static let kinds = [
    "", #", "batchNorm": false"#, #", "predictor": "none""#, #", "predictor": "direct""#, #", "outputNorm": true"#,
    #", "projector": [6, 7]"#, #", "encoder": "convolution", "hidden": [3]"#,
  ]

  @Test("the loss is the mean of the cosines of each view's prediction and the other's projection", arguments: kinds)
  func loss(_ kind: String) throws {
    let model = try Self.model(kind), vector = try Self.vector(model)
    let rows = try #require(Self.data.rows)
    let batch = Batch(count: 6, exampleShape: [4, 4, 1])
    let (z, p) = model.projectionsAndPredictions(batch)
    let found = try evaluate(
      [model.objective(batch).value, z, p], parameters: vector.values,
      inputs: [Batch.inputName: rows.values.prefix(96).map(Double.init)], random: (seed: 1, step: 2, firstExample: 0))
    let width = z.shape[1]
    let (zs, ps) = (TestSupport.rows(found[1], width), TestSupport.rows(found[2], width))
    func cosine(_ a: [Double], _ b: [Double]) -> Double {
      func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
      return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
    }
    let exact = (0..<6).reduce(0.0) { sum, pair in
      let (a, b) = (2 * pair, 2 * pair + 1)
      return sum - (cosine(ps[a], zs[b]) + cosine(ps[b], zs[a])) / 12
    }
    #expect(abs(found[0][0] - exact) < 1e-9)
    #expect((ps == zs) == kind.contains("none"))
  }

  @Test("gradients are what the claim says, with and without stop-gradient", arguments: kinds, [true, false])
  func gradients(_ kind: String, _ stopGradient: Bool) throws {
    let model = try Self.model(kind + #", "stopGradient": \#(stopGradient)"#)
    let found = try Self.claims(model, Self.vector(model))
    #expect(found["S1"]?.verdict == .holds && found["S6"]?.verdict == .holds)
    #expect(found["S1"]?.control?.fails == true && found["S6"]?.control?.fails == true)
    #expect((found["S7"] != nil) == kind.contains("direct") && found["S7"]?.verdict ?? .holds == .holds)
  }

  @Test("the predictor from the spectrum is the root of a correlation") func directPredictor() throws {
    let direct = DirectPredictor(regularization: 0.2)
    // Eigenvalues 4, 1 and 1/4 in a turned basis.
    let turned: [[Double]] = [[0.6, 0.8, 0], [-0.8, 0.6, 0], [0, 0, 1]]
    func matrix(_ eigenvalues: [Double]) -> [Double] {
      (0..<9).map { place -> Double in
        (0..<3).reduce(0.0) { sum, k in
          let row = turned[k]
          return sum + eigenvalues[k] * row[place / 3] * row[place % 3]
        }
      }
    }
    let norm = (16 + 1 + 0.0625).squareRoot()
    let found = try evaluate(
      [direct.squareRoot(.input("f", shape: [3, 3]))], inputs: ["f": matrix([4, 1, 0.25])])[0]
    #expect(distance(found, matrix([4, 1, 0.25].map { ($0 / norm).squareRoot() })) < 1e-10)
    // No direction at all: the regularization alone.
    let zeros = try evaluate(
      [direct.matrix(of: .input("z", shape: [5, 2]))], inputs: ["z": [Double](repeating: 0, count: 10)])
    #expect(distance(zeros[0], [0.2, 0, 0, 0.2]) < 1e-10)
  }

  @Test("an image's representation depends on no other image") func alone() throws {
    let model = try Self.model(#", "outputNorm": true"#), vector = try Self.vector(model)
    let encoder = try TrainedEncoder(model, trained(vector, data: Self.data))
    let test = try #require(Self.data.test)
    let all = rows(encoder.projections(of: test), 8)
    for index in [0, 7, 19] {
      let one = encoder.projections(of: test.selecting([index], name: "one"))
      #expect(distance(one, all[index]) < 1e-12)
    }
  }

  @Test("outputs along one direction are told from those along many, and the alarm says so") func alarm() throws {
    let model = try Self.model(), vector = try Self.vector(model)
    let healthy = try #require(try model.diagnostics(trained(vector, data: Self.data)))
    #expect(healthy.alarm == nil && healthy.spectrum.count == 8)
    // All columns of the last layer alike: what comes out lies on one line.
    let entry = try #require(model.parameters.entries.first { $0.path == "encoder.1.weight" })
    let column = rows(vector[entry], 8).map { $0[0] }
    vector[entry] = column.flatMap { value in (0..<8).map { Double($0 + 1) * value } }
    let collapsed = try #require(try model.diagnostics(trained(vector, data: Self.data)))
    #expect(collapsed.alarm?.contains("1.0 of 8 directions") == true)
    #expect(collapsed.metrics.first { $0.name == "effectiveRank" }.map { abs($0.value - 1) < 1e-6 } == true)
    let found = try Self.claims(model, vector)
    #expect(found["S0"]?.verdict == .fails)
    // Nothing varies: all weights of the last layer 0.
    vector[entry] = [Double](repeating: 0, count: entry.shape.elementCount)
    let constant = try #require(try model.diagnostics(trained(vector, data: Self.data)))
    #expect(constant.alarm?.contains("thousandth") == true)
  }

  @Test("a linear predictor is measured against the correlation of the projections") func alignment() throws {
    let model = try Self.model(#", "predictorHidden": []"#), vector = try Self.vector(model)
    let entry = try #require(model.parameters.entries.first { $0.path == "predictor.0.weight" })
    func alignment() throws -> Double? {
      try model.evaluate(trained(vector, data: Self.data), exact: false).metrics.first { $0.name == "alignment" }?.value
    }
    #expect(try #require(try alignment()) > 0.1)
    // A multiple of the identity has any eigenvectors.
    vector[entry] = (0..<64).map { $0 % 9 == 0 ? 0.7 : 0 }
    #expect(try #require(try alignment()) < 1e-12)
    let other = try Self.model()
    let metrics = try other.evaluate(trained(Self.vector(other), data: Self.data), exact: false).metrics
    #expect(!metrics.contains { $0.name == "alignment" })
  }

  @Test("what was learned of bars stands moves; without stop-gradient all become the same") func learning() throws {
    func claims(_ more: String) throws -> [String: Claim] {
      let model = try Self.model(more)
      let it = try train(model, on: Self.data, steps: 1500, rate: 0.003, precision: .float64)
      return try Self.claims(model, it.parameters)
    }
    let healthy = try claims("")
    #expect(healthy["S0"]?.verdict == .holds && healthy["S8b"]?.verdict == .holds)
    let collapsed = try claims(#", "stopGradient": false"#)
    #expect(collapsed["S0"]?.verdict == .fails && collapsed["S9"]?.verdict == .fails)
  }

  @Test("each variant of the sum has its own gradient") func variants() throws {
    let section = #"{"hidden": [12], "outputs": 8, "predictorHidden": [5]}"#
    let model = try #require(try ModelName.simSiamVariants.make(section, Self.data) as? SimSiamVariants)
    #expect(model.parts.count == 5)
    let vector = try ParameterVector(model.parameters, precision: .float64)
    vector.initialize(seed: 3)
    let batch = Batch(count: 4, exampleShape: [4, 4, 1])
    let tensors = model.parameters.entries.map(\.tensor)
    let inputs = [Batch.inputName: try #require(Self.data.rows).values.prefix(64).map(Double.init)]
    func found(_ objective: Objective) throws -> [[Double]] {
      try evaluate(objective.field(tensors), parameters: vector.values, inputs: inputs)
    }
    let whole = try found(model.objective(batch))
    let parts = try model.parts.map { try found($0.model.objective(batch)) }
    for (index, entry) in model.parameters.entries.enumerated() {
      let own = try #require(model.parts.firstIndex { entry.path.hasPrefix($0.name + ".") })
      #expect(distance(whole[index], parts[own][index]) < 1e-12)
      #expect(parts.indices.allSatisfy { part in part == own || parts[part][index].allSatisfy { $0 == 0 } })
    }
    let claims = try model.claims(trained(vector, data: Self.data))
    #expect(claims.map(\.id) == ["SV1", "SV1b", "SV2"])
  }

  @Test("data without rows are refused, and the variants refuse rows that are no images") func refused() throws {
    let clusters = GaussianMixture.fourClusters
    let rows = DataSplit.sample(clusters, rows: 40)
    let draws = DataSplit(name: "draws", training: .draws(clusters, RandomKey(seed: 1)), distribution: clusters)
    for (name, data) in [(ModelName.simsiam, draws), (.simSiamVariants, draws), (.simSiamVariants, rows)] {
      #expect(throws: (any Error).self) { try name.make("{}", data) }
    }
    _ = try ModelName.simsiam.make("{}", rows)
  }
}
