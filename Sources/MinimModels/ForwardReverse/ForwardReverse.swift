import MinimConfiguration
import MinimData
import MinimNN

/// Four flows side by side on one density: an affine map and a RealNVP, each under forward and under reverse KL.
/// Forward KL covers every mode, since it pays for mass of the data where the model has none; reverse KL pays for mass
/// of the model where the data have none, and seeks a mode (Papamakarios et al. 2021, "Normalizing Flows for
/// Probabilistic Modeling and Inference", section 2.3).
///
/// The flows share no parameters and are trained at once: the gradient of the sum is that of each.
public struct ForwardReverse: Sendable {
  /// One of the four flows.
  public struct Part: Sendable {
    /// The prefix of the names of its metrics.
    public let name: String
    /// A title in words.
    public let title: String
    /// The flow.
    public let model: RealNVP
  }

  /// The flows: affine maps first, forward KL first.
  public let parts: [Part]
  /// The weights and biases of all flows.
  public let parameters: ParameterLayout

  /// Reads the section "model": the keys of a RealNVP except its objective.
  public init(_ section: ConfigurationSection, _ data: DataSplit) {
    let flow = RealNVPConfiguration(section, data, objective: .reverseKL)
    if case .none = data.training {
      section.report("name", "forward KL needs samples, and \(data.name) is a density alone")
    }
    if flow.couplings == 0 { section.report("couplings", "the RealNVP next to the affine map needs couplings") }
    var affine = flow
    (affine.couplings, affine.affine, affine.actNorm) = (0, true, false)
    let d = data.exampleShape.reduce(1, *)
    let start = section.numbers(
      "affineStart", default: [], in: -1e3...1e3, count: 0...64,
      "Where the mean of both affine maps starts; [] for the origin, from where reverse KL may keep to a symmetry.")
    if !start.isEmpty, start.count != d {
      section.report("affineStart", "expected \(d) numbers or none, got \(start.count)")
    } else {
      affine.start = start
    }
    affine.startDeviation = section.number(
      "affineDeviation", default: 1, in: 1e-2...1e2, "The standard deviation that both affine maps start with.")
    let scope = ParameterScope()
    func part(
      _ name: String, _ title: String, _ configuration: RealNVPConfiguration,
      _ objective: RealNVPConfiguration.Objective
    )
      -> Part
    {
      var configuration = configuration
      configuration.objective = objective
      return Part(name: name, title: title, model: RealNVP(configuration, of: data, scope.scope(name)))
    }
    parts = [
      part("affineForward", "affine, forward KL", affine, .forwardKL),
      part("affineReverse", "affine, reverse KL", affine, .reverseKL),
      part("flowForward", "RealNVP, forward KL", flow, .forwardKL),
      part("flowReverse", "RealNVP, reverse KL", flow, .reverseKL),
    ]
    parameters = scope.layout
  }
}
