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

  /// A decoder with its layers, each as it is on paper.
  init(
    latent: Int, standardDeviation: Double, activation: Activation = .tanh, _ layers: [(weight: Matrix, bias: [Double])]
  ) {
    (self.latent, self.standardDeviation, self.activation) = (latent, standardDeviation, activation)
    self.layers = layers
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

/// A distribution that is drawn by a decoder with normal noise.
protocol DecodedDistribution: KnownDistribution {
  /// The decoder that draws it.
  var decoder: KnownDecoder { get }
}

extension LinearGaussian: DecodedDistribution {
  var decoder: KnownDecoder {
    KnownDecoder(latent: latent, standardDeviation: variance.squareRoot(), [(weights, bias)])
  }
}

extension TanhGaussian: DecodedDistribution {
  var decoder: KnownDecoder {
    KnownDecoder(
      latent: Self.latent, standardDeviation: sigma,
      [(Self.innerWeights, Self.innerBias), (Self.outerWeights, Self.outerBias)])
  }
}
