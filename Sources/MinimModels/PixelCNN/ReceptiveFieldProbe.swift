import MinimAutodiff
import MinimKernels
import MinimNN

/// Measures which pixels a net's outputs depend on, in two ways that know nothing of masks: by its gradients, and by
/// its outputs when a pixel is changed.
package struct ReceptiveFieldProbe {
  /// For each output pixel the input pixels whose derivative is not exactly 0.
  package let byGradient: [[Int]]
  /// For each output pixel the input pixels whose change changes it.
  package let byPerturbation: [[Int]]

  /// Probes a stack through a twin with tanh (no dead units) and seeded random weights, in Double.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  package init(_ stack: MaskStack, height: Int, width: Int, levels: Int = 2, seed: UInt64 = 1) throws {
    let scope = ParameterScope()
    let net = PixelCNN(
      PixelCNNConfiguration(stack: stack, channels: 3, pointwiseLayers: 1, activation: .tanh), height: height,
      width: width, levels: levels, scope)
    let vector = try ParameterVector(net.parameters, precision: .float64)
    // Weights of size one: an influence through many layers stays far above the rounding of what it is added to.
    let key = RandomKey(seed: seed).folding(.evaluation)
    vector.values = (0..<net.parameters.count).map { 1.6 * key.uniform(at: UInt64($0)) - 0.8 }
    let pixels = height * width
    let base = (0..<pixels).map { key.folding(1).uniform(at: UInt64($0)) }
    byGradient = try Self.gradients(net, vector, base, pixels)
    byPerturbation = try Self.perturbations(net, vector, base, pixels)
  }

  /// A pixel's logit, or the last of its logits, [n, h, w, 1]: all of them are functions of the same features.
  private static func logit(_ net: PixelCNN, _ images: Tensor) -> Tensor {
    let logits = net.logits(images)
    return logits.slice([0, 0, 0, logits.shape[3] - 1], shape: images.shape)
  }

  /// One image for each output pixel: the derivative of that pixel's logit.
  private static func gradients(
    _ net: PixelCNN, _ vector: ParameterVector, _ base: [Double], _ pixels: Int
  ) throws -> [[Int]] {
    let images = Tensor.input("images", shape: [pixels, net.height, net.width, 1])
    let chosen = (0..<pixels * pixels).map { $0 / pixels == $0 % pixels ? 1.0 : 0.0 }
    let selector = Tensor.constant(chosen, shape: images.shape)
    let derivative = gradient(of: (Self.logit(net, images) * selector).sum(), withRespectTo: [images])
    let repeated = (0..<pixels).flatMap { _ in base }
    let values = try evaluate(derivative, parameters: vector.values, inputs: ["images": repeated])[0]
    return (0..<pixels).map { output in (0..<pixels).filter { values[output * pixels + $0] != 0 } }
  }

  /// The image as it is, then one image for each changed pixel.
  private static func perturbations(
    _ net: PixelCNN, _ vector: ParameterVector, _ base: [Double], _ pixels: Int
  ) throws -> [[Int]] {
    let images = Tensor.input("images", shape: [pixels + 1, net.height, net.width, 1])
    var values = (0...pixels).flatMap { _ in base }
    for pixel in 0..<pixels { values[(pixel + 1) * pixels + pixel] += 0.37 }
    let logits = try evaluate([Self.logit(net, images)], parameters: vector.values, inputs: ["images": values])[0]
    return (0..<pixels).map { output in
      (0..<pixels).filter { logits[($0 + 1) * pixels + output] != logits[output] }
    }
  }

  /// The number of pixels at which either measurement differs from the expected receptive fields.
  package func mismatches(_ expected: [[Int]]) -> Int {
    expected.indices.filter { byGradient[$0] != expected[$0] || byPerturbation[$0] != expected[$0] }.count
  }
}
