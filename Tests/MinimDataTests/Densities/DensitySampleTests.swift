import MinimConfiguration
import MinimData
import MinimKernels
import TestSupport
import Testing

/// Known densities as a config names them.
@Suite struct DensitySampleTests {
  /// The names, and the number of values of a row.
  static let names: [(String, Int)] = [
    ("gaussianMixture", 2), ("ring", 2), ("twoMoons", 2), ("spirals", 2), ("banana", 2), ("checkerboard", 2),
    ("pinwheel", 2),
    ("correlatedNormal", 2),
  ]

  private static func problems(_ text: String) throws -> [String] {
    try readSection(text) { NamedData.read($0) }.problems
  }

  private static func density(_ text: String) throws -> any KnownDensity {
    let data = try load(text)
    guard let density = data.distribution as? any KnownDensity else {
      Issue.record("no density is known of \(data.name)")
      return Checkerboard()
    }
    return density
  }

  @Test("each name has three parts of its own draws, and its density", arguments: names)
  func parts(_ name: String, inputs: Int) throws {
    let data = try load(#"{"name": "\#(name)"}"#, seed: 4)
    guard let density = data.distribution as? any KnownDensity else {
      Issue.record("no density is known of \(name)")
      return
    }
    let parts = [data.rows, data.validation, data.test].compactMap { $0 }
    #expect(parts.count == 3 && parts.allSatisfy { $0.count == 2000 && $0.exampleShape == [inputs] })
    #expect(Set(parts.map(\.values)).count == 3 && data.name == density.name && data.wholeDistribution == nil)
    let key = RandomKey(seed: 4).folding(.data)
    for (part, rows) in parts.enumerated() {
      // More rows begin with the same ones.
      let begin = density.dataset(rows: 20, key: key.folding(UInt64(part)))
      #expect(begin.values == Array(rows.values[..<(20 * inputs)]))
    }
    #expect(try load(#"{"name": "\#(name)"}"#, seed: 5).rows?.values != data.rows?.values)
    #expect(try load(#"{"name": "\#(name)", "rows": 12}"#).rows?.count == 12)
  }

  @Test("without rows there are draws without end, and held out are rows of their own", arguments: names)
  func draws(_ name: String, inputs: Int) throws {
    let endless = try load(#"{"name": "\#(name)", "rows": 0}"#, seed: 4)
    let sample = try load(#"{"name": "\#(name)"}"#, seed: 4)
    guard case .draws(let source, let key) = endless.training, endless.distribution is any KnownDensity else {
      Issue.record("\(name) is not drawn")
      return
    }
    #expect(endless.rows == nil && endless.training.count == nil && endless.exampleShape == [inputs])
    // The first draws are the rows that a sample of the same seed has.
    #expect(source.dataset(name: "first", rows: 2000, key: key).values == sample.rows?.values)
    #expect(endless.name == sample.name && endless.test?.count == 2000)
    #expect(endless.validation?.values == sample.validation?.values && endless.test?.values == sample.test?.values)
    // What is held out binds a checkpoint to its seed.
    #expect(endless.digest != sample.digest)
    #expect(try load(#"{"name": "\#(name)", "rows": 0}"#, seed: 5).digest != endless.digest)
  }

  @Test func keysAreRead() throws {
    let line = try Self.density(#"{"name": "gaussianMixture", "dimensions": 1}"#)
    #expect(line.dimensions == 1 && line.logProb([0.3]) == GaussianMixture.twoHumps.logProb([0.3]))
    let plane = try Self.density(#"{"name": "gaussianMixture"}"#)
    #expect(abs(plane.logProb([0, 0]) + 8.92190628679975) < 1e-12)
    let given =
      #"{"name": "gaussianMixture", "dimensions": 3, "centers": [0, 0, 0, 1, 2, 3], "sigmas": [1, 2], "weights": [3, 1]}"#
    #expect(try Self.density(given).mean == [0.25, 0.5, 0.75])
    let pairs: [(String, any KnownDensity)] = [
      (
        #""ring", "components": 5, "radius": 3, "sigma": 0.2"#,
        GaussianMixture.ring(components: 5, radius: 3, sigma: 0.2)
      ),
      (#""twoMoons", "noise": 0.2"#, GaussianMixture.twoMoons(noise: 0.2)),
      (#""spirals", "turns": 1, "radius": 2, "noise": 0.2"#, GaussianMixture.spirals(turns: 1, radius: 2, noise: 0.2)),
      (
        #""banana", "deviation": 2, "sigma": 0.5, "curvature": 1"#,
        WarpedMixture.banana(deviation: 2, sigma: 0.5, curvature: 1)
      ),
      (#""checkerboard", "squares": 2, "side": 3"#, Checkerboard(squares: 2, side: 3)),
      (
        #""pinwheel", "arms": 3, "radius": 1, "radialSigma": 0.3, "tangentialSigma": 0.2, "twist": -0.1"#,
        WarpedMixture.pinwheel(arms: 3, radius: 1, radialSigma: 0.3, tangentialSigma: 0.2, twist: -0.1)
      ),
      (
        #""correlatedNormal", "mean": [0, 2], "deviations": [1, 3], "correlation": -0.5"#,
        GaussianMixture.correlatedNormal(mean: [0, 2], deviations: [1, 3], correlation: -0.5)
      ),
    ]
    for (text, expected) in pairs {
      let found = try Self.density(#"{"name": \#(text)}"#)
      #expect(found.logProb([0.5, 0.4]) == expected.logProb([0.5, 0.4]) && found.name == expected.name)
      #expect(found.covariance == expected.covariance)
    }
  }

  @Test("an unknown key is reported", arguments: names) func unknownKeys(_ name: String, _: Int) throws {
    #expect(try Self.problems(#"{"name": "\#(name)"}"#) == [])
    #expect(try Self.problems(#"{"name": "\#(name)", "sigmma": 1}"#) == ["sigmma"])
    #expect(try Self.problems(#"{"name": "\#(name)", "rows": -1}"#) == ["rows"])
  }

  @Test(
    "a wrong value is reported",
    arguments: [
      (#""gaussianMixture", "centers": [1, 2, 3]"#, ["centers"]), (#""gaussianMixture", "sigmas": [1]"#, ["centers"]),
      (#""gaussianMixture", "weights": [1, 2]"#, ["weights"]),
      (#""gaussianMixture", "weights": [1, 1, 1, 0]"#, ["weights[3]"]),
      (#""gaussianMixture", "sigmas": [1, 1, 1, -1]"#, ["sigmas[3]"]),
      (#""ring", "components": 0, "sigma": 0"#, ["components", "sigma"]), (#""twoMoons", "noise": 0"#, ["noise"]),
      (#""spirals", "turns": 0, "radius": "far""#, ["turns", "radius"]), (#""banana", "sigma": -1"#, ["sigma"]),
      (#""checkerboard", "squares": 1"#, ["squares"]), (#""pinwheel", "arms": 2"#, ["arms"]),
      (#""correlatedNormal", "mean": [0], "correlation": 1"#, ["mean", "correlation"]),
    ])
  func wrongValues(_ text: String, _ expected: [String]) throws {
    #expect(try Self.problems(#"{"name": \#(text)}"#) == expected)
  }

  /// More than two dimensions have no example, so the components must be given.
  @Test func componentsAreRequired() throws {
    #expect(try Self.problems(#"{"name": "gaussianMixture", "dimensions": 3}"#).contains("centers"))
  }
}
