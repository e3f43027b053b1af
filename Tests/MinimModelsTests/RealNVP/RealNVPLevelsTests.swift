import Foundation
import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// Flows of whole numbers: the loss by hand, the bound by enumeration, metrics by plain recomputation.
@Suite struct RealNVPLevelsTests {
  /// Eight rows of two values in three levels, and a flow of them with random couplings.
  private static let pairs: [Float] = [0, 2, 0, 1, 1, 2, 0, 2, 2, 0, 1, 1, 0, 2, 1, 2]

  private static func flow(_ section: String, scale: Double? = nil) throws -> SmallFlow {
    let data = Dataset(name: "pairs", exampleShape: [2], values: pairs)
    return try SmallFlow(section, DataSplit(name: "pairs", training: .rows(data), levels: 3), scale: scale)
  }

  private static let norm = #"{"couplings": 0, "affine": false, "actNorm": true}"#
  private static let noise = Tensor.uniform(shape: [8, 2], purpose: .model)

  @Test("the loss is that of a normal of the logits of values with noise, each step with its own") func byHand() throws
  {
    let it = try Self.flow(Self.norm)
    it.set("norm.logScale", [0.3, -0.2])
    it.set("norm.bias", [0.1, 0.7])
    let batch = Batch(count: 8, of: it.data)
    #expect(it.model.objective(batch).name == "nllBound")
    let losses = try #require(it.model.losses(batch))
    var steps: [[Double]] = []
    for step in 0..<3 as Range<UInt64> {
      let found = try evaluate(
        [losses, Self.noise, it.model.objective(batch).value], parameters: it.vector.values,
        inputs: [Batch.inputName: Self.pairs.map(Double.init)], random: (5, step, 0))
      let expected = (0..<8).map { row in
        (0..<2).reduce(0.0) { sum, i in
          let x = (Double(Self.pairs[2 * row + i]) + found[1][2 * row + i]) / 3
          let s = 0.05 + 0.9 * x
          let (scale, bias) = (i == 0 ? 0.3 : -0.2, i == 0 ? 0.1 : 0.7)
          let u = (log(s / (1 - s)) - bias) / exp(scale)
          // log N(u), du/dy, and dy/dx of x in [0, 1) over the three levels.
          return sum + u * u / 2 + 0.5 * log(2 * .pi) + scale - log(0.9 / (s * (1 - s))) + log(3)
        }
      }
      #expect(distance(found[0], expected) < 1e-12)
      #expect(abs(found[2][0] - expected.reduce(0, +) / 8) < 1e-12)
      #expect(found[1].allSatisfy { $0 > 0 && $0 <= 1 })
      steps.append(found[0])
    }
    #expect(Set(steps).count == 3)
  }

  @Test("it starts with logits of mean 0 and variance 1: a pixel that never changes too") func start() throws {
    let constant = Dataset(
      name: "columns", exampleShape: [2], values: (0..<4000).map { $0 % 2 == 0 ? 0 : Float($0 / 2 % 17) })
    let it = try SmallFlow(Self.norm, DataSplit(name: "columns", training: .rows(constant), levels: 17))
    let key = RandomKey(seed: 8)
    let noisy = constant.values.enumerated().map { Double($1) + key.uniform(at: UInt64($0)) }
    let (mean, covariance) = moments(rows(try it.flow().inverse(noisy).points, 2))
    #expect(distance(mean, [0, 0]) < 0.1 && abs(covariance[0][0] - 1) < 0.1 && abs(covariance[1][1] - 1) < 0.1)
  }

  /// P(v) = the density's mass in the unit square at v, by a grid of middles.
  @Test("the bound is above -log P(v), at every one of the nine v; its mean is that over the square")
  func bound() throws {
    let it = try Self.flow(#"{"couplings": 4, "hidden": [8], "actNorm": true}"#, scale: 0.6)
    let (flow, side) = (try it.flow(), 150)
    let middles = (0..<side).map { (Double($0) + 0.5) / Double(side) }
    let count = 4000
    let losses = try #require(it.model.losses(Batch(count: count, of: it.data)))
    var (mass, belowWithoutLevels) = (0.0, 0)
    for v in (0..<9).map({ [Double($0 / 3), Double($0 % 3)] }) {
      let logs = flow.logProbs(middles.flatMap { a in middles.flatMap { b in [v[0] + a, v[1] + b] } })
      let p = logs.reduce(0) { $0 + exp($1) } / Double(side * side)
      let jensen = -logs.reduce(0, +) / Double(side * side)
      let drawn = moments(
        try evaluate(
          [losses], parameters: it.vector.values,
          inputs: [Batch.inputName: (0..<count).flatMap { _ in v }], random: (2, 9, 0))[0].map { [$0] })
      let error = (drawn.covariance[0][0] / Double(count)).squareRoot()
      #expect(abs(drawn.mean[0] - jensen) < 5 * error, "\(v)")
      #expect(jensen >= -log(p) && drawn.mean[0] > -log(p) - 5 * error, "\(v)")
      // What the loss would be without the log 3 of each value, which the unit square forgets.
      if drawn.mean[0] - 2 * log(3) < -log(p) - 5 * error { belowWithoutLevels += 1 }
      mass += p
    }
    // The control: that is no bound.
    #expect(belowWithoutLevels > 0)
    // The margins of the logit hold the rest.
    #expect(mass < 1 && mass > 0.5)
  }

  // MARK: - Metrics

  private static func gray(validation: Int? = nil, test: Int? = nil) throws -> SmallFlow {
    try SmallFlow(
      #"{"couplings": 2, "hidden": [8], "actNorm": true}"#, .grayPatterns(40, validation: validation, test: test))
  }

  @Test("metrics by plain recomputation", arguments: [(20, 30), (20, nil), (nil, nil)] as [(Int?, Int?)])
  func metrics(_ counts: (Int?, Int?)) throws {
    let it = try Self.gray(validation: counts.0, test: counts.1), data = it.data
    let found = Dictionary(
      uniqueKeysWithValues: try it.model.evaluate(it.trained, exact: false).metrics.map { ($0.name, $0.value) })
    let training = try #require(data.rows), bits = 9 * log(2.0), flow = try it.flow()
    // The bound with other noise: the same up to its spread.
    func bound(_ part: Dataset) -> (mean: Double, error: Double) {
      let key = RandomKey(seed: 77)
      let logs = (0..<20).flatMap { draw in
        flow.logProbs(
          part.values.enumerated().map { Double($1) + key.folding(UInt64(draw)).uniform(at: UInt64($0)) })
      }
      let (mean, covariance) = moments(logs.map { [-$0 / bits] })
      return (mean[0], (covariance[0][0] / Double(logs.count)).squareRoot())
    }
    for (name, part) in [("training", data.rows), ("validation", data.validation), ("test", data.test)] {
      let metric = found["\(name)BitsPerDimension"]
      guard let part else {
        #expect(metric == nil)
        continue
      }
      let (mean, error) = bound(part)
      #expect(abs(try #require(metric) - mean) < 8 * error, "\(name)")
    }
    let unseen = data.test ?? data.validation ?? training
    let independent = IndependentLevels(training, levels: 5).nll(of: unseen) / bits
    #expect(abs((found["independentBitsPerDimension"] ?? 0) - independent) < 1e-12)
    #expect(found["shareOfDuplicates"] == 0.25)
    let distances = NearestImages(training).search(unseen.values, it.trained.pool).map(\.distance).sorted()
    let middle = (distances[(distances.count - 1) / 2] + distances[distances.count / 2]) / 2
    #expect(found["heldOutDistance"] == middle)
    #expect((found["sampleDistance"] ?? 0) > 0 && (found["independentDistance"] ?? 0) > 0)
    #expect(found["trainingNLL"] == nil)
  }

  @Test("samples are whole numbers in range, drawn from 0 to 1, with the nearest images beside them") func samples()
    throws
  {
    let it = try Self.gray()
    let samples = try it.model.samples(50, from: it.trained), sheet = try #require(samples.sheet)
    #expect(samples.shape == [50, 3, 3] && samples.values.allSatisfy { (0...4).contains($0) && $0 == $0.rounded() })
    #expect(Set(samples.values).count == 5)
    #expect(sheet.pixels == samples.values.map { $0 / 4 })
    let nearest = NearestImages(try #require(it.data.rows)).search(samples.values, it.trained.pool)
    #expect(sheet.neighbors == nearest.flatMap(\.image).map { $0 / 4 })
    // Rounded down: the shares of levels of draws with noise are those of their whole parts.
    let draws = try it.model.draws(50, it.trained)
    #expect(zip(draws, samples.values).allSatisfy { abs($0 - 0.5 - Double($1)) <= 0.5 || $0 < 0 || $0 > 5 })
    #expect(draws.contains { $0 < 0 } && draws.contains { $0 > 5 })
  }

  @Test("F5 holds for a trained flow; its control has the same pixels, but not together") func claims() throws {
    let data = DataSplit.grayPatterns(200, validation: 20, test: 30)
    let it = try SmallFlow(#"{"couplings": 4, "hidden": [16], "actNorm": true}"#, data)
    let before = try #require(try it.claims()["F5"])
    #expect(before.verdict == .fails && !before.provesBug)
    let trained = SmallFlow(it, try train(it.model, on: data, steps: 300, precision: .float64).parameters)
    let claims = try trained.claims()
    for id in ["F1", "F1b", "F5"] {
      let claim = try #require(claims[id])
      #expect(claim.verdict == .holds && claim.control?.fails == true, "\(id): \(claim.measured) \(claim.expected)")
    }
    #expect(claims["F5"]?.samples == 30 && claims["F5"]?.expected == before.expected)
    // With nothing held out there is nothing to claim.
    #expect(try Self.gray().claims()["F5"] == nil)
  }

  // MARK: - Who takes them

  @Test("what needs pixels 0 and 1 refuses gray ones") func refused() throws {
    let section = #"{"likelihood": "bernoulli"}"#
    let error = #expect(throws: ConfigurationErrors.self) { try ModelName.vae.make(section, .grayPatterns()) }
    let text = "\(try #require(error))"
    #expect(
      text.contains("bernoulli is for pixels 0 and 1") && text.contains("5 levels") && text.contains("binary"),
      "\(text)")
    _ = try ModelName.vae.make(section, patternData(3, 3))
  }

  @Test("a gaussian vae takes them: what it draws is shown from black at 0 to white at the largest") func vae() throws {
    let data = DataSplit.grayPatterns()
    let model = try ModelName.vae.make(#"{"encoder": [8], "decoder": [8], "standardDeviation": 1}"#, data)
    let vector = try ParameterVector(model.parameters, precision: .float64)
    vector.initialize(seed: 1)
    let it = trained(vector, data: data)
    let samples = try model.samples(9, from: it)
    #expect(samples.sheet?.pixels == samples.values.map { $0 / 4 })
    guard case .sheet(let sheet)? = try model.pictures(it).first(where: { $0.name == "reconstructions" })?.content
    else {
      Issue.record("no reconstructions")
      return
    }
    #expect(sheet.neighbors == Array(try #require(data.rows).values.prefix(32 * 9)).map { $0 / 4 })
  }
}
