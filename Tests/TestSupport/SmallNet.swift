import MinimAutodiff
import MinimNN

/// A net of 3x3 images with one layer of each kind, small enough for plain loops and thousands of steps: a masked
/// convolution, a nonlinearity, a pointwise convolution, a linear layer, and the mean of a smooth loss.
package struct SmallNet: Sendable {
  package static let exampleShape = [3, 3, 1]

  package let parameters: ParameterLayout
  private let masked: Convolution2D, pointwise: Convolution2D, linear: Linear
  private let activation: Activation

  package init(_ activation: Activation = .tanh) {
    let scope = ParameterScope()
    self.activation = activation
    masked = .masked(scope.scope("masked"), Mask(.a, 3), inputs: 1, outputs: 6)
    pointwise = .pointwise(scope.scope("pointwise"), inputs: 6, outputs: 3)
    linear = Linear(scope.scope("linear"), inputs: 27, outputs: 2)
    parameters = scope.layout
  }

  /// The mean of softplus(score) over the examples and scores.
  package func objective(_ batch: Batch) -> Objective {
    let hidden = pointwise(activation(masked(batch.examples)))
    let scores = linear(hidden.reshape([batch.count, 27]))
    return Objective("loss", softplus(scores).mean())
  }

  package func objective(examples count: Int) -> Objective {
    objective(Batch(count: count, exampleShape: Self.exampleShape))
  }

  /// Examples of values in -1..<1, row-major.
  package static func examples(_ count: Int, seed: UInt64 = 1) -> [Float] {
    var generator = SplitMix(seed: seed)
    return (0..<count * 9).map { _ in Float(generator.symmetric()) }
  }
}
