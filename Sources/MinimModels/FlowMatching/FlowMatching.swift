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
/// Samples follow dx/dt = v(x, t) from x0 ~ N(0, I) at t = 0 to t = 1. With a path that preserves the variance this is a
/// diffusion model in its deterministic form.
package struct FlowMatching: Sendable {
  /// The configuration.
  package let configuration: FlowMatchingConfiguration
  /// The extents of an example.
  package let exampleShape: [Int]
  /// The weights and biases of the net.
  package let parameters: ParameterLayout
  /// The number of levels if the data are whole numbers from 0 on.
  let levels: Int?
  /// The map from the unit of the net to that of the data; nil if they are one.
  let scaling: Scaling?
  package let field: VectorField

  /// Creates a field with its parameters in `scope`, for examples of some data.
  package init(_ configuration: FlowMatchingConfiguration, of data: DataSplit, _ scope: ParameterScope = .init()) {
    self.configuration = configuration
    exampleShape = data.exampleShape
    levels = data.levels
    scaling = data.scaling
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

  /// The number of values of an example.
  var dimensions: Int { exampleShape.reduce(1, *) }
}

extension FlowMatching: Model {
  /// The mean of the squared error, in the squared unit of the net, summed over the values of an example.
  package func objective(_ batch: Batch) -> Objective { Objective("squaredError", errors(batch).mean()) }

  /// The squared error of each example at a time and a noise of its own.
  package func losses(_ batch: Batch) -> Tensor? { errors(batch) }

  private func errors(_ batch: Batch) -> Tensor {
    let n = batch.count
    let data = scaling.normalized(batch.examples.reshape([n, dimensions]))
    let noise = Tensor.normal(shape: [n, dimensions], purpose: .model)
    let t = times(n)
    let factors = configuration.path.factors(t)
    let x = factors.alpha * data + factors.sigma * noise
    let velocity = factors.alphaRate * data + factors.sigmaRate * noise
    return square(field.velocity(x, t) - velocity).sum(axes: [1])
  }

  /// The times of n examples, [n, 1].
  private func times(_ n: Int) -> Tensor {
    let shape = [n, 1]
    return switch configuration.times {
    case .uniform: .uniform(shape: shape, purpose: .model, stream: 1)
    case .logitNormal: sigmoid(Tensor.normal(shape: shape, purpose: .model, stream: 1))
    case .quadratic: 1 - square(Tensor.uniform(shape: shape, purpose: .model, stream: 1))
    }
  }

  /// Draws of noise, moved to the data's end.
  package func samples(_ count: Int, from trained: Trained) throws -> Samples {
    Samples(try draws(count, trained), of: trained.data)
  }

  /// `count` samples in the unit of the data, row-major: a function of the seed and a sample's number.
  func draws(_ count: Int, _ trained: Trained) throws -> [Double] {
    let key = RandomKey(seed: trained.seed).folding(.sampling)
    let noise = (0..<UInt64(count * dimensions)).map { key.normal(at: $0) }
    return try FieldFlow(self, logDets: false, trained.inDouble()).forward(noise).points
  }
}
