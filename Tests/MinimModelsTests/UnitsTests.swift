import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// Data in a unit of their own, and the same data in the unit of nets: everything that a model returns about the first is
/// what it returns about the second, in the other unit.
@Suite struct UnitsTests {
  private static let scaling = Scaling(offset: [180, -3, 0.25], scale: [9, 0.5, 64])

  /// Rows in the unit of nets. Multiples of 1/16 survive the scaling in Float.
  private static func net(_ count: Int, seed: UInt64) -> Dataset {
    Dataset(
      name: "net", exampleShape: [3], values: values(count * 3, seed: seed).map { Float(($0 * 32).rounded() / 16) })
  }

  private static func file(_ data: Dataset) -> Dataset {
    Dataset(
      name: "file", exampleShape: [3],
      values: data.values.enumerated().map { place, y in
        Float(scaling.offset[place % 3] + scaling.scale[place % 3] * Double(y))
      })
  }

  /// The same examples in both units.
  private static let inNet = DataSplit(name: "net", training: .rows(net(40, seed: 1)), test: net(20, seed: 2))
  private static let inFile = DataSplit(
    name: "file", training: .rows(file(net(40, seed: 1))), test: file(net(20, seed: 2)), scaling: scaling)

  /// A model of each, with the same parameters in Double.
  private static func both(
    _ name: ModelName, _ section: String
  ) throws -> (net: any Model, netTrained: Trained, file: any Model, fileTrained: Trained) {
    let net = try name.make(section, inNet), file = try name.make(section, inFile)
    let vector = try ParameterVector(net.parameters, precision: .float64)
    for (index, entry) in net.parameters.entries.enumerated() {
      vector[entry] = values(entry.shape.elementCount, seed: 100 + UInt64(index)).map { 0.5 * $0 }
    }
    let other = try ParameterVector(file.parameters, precision: .float64)
    other.values = vector.values
    return (net, trained(vector, data: inNet), file, trained(other, data: inFile))
  }

  private static func losses(_ model: any Model, _ data: Dataset, _ trained: Trained) throws -> [Double] {
    let batch = Batch(count: data.count, exampleShape: [3])
    let losses = try #require(model.losses(batch))
    return try evaluate(
      [losses], parameters: trained.parameters.values, inputs: [Batch.inputName: data.values.map(Double.init)],
      random: (1, 1, 0))[0]
  }

  private static let models: [(ModelName, String)] = [
    (.realnvp, #"{"couplings": 2, "hidden": [5]}"#), (.realnvp, #"{"couplings": 0, "affine": true}"#),
    (.vae, #"{"latent": 2, "encoder": [4], "decoder": [4]}"#),
    (.vae, #"{"latent": 1, "encoder": [], "decoder": [], "expectation": "closedForm"}"#),
    (.vae, #"{"latent": 2, "encoder": [4], "decoder": [4], "learnStandardDeviation": true, "samples": 3}"#),
  ]

  @Test("log densities and bounds differ by the log-det of the scaling alone", arguments: models)
  func losses(_ name: ModelName, _ section: String) throws {
    let it = try Self.both(name, section)
    let test = try #require(Self.inNet.test), same = try #require(Self.inFile.test)
    let net = try Self.losses(it.net, test, it.netTrained), file = try Self.losses(it.file, same, it.fileTrained)
    for (net, file) in zip(net, file) {
      #expect(abs(file - net - Self.scaling.logDeterminant) < 1e-9 * max(1, abs(net)))
    }
    // The control: without the scaling the same parameters say something else.
    let plain = try name.make(section, DataSplit(name: "plain", training: Self.inFile.training))
    let blind = try Self.losses(plain, same, it.fileTrained)
    #expect(zip(net, blind).allSatisfy { abs($1 - $0 - Self.scaling.logDeterminant) > 1 })
  }

  @Test(
    "samples are those of nets, scaled",
    arguments: models + [
      (.gan, #"{"latent": 2, "generator": [5], "critic": [5]}"#),
      (.flowMatching, #"{"hidden": [5], "steps": 10}"#), (.diffusion, #"{"hidden": [5], "steps": 10}"#),
    ])
  func samples(_ name: ModelName, _ section: String) throws {
    let it = try Self.both(name, section)
    let net = try it.net.samples(30, from: it.netTrained).values
    let file = try it.file.samples(30, from: it.fileTrained).values
    for (place, pair) in zip(net, file).enumerated() {
      let expected = Self.scaling.offset[place % 3] + Self.scaling.scale[place % 3] * Double(pair.0)
      #expect(abs(Double(pair.1) - expected) < 1e-5 * max(1, abs(expected)), "value \(place)")
    }
  }

  @Test("log p(x) by a grid and by the closed form are in the unit of the data, and every claim holds as for nets")
  func vaeClaims() throws {
    for section in [
      #"{"latent": 2, "encoder": [4], "decoder": [4], "standardDeviation": 0.7}"#,
      #"{"latent": 1, "encoder": [], "decoder": [], "standardDeviation": 0.7}"#,
    ] {
      let it = try Self.both(.vae, section)
      let net = try it.net.evaluate(it.netTrained, exact: false).metrics
      let file = try it.file.evaluate(it.fileTrained, exact: false).metrics
      #expect(net.map(\.name) == file.map(\.name))
      for (net, file) in zip(net, file) {
        let shift =
          ["ELBO", "Reconstruction", "LogProb"].contains { net.name.hasSuffix($0) } ? Self.scaling.logDeterminant : 0
        #expect(abs(net.value - file.value - shift) < 1e-8, "\(net.name)")
      }
      let (netClaims, fileClaims) = (try it.net.claims(it.netTrained), try it.file.claims(it.fileTrained))
      #expect(netClaims.map(\.id) == fileClaims.map(\.id) && netClaims.map(\.verdict) == fileClaims.map(\.verdict))
      for claim in fileClaims where claim.kind != .outcome {
        #expect(claim.verdict == .holds || claim.verdict == .notApplicable, "\(claim.id)")
      }
    }
  }

  @Test("the claims of a flow and of a game hold in the unit of the data")
  func otherClaims() throws {
    for (name, section) in [
      (.realnvp, #"{"couplings": 2, "hidden": [5], "affine": true}"#),
      (.flowMatching, #"{"hidden": [5], "steps": 10}"#),
      (.gan, #"{"latent": 2, "generator": [5], "critic": [5], "gradientPenalty": 1}"#),
    ] as [(ModelName, String)] {
      let it = try Self.both(name, section)
      let claims = try it.file.claims(it.fileTrained)
      for claim in claims where claim.kind == .identity || claim.kind == .bound {
        #expect(claim.verdict == .holds || claim.verdict == .notApplicable, "\(claim.id): \(claim.measured)")
      }
      #expect(claims.contains { $0.verdict == .holds })
    }
  }

  @Test("a flow that starts from data starts from them in the unit of nets")
  func start() throws {
    let section = #"{"couplings": 2, "hidden": [5], "actNorm": true}"#
    let net = try ModelName.realnvp.make(section, Self.inNet), file = try ModelName.realnvp.make(section, Self.inFile)
    let vectors = try [net, file].map { model in
      let vector = try ParameterVector(model.parameters, precision: .float64)
      vector.initialize(seed: 1)
      return vector.values
    }
    #expect(distance(vectors[0], vectors[1]) < 1e-6)
  }

  @Test("models that work in the unit of the data refuse another one")
  func refused() throws {
    let single = Dataset(name: "one", exampleShape: [1], values: [1, 2, 4])
    let data = DataSplit(
      name: "one", training: .rows(single), scaling: Scaling(offset: [2], scale: [3]))
    let error = #expect(throws: ConfigurationErrors.self) { try ModelName.fixedPosterior.make("{}", data) }
    #expect(error.map { "\($0)" }?.contains("data.standardize") == true)
  }
}
