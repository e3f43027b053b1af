import MinimKernels
import MinimAutodiff
import MinimData
import MinimNN

/// The decoder that data were drawn with, where it is one: a VAE that has it and trains its encoder alone has a likelihood
/// that training cannot move.
public struct KnownDecoder: Sendable {
  /// The number of latent variables.
  let latent: Int
  /// The standard deviation of the noise on each input.
  let standardDeviation: Double
  /// What lies between the layers.
  let activation: Activation
  /// [outputs, inputs] and [outputs] of each layer, as on paper.
  private let layers: [(weight: Matrix, bias: [Double])]

  /// The decoder of a distribution; nil where it has none.
  init?(_ distribution: KnownDistribution?) {
    switch distribution {
    case .linearGaussian(let model):
      (latent, standardDeviation, activation) = (model.latent, model.variance.squareRoot(), .tanh)
      layers = [(model.weights, model.bias)]
    case .tanhGaussian(let model):
      (latent, standardDeviation, activation) = (TanhGaussian.latent, model.sigma, .tanh)
      layers = [
        (TanhGaussian.innerWeights, TanhGaussian.innerBias), (TanhGaussian.outerWeights, TanhGaussian.outerBias),
      ]
    case .barsAndStripes, .ising, .density, .energy, nil: return nil
    }
  }

  /// The widths of its hidden layers.
  var hidden: [Int] { layers.dropLast().map(\.bias.count) }

  /// The decoder as a net whose weights are constants.
  var net: MultilayerPerceptron {
    MultilayerPerceptron(
      layers.map { weight, bias in
        Linear(
          weight: .constant(weight.transposed.values, shape: [weight.columns, weight.rows]),
          bias: .constant(bias, shape: [bias.count]))
      }, activation)
  }
}
