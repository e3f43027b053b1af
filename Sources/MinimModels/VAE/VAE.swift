import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// A variational autoencoder (Kingma and Welling 2014, "Auto-Encoding Variational Bayes"): z ~ N(0, I), x ~ p(x | z) by
/// a decoder, and an encoder that proposes q(z | x), a normal with diagonal covariance.
public struct VAE: Sendable {
  /// The configuration.
  public let configuration: VAEConfiguration
  /// The extents of an example.
  public let exampleShape: [Int]
  /// The map from the unit of the nets to that of the data; nil if they are one.
  public let scaling: Scaling?
  /// The weights and biases.
  public let parameters: ParameterLayout

  let encoder: MultilayerPerceptron
  let decoder: MultilayerPerceptron
  /// [1], the logarithm of the standard deviation minus its floor; nil if it is fixed.
  private let logExcess: Tensor?

  /// Creates a model of examples of the given extents, with its parameters in `scope`.
  ///
  /// - Parameters:
  ///   - configuration: widths, likelihood and objective.
  ///   - exampleShape: the extents of an example.
  ///   - scaling: the map from the unit of the nets to that of the data.
  ///   - scope: the scope of its parameters.
  ///   - likelihood: the scope of the decoder's parameters, if it is another one.
  public init(
    _ configuration: VAEConfiguration, exampleShape: [Int], scaling: Scaling? = nil, _ scope: ParameterScope = .init(),
    likelihood: ParameterScope? = nil
  ) {
    // Pixels of 0 and 1 are not measured in a unit.
    self.scaling = configuration.likelihood == .gaussian ? scaling : nil
    let likelihood = likelihood ?? scope
    let inputs = exampleShape.reduce(1, *)
    self.configuration = configuration
    self.exampleShape = exampleShape
    let seen = configuration.encoderInputs.isEmpty ? inputs : configuration.encoderInputs.count
    encoder = MultilayerPerceptron(
      scope.scope("encoder"), widths: [seen] + configuration.encoder + [2 * configuration.latent],
      configuration.activation)
    decoder =
      configuration.frozenDecoder?.net
      ?? MultilayerPerceptron(
        likelihood.scope("decoder"), widths: [configuration.latent] + configuration.decoder + [inputs],
        configuration.activation)
    let excess = max(1e-6, configuration.standardDeviation - configuration.standardDeviationFloor)
    logExcess =
      configuration.learnsStandardDeviation
      ? likelihood.scope("likelihood").parameter("logExcess", shape: [1], .constant(Elementary.log(excess))) : nil
    parameters = scope.layout
  }

  /// The number of values of an example.
  var inputs: Int { exampleShape.reduce(1, *) }

  /// The number of parameters that the encoder has learned.
  package var encoderParameterCount: Int {
    encoder.layers.reduce(0) { $0 + $1.weight.shape.elementCount + $1.bias.shape.elementCount }
  }

  /// q(z | x) of examples [n, ...].
  public func posterior(_ x: Tensor) -> DiagonalNormal {
    let flat = scaling.normalized(x.reshape([x.shape[0], inputs]))
    let seen = configuration.encoderInputs
    return DiagonalNormal(
      encoder(seen.isEmpty ? flat : concatenate(seen.map { flat.slice([0, $0], shape: [x.shape[0], 1]) }, axis: 1)))
  }

  /// The decoder's output for [n, latent]: means in the unit of the nets, or logits; [n, inputs].
  public func decode(_ z: Tensor) -> Tensor { decoder(z) }

  /// The values of an example that z stands for, [n, latent] to [n, inputs]: means, or probabilities of a 1.
  package func means(_ z: Tensor) -> Tensor {
    configuration.likelihood == .bernoulli ? sigmoid(decode(z)) : scaling.restored(decode(z))
  }

  /// The standard deviation of a Gaussian likelihood in the unit of the nets, [1].
  package var standardDeviation: Tensor {
    logExcess.map { exp($0) + configuration.standardDeviationFloor }
      ?? .constant(configuration.standardDeviation, shape: [1])
  }

  /// log p(x | z) in nats, [n], for x [n, inputs] and the decoder's output for z, [n, inputs].
  func logLikelihood(_ x: Tensor, _ output: Tensor) -> Tensor {
    switch configuration.likelihood {
    case .bernoulli: Bernoulli(logits: output).logProb(x)
    case .gaussian:
      inUnitOfData(
        DiagonalNormal(mean: output, logStandardDeviation: log(standardDeviation)).logProb(scaling.normalized(x)))
    }
  }

  /// A log density of values in the unit of the nets as one of values in that of the data.
  func inUnitOfData(_ logDensity: Tensor) -> Tensor {
    scaling == nil ? logDensity : logDensity - scaling.logDeterminant
  }

  /// The two parts of the ELBO in nats: E_q log p(x | z), [n], and KL(q, p(z)) of each latent variable, [n, latent].
  package func elboParts(_ x: Tensor, _ q: DiagonalNormal) -> (reconstruction: Tensor, kl: Tensor) {
    let flat = x.reshape([x.shape[0], inputs])
    let reconstruction =
      switch configuration.expectation {
      case .sampled: sampledExpectation(flat, q)
      case .closedForm: linearExpectation(flat, q)
      case .gaussHermite:
        elbo(flat, q, GaussHermite(configuration.nodes)) + q.klToStandard.sum(axes: [1])
      }
    return (reconstruction, q.klToStandard)
  }

  /// The mean of log p(x | z) over the draws of an example, [n]: those of the importance-weighted bound, if there are several.
  private func sampledExpectation(_ x: Tensor, _ q: DiagonalNormal) -> Tensor {
    let (n, k) = (x.shape[0], configuration.samples)
    guard k > 1 else { return logLikelihood(x, decode(q.sample(noise: noise(n)))) }
    let z = q.repeatingRows(k).sample(noise: draws(k, of: n))
    return logLikelihood(x.repeatingRows(k), decode(z)).reshape([n, k]).mean(axes: [1])
  }

  /// E_q log p(x | z) of a linear decoder x = W z + b: the log density at the mean of z, minus the contribution of the
  /// variances v of z, sum_j v_j |W_j|^2 / (2 sigma^2).
  func linearExpectation(_ x: Tensor, _ q: DiagonalNormal) -> Tensor {
    let weight = decoder.layers[0].weight  // [latent, inputs]
    let spread = matmul(exp(2 * q.logStandardDeviation), square(weight).sum(axes: [1]).reshape([weight.shape[0], 1]))
    return logLikelihood(x, decode(q.mean))
      - (spread / (2 * square(standardDeviation))).reshape([x.shape[0]])
  }

  /// The importance-weighted bound with k draws (Burda, Grosse and Salakhutdinov 2016, equation 8), [n].
  package func importanceWeightedBound(_ x: Tensor, _ q: DiagonalNormal, samples k: Int) -> Tensor {
    let (n, d) = (x.shape[0], configuration.latent)
    let rows = q.repeatingRows(k)
    let z = rows.sample(noise: draws(k, of: n))
    let prior = DiagonalNormal.standard(shape: [n * k, d])
    let weights = logLikelihood(x.repeatingRows(k), decode(z)) + prior.logProb(z) - rows.logProb(z)
    return weights.reshape([n, k]).logSumExp() - Elementary.log(Double(k))
  }

  /// Noise for k draws of each of n examples, [n k, latent].
  private func draws(_ k: Int, of n: Int) -> Tensor {
    let d = configuration.latent
    return Tensor.normal(shape: [n, k, d], purpose: .model).reshape([n * k, d])
  }

  private func noise(_ count: Int) -> Tensor {
    .normal(shape: [count, configuration.latent], purpose: .model)
  }
}
