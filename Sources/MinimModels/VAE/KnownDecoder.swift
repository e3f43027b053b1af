import MinimKernels
import MinimAutodiff
import MinimData
import MinimNN

/// The decoder that data were drawn with, if there is one. A VAE that uses it and trains only its encoder has a
/// likelihood that training cannot change.
public struct KnownDecoder: Sendable {
  /// The number of latent variables.
  let latent: Int
  /// The standard deviation of the noise on each input.
  let standardDeviation: Double
  /// The activation between the layers.
  let activation: Activation
  /// [outputs, inputs] and [outputs] of each layer, as in formulas.
  private let layers: [(weight: Matrix, bias: [Double])]

  /// Creates a decoder from its layers, each as in formulas.
  init(
    latent: Int, standardDeviation: Double, activation: Activation = .tanh, _ layers: [(weight: Matrix, bias: [Double])]
  ) {
    (self.latent, self.standardDeviation, self.activation) = (latent, standardDeviation, activation)
    self.layers = layers
  }

  /// The widths of the hidden layers.
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
