import MinimData
import MinimConfiguration
import MinimFiles
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// Numbers of fields that independent programs have computed, by two routes each.
let goldenField = GoldenFile("golden-flow-matching.json")

extension MarginalField {
  /// The field of a mixture as the golden numbers describe it.
  init(_ path: ProbabilityPath = .linear, golden mixture: JSON) throws {
    let weights = try #require(mixture["weights"]?.numbers)
    let means = try mixture["means"]?.matrix ?? #require(mixture["means"]?.numbers).map { [$0] }
    let covariances: [Matrix]
    if let deviations = mixture["sds"]?.numbers {
      covariances = deviations.map { .scaledIdentity(means[0].count, $0 * $0) }
    } else {
      covariances = try #require(mixture["covariances"]?.array).map { Matrix(rows: try #require($0.matrix)) }
    }
    self.init(path, means: means, covariances: covariances, weights: weights)
  }
}

extension GaussianMixture {
  /// A mixture as the golden numbers describe it.
  init(golden mixture: JSON) throws {
    let means = try mixture["means"]?.matrix ?? #require(mixture["means"]?.numbers).map { [$0] }
    let covariances: [[[Double]]]
    if let deviations = mixture["sds"]?.numbers {
      let d = means[0].count
      covariances = deviations.map { s in (0..<d).map { i in (0..<d).map { $0 == i ? s * s : 0 } } }
    } else {
      covariances = try #require(mixture["covariances"]?.array).map { try #require($0.matrix) }
    }
    self.init(
      name: "golden", means: means, covariances: covariances, weights: try #require(mixture["weights"]?.numbers))
  }
}

/// The mixture of one dimension that most golden numbers are about.
func goldenMixture() throws -> GaussianMixture {
  try GaussianMixture(golden: #require(goldenField["cfm_identity"]["mixture"]))
}

/// Nothing to train: what is known in closed form has no parameters.
func untrained() throws -> Trained {
  trained(try ParameterVector(ParameterScope().layout, precision: .float64), data: patternData(2, 2))
}

extension JSON {
  /// The numbers of an array, or those of its rows one after the other.
  var flat: [Double]? { numbers ?? matrix?.flatMap { $0 } }

  /// A number, or the numbers of an array.
  var vector: [Double]? { numbers ?? number.map { [$0] } }
}

extension FlowMatching {
  /// The model of a section "model".
  static func read(_ section: String, _ data: DataSplit, isDiffusion: Bool) throws -> FlowMatching {
    let reader = ConfigurationReader(try ConfigurationSource(texts: [(name: "small.json", text: section)]))
    let model = FlowMatching(FlowMatchingConfiguration(reader.root, data, isDiffusion: isDiffusion), of: data)
    try reader.finish()
    return model
  }
}
