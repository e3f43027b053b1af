import MinimAutodiff
import TestSupport

/// A net with a masked convolution, a residual block, a pointwise layer and a Bernoulli loss: all that a plan fuses.
struct ResidualNet {
  let images: Tensor
  let parameters: [Tensor]
  let logits: Tensor
  let loss: Tensor
  let parameterCount: Int

  static let causal = [(-1, -1), (-1, 0), (-1, 1), (0, -1)].map { Tap(row: $0.0, column: $0.1) }
  static let withCenter = causal + [Tap(row: 0, column: 0)]

  init(batch: Int = 3, side: Int = 4, channels: Int = 3) {
    var offset = 0
    func parameter(_ name: String, _ shape: Shape) -> Tensor {
      defer { offset += (shape.elementCount + 15) / 16 * 16 }
      return .parameter(name, shape: shape, offset: offset)
    }
    func geometry(_ taps: [Tap]) -> ConvolutionGeometry { ConvolutionGeometry(height: side, width: side, taps: taps) }
    images = .input("images", shape: [batch, side, side, 1])
    let w0 = parameter("first.weight", [4, 1, channels])
    let b0 = parameter("first.bias", [channels])
    let w1 = parameter("second.weight", [5, channels, channels])
    let b1 = parameter("second.bias", [channels])
    let w2 = parameter("output.weight", [1, channels, 1])
    let b2 = parameter("output.bias", [1])
    parameters = [w0, b0, w1, b1, w2, b2]
    parameterCount = offset
    let h0 = convolution(images - 0.5, w0, geometry(Self.causal)) + b0
    let h1 = h0 + (convolution(relu(h0), w1, geometry(Self.withCenter)) + b1)
    logits = convolution(relu(h1), w2, geometry([Tap(row: 0, column: 0)])) + b2
    loss = (softplus(logits) - images * logits).sum(axes: [1, 2, 3]).mean()
  }

  var outputs: [Tensor] { gradient(of: loss, withRespectTo: parameters) + [loss] }

  var parameterValues: [Double] { values(parameterCount, seed: 3) }
  var imageValues: [Double] { values(images.shape.elementCount, seed: 4).map { $0 > 0 ? 1 : 0 } }
}
