import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimFiles
import MinimKernels
import MinimModels
import MinimNN
import MinimParallel
import TestSupport
import Testing

@Suite struct TransportTests {
  @Test("the golden assignment of five pairs") func assignment() throws {
    let golden = try #require(goldenField["minibatch_ot"]["assignment"])
    let cost = try #require(golden["cost"]?.flat)
    var assignment = Assignment(most: 5)
    cost.withUnsafeBufferPointer { buffer in
      if let start = buffer.baseAddress { assignment.solve(5, start) }
    }
    #expect(assignment.columns.map(Double.init) == (try #require(golden["row_to_column"]?.numbers)))
    let total = assignment.columns.enumerated().reduce(0) { $0 + cost[$1.0 * 5 + $1.1] }
    #expect(try abs(total - #require(golden["total"]?.number)) < 1e-12)
  }

  @Test("floors and distances of pairs in one dimension are the golden ones", arguments: [1, 2, 4, 8, 16])
  func floors(_ group: Int) throws {
    let golden = goldenField["minibatch_ot"]
    let mixture = try GaussianMixture(golden: #require(golden["mixture"]))
    let expected = try #require(golden["batches"]?["\(group)"]), floor = TransportFloor(mixture, group: group)
    let mean = floor.mean(over: .uniform, nodes: 32)
    #expect(try abs(mean - #require(expected["floor"]?.number)) < 1e-6, "\(mean)")
    let distance = floor.squaredDistance
    #expect(try abs(distance - #require(expected["expected_squared_distance"]?.number)) < 1e-8, "\(distance)")
  }

  private static let rows = DataSplit.sample(GaussianMixture.twoHumps, rows: 90)

  private static func model(_ section: String, _ data: DataSplit = rows) throws -> FlowMatching {
    try FlowMatching.read(section, data, isDiffusion: false)
  }

  @Test("pairs of the engine are those of plain means, for each number of workers and shards", arguments: [1, 3])
  func pairs(_ workers: Int) throws {
    let model = try Self.model(#"{"hidden": [4], "coupling": "minibatchTransport", "pairedExamples": 8}"#)
    let rows = try #require(Self.rows.rows), pairing = try #require(model.pairing)
    let rule = UpdateRule(optimizer: SGD(), schedule: Schedule(peak: 0.1, steps: 3), steps: 3)
    func trained(shards: Int, _ pairing: Pairing?) throws -> [Double] {
      let vector = try ParameterVector(model.parameters, precision: .float64)
      vector.initialize(seed: 1)
      let trainer = try Trainer(
        vector, rule, examples: .rows(rows), order: BatchOrder(count: 90, examples: 30, drawing: .epoch, seed: 1),
        shards: shards, seed: 1, pool: WorkerPool(workers: workers), kernels: .current(.float64), pairing: pairing
      ) { model.objective(Batch(count: $0, of: Self.rows)) }
      let other = BatchOrder(count: 90, examples: 30, drawing: .epoch, seed: 1)
      for step in 1...3 {
        try trainer.step(step)
        _ = other.draw(step: step)
        // The examples are the same, at other places.
        let (places, drawn) = (trainer.lastExamples, other.indices)
        #expect(places.sorted() == drawn.sorted() && (places == drawn) == (pairing == nil))
      }
      return model.parameters.entries.flatMap { vector[$0] }
    }
    var plain = try #require(
      try PlainTraining(
        {
          let vector = try ParameterVector(model.parameters, precision: .float64)
          vector.initialize(seed: 1)
          return vector
        }(), rule, { model.objective(Batch(count: $0, of: Self.rows)) }, seed: 1, level: .preferred))
    let order = BatchOrder(count: 90, examples: 30, drawing: .epoch, seed: 1)
    for step in 1...3 {
      _ = order.draw(step: step)
      let own = order.indices.map { Double(rows.values[$0]) }
      let places = try pairing.order(
        of: 30, [1], own, parameters: [], random: (1, UInt64(step)), kernels: .current(.float64))
      #expect(places.sorted() == Array(0..<30) && places != Array(0..<30))
      // Groups of eight: the last has six.
      for first in stride(from: 0, to: 30, by: 8) {
        let group = places[first..<min(30, first + 8)]
        #expect(group.allSatisfy { $0 / 8 == first / 8 })
        // In one dimension the best pairs are those in order.
        let noise = try MinimAutodiff.evaluate(
          [.normal(shape: [group.count, 1], purpose: .model, stream: 1)], random: (1, UInt64(step), first))[0]
        let byNoise = group.indices.sorted { noise[$0 - first] < noise[$1 - first] }.map { own[places[$0]] }
        #expect(byNoise == byNoise.sorted())
      }
      _ = try plain.step(step, examples: 30, [Batch.inputName: places.map { own[$0] }])
    }
    for shards in [1, 4] {
      let off = distance(try trained(shards: shards, pairing), plain.values)
      #expect(off < 1e-12, "\(off)")
      #expect(distance(try trained(shards: shards, nil), plain.values) > 1e-6)
    }
  }

  @Test("claims of a paired model: those of pairs hold, those of independent noise do not apply") func claims() throws {
    let model = try Self.model(#"{"hidden": [8], "coupling": "minibatchTransport", "pairedExamples": 16}"#)
    let vector = try ParameterVector(model.parameters, precision: .float64)
    vector.initialize(seed: 2)
    let start = trained(vector, data: Self.rows)
    let claims = try model.claims(start)
    func verdict(_ id: String) -> Claim.Verdict? { claims.first { $0.id == id }?.verdict }
    #expect(verdict("FM10b") == .holds && verdict("FM10c") == .holds && verdict("FM2b") == .notApplicable)
    #expect(verdict("FM5") == .holds && verdict("FM5b") == .fails && verdict("FM4b") == .holds)
    let names = try model.evaluate(start, exact: false).metrics.map(\.name)
    #expect(names.contains("bent") && !names.contains("fit"))
  }

  @Test("training with pairs makes ways straighter") func straighter() throws {
    let data = DataSplit.sample(GaussianMixture.fourClusters, rows: 256)
    func bent(_ coupling: String) throws -> Double {
      let model = try Self.model(#"{"hidden": [32, 32], "coupling": "\#(coupling)"}"#, data)
      let vector = try train(model, on: data, steps: 300).parameters.converted(to: .float64)
      return try #require(
        try model.evaluate(trained(vector, data: data), exact: false).metrics.first { $0.name == "bent" }
      ).value
    }
    let (independent, paired) = try (bent("independent"), bent("minibatchTransport"))
    #expect(paired < 0.7 * independent, "\(paired), \(independent)")
  }

  @Test("what pairs exclude is refused") func refused() throws {
    let rows = try #require(Self.rows.rows)
    let labels = (0..<rows.count).map { rows.values[$0] > 0 ? 1 : 0 }
    let data = DataSplit(
      name: "halves",
      training: .rows(Dataset(name: "halves", exampleShape: [1], values: rows.values, labels: labels, classes: 2)),
      classNames: ["low", "high"])
    let text = #"{"coupling": "minibatchTransport", "conditional": true, "samplerNoise": 1, "pairedExamples": 1}"#
    let reader = ConfigurationReader(try ConfigurationSource(texts: [(name: "small.json", text: text)]))
    _ = FlowMatchingConfiguration(reader.root, data, isDiffusion: false)
    do {
      try reader.finish()
      Issue.record("nothing was refused")
    } catch {
      let words = "\(error)"
      #expect(
        words.contains("the noise would depend on the class") && words.contains("does not know the score"), "\(words)")
      #expect(words.contains("pairedExamples"), "\(words)")
    }
  }
}
