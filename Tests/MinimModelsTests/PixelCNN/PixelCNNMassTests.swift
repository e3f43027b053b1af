import Foundation
import MinimAutodiff
import MinimFiles
import MinimKernels
import MinimNN
import TestSupport
import Testing

/// A net of two masked 3x3 layers with explicit weights, its probabilities summed over all images by other programs:
/// z = B2 * tanh(B1 * x + b1) + b2.
private struct ExplicitNet: Decodable {
  struct Image: Decodable {
    let x: [[Double]]
    let logP: [String: Double]
    enum CodingKeys: String, CodingKey {
      case x
      case logP = "log_p"
    }
  }
  let w1: [[[Double]]], b1: [Double], w2: [[[Double]]], b2: Double
  let images: [Image]
  let totalMass: [String: Double], entropy: [String: Double]

  enum CodingKeys: String, CodingKey {
    case w1 = "W1_raw"
    case w2 = "W2_raw"
    case totalMass = "total_mass"
    case entropy = "entropy_of_model_nats"
    case b1, b2, images
  }

  static func load() throws -> ExplicitNet {
    struct File: Decodable {
      let net: ExplicitNet
      enum CodingKeys: String, CodingKey { case net = "pixelcnn_mass" }
    }
    return try JSONDecoder().decode(File.self, from: Data(contentsOf: fixture("golden.json"))).net
  }

  /// log p(x) of images [n, side, side, 1] under the masks "AB", or "none" for no mask at all.
  func logProb(_ images: Tensor, masks: String) -> Tensor {
    let kinds = masks == "none" ? [Mask.Kind.none, .none] : masks.compactMap { Mask.Kind(rawValue: String($0)) }
    let (height, width) = (images.shape[1], images.shape[2])
    func layer(_ x: Tensor, _ kind: Mask.Kind, inputs: Int, outputs: Int, _ raw: (Int, Int, Tap) -> Double) -> Tensor {
      let taps = Mask(kind, 3).taps
      let weight = indices([taps.count, inputs, outputs]).map { raw($0[1], $0[2], taps[$0[0]]) }
      return convolution(
        x, .constant(weight, shape: [taps.count, inputs, outputs]),
        ConvolutionGeometry(height: height, width: width, taps: taps))
    }
    let h = layer(images, kinds[0], inputs: 1, outputs: 2) { _, o, tap in w1[o][tap.row + 1][tap.column + 1] }
    let z = layer(tanh(h + .constant(b1, shape: [2])), kinds[1], inputs: 2, outputs: 1) { i, _, tap in
      w2[i][tap.row + 1][tap.column + 1]
    }
    let logits = z + b2
    return (images * logits - softplus(logits)).sum(axes: [1, 2, 3])
  }

  /// The sum of all probabilities and of -p log p, over the images of a square canvas.
  func sums(side: Int, masks: String) throws -> (mass: Double, entropy: Double) {
    let pixels = side * side
    let chunk = min(4096, 1 << pixels)
    let images = Tensor.input("x", shape: [chunk, side, side, 1])
    let logP = logProb(images, masks: masks)
    let program = try PlannedRun([exp(logP).sum(), (exp(logP) * logP).sum()], kernels: .current(.float64))
    var sums = (mass: 0.0, entropy: 0.0)
    for first in stride(from: 0, to: 1 << pixels, by: chunk) {
      let batch = (0..<chunk * pixels).map { Double(((first + $0 / pixels) >> ($0 % pixels)) & 1) }
      let part = program.run(["x": batch])
      sums.mass += part[0][0]
      sums.entropy -= part[1][0]
    }
    return sums
  }
}

@Suite struct PixelCNNMassTests {
  @Test("log p(x) under every pair of masks", arguments: ["AA", "AB", "BA", "BB"])
  func logProb(_ masks: String) throws {
    let net = try ExplicitNet.load()
    #expect(net.images.count == 3)
    for image in net.images {
      let x = Tensor.input("x", shape: [1, 5, 5, 1])
      let found = try evaluate([net.logProb(x, masks: masks)], inputs: ["x": image.x.flatMap { $0 }])[0][0]
      let expected = try #require(image.logP[masks])
      #expect(abs(found - expected) < 1e-10 * abs(expected))
    }
  }

  @Test(
    "all probabilities sum to 1 with an A on every path; unmasked and B,B do not",
    arguments: ["AA", "AB", "BA", "BB", "none"])
  func mass(_ masks: String) throws {
    let net = try ExplicitNet.load()
    for side in [3, 4] {
      let found = try net.sums(side: side, masks: masks)
      let expected = try #require(net.totalMass["\(masks)_\(side)x\(side)"])
      #expect(abs(found.mass - expected) < 1e-10 * expected)
      #expect((abs(found.mass - 1) < 1e-9) == masks.contains("A"))
      if let entropy = net.entropy["\(masks)_\(side)x\(side)"] {
        #expect(abs(found.entropy - entropy) < 1e-10 * entropy)
      }
    }
  }

  @Test(
    "all 2^25 images of 5x5",
    .enabled(if: ProcessInfo.processInfo.environment["MINIM_ALL_TESTS"] != nil, "takes minutes"),
    arguments: ["AB", "BB", "none"])
  func largeMass(_ masks: String) throws {
    let net = try ExplicitNet.load()
    let found = try net.sums(side: 5, masks: masks)
    let expected = try #require(net.totalMass["\(masks)_5x5"])
    #expect(abs(found.mass - expected) < 1e-9 * expected)
    if let entropy = net.entropy["\(masks)_5x5"] { #expect(abs(found.entropy - entropy) < 1e-9 * entropy) }
  }
}
