import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// A generative adversarial net (Goodfellow et al. 2014): a generator makes examples from normals, and a critic
/// distinguishes them from data. Both are multilayer perceptrons. The critic may pay for its slope at the data, R1
/// (Mescheder, Geiger and Nowozin 2018, "Which Training Methods for GANs do actually Converge?", equation 9), which
/// needs second derivatives.
public struct GAN: Sendable {
  /// The configuration.
  public let configuration: GANConfiguration
  /// The parameters of "critic" and of "generator".
  public let parameters: ParameterLayout
  /// The extents of an example.
  public let exampleShape: [Int]
  /// Whether examples are images, whose pixels are between 0 and 1 in the unit of the nets.
  let isImage: Bool
  /// The map from the unit of the nets to that of the data; nil if they are one.
  let scaling: Scaling?

  let critic: MultilayerPerceptron, generator: MultilayerPerceptron

  /// Creates nets with their parameters in `scope`, for examples of some data.
  public init(_ configuration: GANConfiguration, of data: DataSplit, _ scope: ParameterScope = .init()) {
    self.configuration = configuration
    exampleShape = data.exampleShape
    isImage = data.exampleShape.count == 3
    scaling = data.scaling
    let values = data.exampleShape.reduce(1, *)
    critic = MultilayerPerceptron(
      scope.scope("critic"), widths: [values] + configuration.critic + [1], configuration.activation)
    generator = MultilayerPerceptron(
      scope.scope("generator"), widths: [configuration.latent] + configuration.generator + [values],
      configuration.activation)
    parameters = scope.layout
  }

  /// The number of values of an example.
  var dimensions: Int { exampleShape.reduce(1, *) }

  /// Makes examples in the unit of the nets, [count, d], from normals, [count, latent].
  func generate(_ z: Tensor) -> Tensor { isImage ? sigmoid(generator(z)) : generator(z) }

  /// The critic's value of examples in the unit of the nets, [count, d] to [count]: the larger, the more like data.
  func value(_ x: Tensor) -> Tensor { critic(x).reshape([x.shape[0]]) }

  /// |grad_x critic(x)|^2 of each example in the unit of the nets, [count].
  func squaredSlope(_ x: Tensor) -> Tensor {
    square(gradient(of: value(x).sum(), withRespectTo: [x])[0]).sum(axes: [1])
  }
}

extension GAN: Model {
  /// Both players' losses, each the mean over the batch; the critic's is the metric.
  public func objective(_ batch: Batch) -> Objective {
    let x = scaling.normalized(batch.examples.reshape([batch.count, dimensions]))
    let z = Tensor.normal(shape: [batch.count, configuration.latent], purpose: .model)
    let fake = value(generate(z))
    var ofCritic = configuration.loss.ofCritic(real: value(x), fake: fake)
    if configuration.gradientPenalty > 0 {
      ofCritic = ofCritic + configuration.gradientPenalty / 2 * squaredSlope(x)
    }
    let loss = ofCritic.mean()
    return Objective(
      "criticLoss", loss,
      players: [
        .init("critic", minimizing: loss, by: parameters.tensors(in: "critic")),
        .init(
          "generator", minimizing: configuration.loss.ofGenerator(fake: fake).mean(),
          by: parameters.tensors(in: "generator")),
      ])
  }

  /// Nil: a game has no loss per example.
  public func losses(_ batch: Batch) -> Tensor? { nil }

  /// Draws of the generator.
  public func samples(_ count: Int, from trained: Trained) throws -> Samples {
    Samples(try draws(count, trained), of: trained.data)
  }

  /// `count` draws of the generator, row-major: a function of the seed and a draw's number.
  package func draws(_ count: Int, _ trained: Trained) throws -> [Double] {
    let (latent, chunk) = (configuration.latent, 256)
    let key = RandomKey(seed: trained.seed).folding(.sampling)
    let examples = scaling.restored(generate(.input("z", shape: [chunk, latent])))
    let evaluator = try BatchEvaluator([[examples]], chunk: chunk, trained)
    let z = (0..<UInt64(count * latent)).map { key.normal(at: $0) }
    return evaluator.values(of: z, columns: latent, to: "z", width: dimensions)
  }
}
