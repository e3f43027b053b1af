import MinimAutodiff
import MinimKernels
import MinimNN

// P1b: each masked layer by itself. The receptive field of a whole stack can be right although a layer lacks a tap that
// others make up for.

extension PixelCNN {
  /// P1b: each masked layer reads the pixels that its mask names, by the derivatives of its output at the center.
  package func layerClaim() throws -> Claim {
    let masks = configuration.stack.masks
    let isGated = configuration.stack.wiring == .gated
    let expected = masks.flatMap { mask in
      isGated ? [Self.rows(of: mask), Self.ownRow(of: mask)] : [Self.before(in: mask)]
    }
    let found = try zip(net.maskedConvolutions, masks.flatMap { isGated ? [$0, $0] : [$0] }).map { layer, mask in
      try offsets(of: layer, size: mask.size)
    }
    func mismatches(_ expected: [Set<Tap>]) -> Double {
      zip(found, expected).reduce(0) { $0 + Double($1.0.symmetricDifference($1.1).count) }
    }
    let center = Tap(row: 0, column: 0)
    return Claim(
      Claim.Theorem(
        "P1b", "each masked layer reads the pixels that its mask names, and no others",
        formula: #"\frac{\partial y_i}{\partial x_{i + o}} \ne 0 \iff o \in \text{mask}"#, .identity),
      "mismatched offsets of \(found.count) layers, by gradients", measured: mismatches(expected), .equal, 0,
      tolerance: 0,
      control: .init(
        "the last layer's own pixel the other way", changed: "a mask",
        measured: mismatches(expected.dropLast() + expected.suffix(1).map { $0.symmetricDifference([center]) })))
  }

  /// The pixels before the center in reading order, and the center itself for kind B.
  private static func before(in mask: Mask) -> Set<Tap> {
    square(mask) { row, column in
      let place = row * mask.size + column
      return mask.kind == .b ? place <= 0 : place < 0
    }
  }

  /// Whole rows down to the center's, for a vertical stack.
  private static func rows(of mask: Mask) -> Set<Tap> { square(mask) { row, _ in row <= 0 } }

  /// The part of the center's row, for a horizontal stack.
  private static func ownRow(of mask: Mask) -> Set<Tap> {
    square(mask) { row, column in row == 0 && (mask.kind == .b ? column <= 0 : column < 0) }
  }

  private static func square(_ mask: Mask, _ isLive: (_ row: Int, _ column: Int) -> Bool) -> Set<Tap> {
    let reach = mask.size / 2
    let all = (-reach...reach).flatMap { row in (-reach...reach).map { Tap(row: row, column: $0) } }
    return Set(all.filter { isLive($0.row, $0.column) })
  }

  /// The offsets at which a layer's output at the center of a canvas has a derivative, for weights that are nowhere 0.
  private func offsets(of layer: Convolution2D, size: Int) throws -> Set<Tap> {
    let reach = size / 2
    let side = 2 * reach + 1
    let channels = layer.weight.shape[1]
    let images = Tensor.input("images", shape: [1, side, side, channels])
    let outputs = layer(images)
    let center = outputs.slice([0, reach, reach, 0], shape: [1, 1, 1, outputs.shape[3]]).sum()
    let vector = [Double](repeating: 1, count: parameters.count)
    let values = [Double](repeating: 1, count: side * side * channels)
    let slopes = try MinimAutodiff.evaluate(
      gradient(of: center, withRespectTo: [images]), parameters: vector, inputs: ["images": values])[0]
    let live = (0..<side * side).filter { pixel in slopes[pixel * channels] != 0 }
    return Set(live.map { Tap(row: $0 / side - reach, column: $0 % side - reach) })
  }
}
