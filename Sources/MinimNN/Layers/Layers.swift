import MinimAutodiff

/// A part of a model with parameters of its own.
public protocol Layer: Sendable {
  /// Returns the layer's output for `x`.
  func callAsFunction(_ x: Tensor) -> Tensor
}

/// x W + b on the last axis.
public struct Linear: Layer {
  /// [inputs, outputs] and [outputs].
  public let weight: Tensor, bias: Tensor

  /// Asks the scope for "weight" [inputs, outputs] and "bias" [outputs], which start from `initializer`, by default
  /// `.fanIn(inputs)`.
  public init(_ scope: ParameterScope, inputs: Int, outputs: Int, _ initializer: Initializer? = nil) {
    let initializer = initializer ?? .fanIn(inputs)
    weight = scope.parameter("weight", shape: [inputs, outputs], initializer)
    bias = scope.parameter("bias", shape: [outputs], initializer)
  }

  /// Creates the map of a given weight [inputs, outputs] and bias [outputs], such as constants.
  public init(weight: Tensor, bias: Tensor) {
    require(
      weight.rank == 2 && bias.shape == [weight.shape[1]],
      "a linear layer has no weight of shape \(weight.shape) next to a bias of shape \(bias.shape)")
    self.weight = weight
    self.bias = bias
  }

  /// [..., inputs] to [..., outputs].
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let (inputs, outputs) = (weight.shape[0], weight.shape[1])
    let rows = x.reshape([x.shape.elementCount / max(1, inputs), inputs])
    return (matmul(rows, weight) + bias).reshape(x.shape.dropLast() + [outputs])
  }
}

/// A convolution over listed taps that keeps the extents of its images.
public struct Convolution2D: Layer {
  /// [taps, inputs, outputs] and [outputs].
  public let weight: Tensor, bias: Tensor
  /// The live taps, in the order of the weight's first axis.
  public let taps: [Tap]

  /// Asks the scope for "weight" [taps, inputs, outputs] and "bias" [outputs].
  public init(_ scope: ParameterScope, taps: [Tap], inputs: Int, outputs: Int) {
    self.taps = taps
    let initializer = Initializer.fanIn(taps.count * inputs)
    weight = scope.parameter("weight", shape: [taps.count, inputs, outputs], initializer)
    bias = scope.parameter("bias", shape: [outputs], initializer)
  }

  /// [batch, height, width, inputs] to [batch, height, width, outputs].
  public func callAsFunction(_ x: Tensor) -> Tensor {
    convolution(x, weight, ConvolutionGeometry(height: x.shape[1], width: x.shape[2], taps: taps)) + bias
  }

  /// A 1x1 convolution: the same linear map at every pixel.
  public static func pointwise(_ scope: ParameterScope, inputs: Int, outputs: Int) -> Convolution2D {
    Convolution2D(scope, taps: [Tap(row: 0, column: 0)], inputs: inputs, outputs: outputs)
  }
}

/// The elementwise function between layers.
public enum Activation: String, CaseIterable, Sendable {
  case relu, tanh

  /// Applies the function element by element.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .relu: MinimAutodiff.relu(x)
    case .tanh: MinimAutodiff.tanh(x)
    }
  }
}
