import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimKernels
import MinimNN

/// A field that moves noise to data, learned by regression (Lipman et al. 2023, "Flow Matching for Generative Modeling",
/// equation 14):
///
///     x_t = alpha(t) x1 + sigma(t) x0,   loss = E |v(x_t, t) - (alpha'(t) x1 + sigma'(t) x0)|^2
///
/// or the same error of the noise x0 or of the example x1, which the net may predict instead, see `FieldPrediction`.
/// Samples follow dx/dt = v(x, t) from x0 ~ N(0, I) at t = 0 to t = 1. With a path that preserves the variance this is a
/// diffusion model in its deterministic form.
package struct FlowMatching: Sendable {
  /// The configuration.
  package let configuration: FlowMatchingConfiguration
  /// The extents of an example.
  package let exampleShape: [Int]
  /// The weights and biases of the net.
  package let parameters: ParameterLayout
  /// The map between the unit of the field and that of the data.
  let unit: DataUnit
  /// The learned field.
  package let field: VectorField
  private let divergenceMemo = ParameterMemo<(forward: QuadratureEstimate, reverse: QuadratureEstimate)>()
  private let fitMemo = ParameterMemo<FieldFit>()

  /// Creates a field with its parameters in `scope`, for examples of some data.
  package init(_ configuration: FlowMatchingConfiguration, of data: DataSplit, _ scope: ParameterScope = .init()) {
    self.configuration = configuration
    exampleShape = data.exampleShape
    unit = DataUnit(levels: data.levels, scaling: data.scaling)
    field = VectorField(configuration, FieldMoments(of: data), scope)
    parameters = scope.layout
  }

  /// Reads the section "model" of a config, for a straight path.
  package init(_ section: ConfigurationSection, _ data: DataSplit) {
    self.init(FlowMatchingConfiguration(section, data, isDiffusion: false), of: data)
  }

  /// Reads the section "model" of a config, for a path that preserves the variance.
  package init(diffusion section: ConfigurationSection, _ data: DataSplit) {
    self.init(FlowMatchingConfiguration(section, data, isDiffusion: true), of: data)
  }

  /// The number of levels if the data are whole numbers from 0 on.
  var levels: Int? { unit.levels }
  /// The map from the unit of the field to that of the data; nil if they are one, or if there are levels.
  var scaling: Scaling? { unit.scaling }

  /// The number of values of an example.
  var dimensions: Int { exampleShape.reduce(1, *) }

  /// The parts of the squared error, computed once for the same parameters in Double.
  func fit(_ density: any KnownField, _ trained: Trained) throws -> FieldFit {
    try fitMemo.value(trained) { try FieldFit(self, density, trained) }
  }

  /// Both KL, computed once for the same parameters in Double.
  func divergences(_ density: some Density, _ trained: Trained) throws -> (
    forward: QuadratureEstimate, reverse: QuadratureEstimate
  ) {
    try divergenceMemo.value(trained) { try newDivergences(density, trained) }
  }
}

extension FlowMatching: Model {
  /// The mean of the squared error of what the net predicts, summed over the values of an example; in the squared unit of the
  /// field, or in that of the noise.
  package func objective(_ batch: Batch) -> Objective { Objective("squaredError", errors(batch).mean()) }

  /// The squared error of each example at a time and a noise of its own.
  package func losses(_ batch: Batch) -> Tensor? { errors(batch) }

  /// The moments of the normal part of the field.
  package var constants: [String: [Double]] { field.moments.constants() }

  package var pairing: Pairing? {
    guard configuration.coupling == .minibatchTransport else { return nil }
    return Pairing(group: configuration.pairedExamples) { batch in
      (unit.entering(unit.centers(batch).reshape([batch.count, dimensions])), noise(batch.count))
    }
  }

  private func errors(_ batch: Batch) -> Tensor {
    let n = batch.count
    let data = unit.entering(unit.dequantized(batch).reshape([n, dimensions]))
    let noise = noise(n), t = times(n)
    let factors = configuration.path.factors(t)
    let prediction = field.prediction(
      factors.alpha * data + factors.sigma * noise, t, labels: labels(batch), data: data, noise: noise)
    return square(prediction.value - prediction.truth).sum(axes: [1])
  }

  /// The noise of n examples, [n, d].
  func noise(_ n: Int) -> Tensor { .normal(shape: [n, dimensions], purpose: .model, stream: 1) }

  /// The classes of a batch, some of them hidden; nil if the field is given none.
  func labels(_ batch: Batch) -> Tensor? {
    guard configuration.classes > 0, let labels = batch.labels else { return nil }
    let n = batch.count, hidden = Tensor.constant(configuration.labelDropout, shape: [n, 1])
    return labels * greater(.uniform(shape: [n, 1], purpose: .model, stream: 3), hidden)
  }

  /// The times of n examples, [n, 1].
  func times(_ n: Int) -> Tensor {
    let shape = [n, 1]
    return switch configuration.times {
    case .uniform: .uniform(shape: shape, purpose: .model, stream: 2)
    case .stratified: .stratified(shape: shape, purpose: .model, stream: 2)
    case .logitNormal: sigmoid(Tensor.normal(shape: shape, purpose: .model, stream: 2))
    case .quadratic: 1 - square(Tensor.uniform(shape: shape, purpose: .model, stream: 2))
    }
  }
}
