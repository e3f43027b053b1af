import Foundation
import MinimAutodiff
import MinimModels
import MinimNN
import TestSupport
import Testing

/// Gated layers by plain loops over one image (van den Oord et al. 2016, "Conditional Image Generation with PixelCNN
/// Decoders", equation 2, its conditional form, and figure 2).
private struct PlainGatedNet {
  let height: Int, width: Int
  let channels: Int
  /// A parameter by its path.
  let parameter: (String) -> [Double]

  /// Features of every pixel, [row][column][channel].
  typealias Map = [[[Double]]]

  /// b + the sum over taps that are on the canvas of W x.
  private func convolution(_ x: Map, _ path: String, taps: [(Int, Int)], outputs: Int) -> Map {
    let (weight, bias) = (parameter(path + ".weight"), parameter(path + ".bias"))
    return indices { row, column in
      (0..<outputs).map { output in
        var sum = bias[output]
        for (place, tap) in taps.enumerated() {
          let (y, z) = (row + tap.0, column + tap.1)
          guard (0..<height).contains(y), (0..<width).contains(z) else { continue }
          let inputs = x[y][z].count
          for input in 0..<inputs { sum += weight[(place * inputs + input) * outputs + output] * x[y][z][input] }
        }
        return sum
      }
    }
  }

  private func indices(_ value: (Int, Int) -> [Double]) -> Map {
    (0..<height).map { row in (0..<width).map { value(row, $0) } }
  }

  private func sum(_ a: Map, _ b: Map) -> Map { indices { zip(a[$0][$1], b[$0][$1]).map { $0 + $1 } } }

  /// y = tanh(W_f x + V_f h) * sigmoid(W_g x + V_g h), where the label h is a class.
  private func gate(_ features: Map, _ labels: String, _ label: Int?) -> Map {
    let bias = label.map { Array(parameter(labels + ".weight")[$0 * 2 * channels..<($0 + 1) * 2 * channels]) }
    return indices { row, column in
      (0..<channels).map { channel in
        let f = features[row][column][channel] + (bias?[channel] ?? 0)
        let g = features[row][column][channels + channel] + (bias?[channels + channel] ?? 0)
        return Foundation.tanh(f) / (1 + Foundation.exp(-g))
      }
    }
  }

  /// - Parameter sizes: of the kernels; the first is a mask A, the others are B.
  func logits(_ pixels: [Double], sizes: [Int], label: Int?) -> [Double] {
    var v = indices { [pixels[$0 * width + $1] - 0.5] }
    var h = v
    for (depth, size) in sizes.enumerated() {
      let (layer, reach) = ("layers.\(depth)", size / 2)
      let rows = (-reach...0).flatMap { row in (-reach...reach).map { (row, $0) } }
      let left = (-reach...0).filter { $0 < 0 || depth > 0 }.map { (0, $0) }
      let down = convolution(v, layer + ".vertical", taps: rows, outputs: 2 * channels)
      let link = convolution(down, layer + ".link", taps: [(-1, 0)], outputs: 2 * channels)
      let right = sum(convolution(h, layer + ".horizontal", taps: left, outputs: 2 * channels), link)
      let gated = gate(right, layer + ".horizontalLabels", label)
      let y = convolution(gated, layer + ".output", taps: [(0, 0)], outputs: channels)
      h = depth == 0 ? y : sum(h, y)
      v = gate(down, layer + ".verticalLabels", label)
    }
    let activated = h.map { $0.map { $0.map { Foundation.tanh($0) } } }
    return convolution(activated, "output", taps: [(0, 0)], outputs: 1).flatMap { $0.flatMap { $0 } }
  }
}

@Suite struct GatedNetTests {
  @Test(
    "one and more gated layers by plain loops, with and without labels",
    arguments: [[3], [5], [3, 3], [5, 3, 1]], [nil, 0, 2] as [Int?])
  func plainLoops(_ sizes: [Int], _ label: Int?) throws {
    let masks = sizes.enumerated().map { Mask($0 == 0 ? .a : .b, $1) }
    let net = PixelCNN(
      PixelCNNConfiguration(
        stack: MaskStack(masks, .gated), channels: 3, pointwiseLayers: 0, activation: .tanh,
        isConditional: label != nil), height: 4, width: 3, classes: 3)
    let vector = try ParameterVector(net.parameters, precision: .float64)
    vector.values = values(net.parameters.count, seed: 5)
    let entries = Dictionary(uniqueKeysWithValues: net.parameters.entries.map { ($0.path, vector[$0]) })
    let pixels = values(12, seed: 6)  // The layers take any number.
    let x = Tensor.input("x", shape: [1, 4, 3, 1])
    let labels = label.map { label in Tensor.constant((0..<3).map { $0 == label ? 1 : 0 }, shape: [1, 3]) }
    let found = try evaluate([net.logits(x, labels: labels)], parameters: vector.values, inputs: ["x": pixels])[0]
    let plain = PlainGatedNet(height: 4, width: 3, channels: 3) { entries[$0] ?? [] }
    #expect(distance(found, plain.logits(pixels, sizes: sizes, label: label)) < 1e-12)
    // Another label, and another pixel, would show.
    if let label { #expect(distance(found, plain.logits(pixels, sizes: sizes, label: (label + 1) % 3)) > 1e-3) }
    #expect(distance(found, plain.logits(pixels.reversed(), sizes: sizes, label: label)) > 1e-3)
  }
}
