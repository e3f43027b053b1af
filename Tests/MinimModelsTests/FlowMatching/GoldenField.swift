import MinimData
import MinimConfiguration
import MinimFiles
import MinimKernels
import MinimModels
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

extension JSON {
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
