import Foundation
import MinimAutodiff
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct PixelCNNTests {
  /// d logit_i / d x_j for all pairs of pixels, [i][j].
  private func jacobian(_ net: PixelCNN, _ trained: Trained, height: Int, width: Int) throws -> [[Double]] {
    let pixels = height * width
    let x = Tensor.input("x", shape: [1, height, width, 1])
    let logits = net.logits(x).reshape([pixels])
    let rows = (0..<pixels).map { gradient(of: logits.slice([$0], shape: [1]), withRespectTo: [x])[0] }
    return try evaluate(rows, parameters: trained.parameters.values, inputs: ["x": values(pixels, seed: 8)])
  }

  @Test(
    "a logit's derivative is exactly 0 for its own and all later pixels, and for nothing that its receptive field has",
    arguments: [
      ("A3,B3", .plain), ("A3,A3", .plain), ("B3,A3", .plain), ("A5,B3,B3", .residual), ("A3,B1", .plain),
      ("A7", .plain), ("A1,B3", .plain), ("A3,B3,B3", .gated), ("A5,B1", .gated),
    ] as [(String, MaskStack.Wiring)])
  func causality(_ masks: String, _ wiring: MaskStack.Wiring) throws {
    let (net, trained) = try randomNet(masks, wiring, height: 4, width: 5)
    let fields = net.configuration.stack.receptiveFields(height: 4, width: 5)
    for (pixel, row) in try jacobian(net, trained, height: 4, width: 5).enumerated() {
      #expect(row[pixel...].allSatisfy { $0 == 0 }, "\(masks), pixel \(pixel)")
      #expect(row.indices.filter { row[$0] != 0 } == fields[pixel], "\(masks), pixel \(pixel)")
    }
  }

  @Test(
    "B,B and a skipped B let a pixel see itself: the negative control",
    arguments: [("B3,B3", .plain), ("B3,A3", .residual), ("B3,B3", .gated)] as [(String, MaskStack.Wiring)])
  func leak(_ masks: String, _ wiring: MaskStack.Wiring) throws {
    let (net, trained) = try randomNet(masks, wiring)
    let jacobian = try jacobian(net, trained, height: 3, width: 3)
    #expect(jacobian.indices.allSatisfy { jacobian[$0][$0] != 0 })
    #expect(!net.configuration.stack.isAutoregressive(height: 3, width: 3))
  }

  @Test("a pixel's logit is the same in a batch of 1, in a batch of many, and on a canvas that ends with its row")
  func canvases() throws {
    let (net, trained) = try randomNet("A3,B3", .residual, height: 5, width: 4)
    let images = values(3 * 20, seed: 6).map { $0 > 0 ? 1.0 : 0 }
    func logits(_ images: [Double], height: Int) throws -> [Double] {
      let x = Tensor.input("x", shape: [images.count / (height * 4), height, 4, 1])
      return try evaluate([net.logits(x)], parameters: trained.parameters.values, inputs: ["x": images])[0]
    }
    let whole = try logits(images, height: 5)
    for image in 0..<3 {
      let alone = Array(images[image * 20..<image * 20 + 20])
      #expect(try logits(alone, height: 5) == Array(whole[image * 20..<image * 20 + 20]))
      for height in 1..<5 {
        #expect(
          try logits(Array(alone[..<(height * 4)]), height: height)
            == Array(whole[image * 20..<image * 20 + height * 4]))
      }
    }
  }

  @Test(
    "canvases that the net was not made for: each is a distribution",
    arguments: [(1, 1), (1, 6), (6, 1), (2, 4), (4, 2)])
  func otherCanvases(_ height: Int, _ width: Int) throws {
    let (net, trained) = try randomNet("A5,B3", .residual, height: 3, width: 3)
    #expect(abs(try net.totalMass(height: height, width: width, trained) - 1) < 1e-12)
  }

  @Test("log p(x) is the sum of the conditionals, by the definition; the objective is its mean")
  func logProb() throws {
    let (net, trained) = try randomNet("A3,B3")
    let images = AllImages(height: 3, width: 3).values
    let batch = Batch(count: 512, exampleShape: [3, 3, 1])
    let found = try evaluate(
      [net.logits(batch.examples), net.logProb(batch.examples), net.objective(batch).value],
      parameters: trained.parameters.values, inputs: [Batch.inputName: images.map(Double.init)])
    let expected = (0..<512).map { image in
      (0..<9).reduce(0.0) { sum, pixel in
        let p = 1 / (1 + Foundation.exp(-found[0][image * 9 + pixel]))
        return sum + Foundation.log(images[image * 9 + pixel] == 1 ? p : 1 - p)
      }
    }
    #expect(distance(found[1], expected) < 1e-13)
    #expect(abs(found[2][0] + expected.reduce(0, +) / 512) < 1e-12)
    #expect(distance(try net.logProbabilities(images, height: 3, width: 3, trained), expected) < 1e-13)
    #expect(abs(expected.reduce(0) { $0 + Foundation.exp($1) } - 1) < 1e-12)
  }

  @Test("other masks of the same net keep the weights of the taps that both have, and draw the others")
  func withMasks() throws {
    let (net, trained) = try randomNet("A3,B3")
    let (other, vector) = try net.withMasks(net.configuration.stack.withOtherFirstMask, trained.parameters)
    #expect(other.configuration.stack.description == "B3,B3")
    #expect(zip(net.parameters.entries, other.parameters.entries).allSatisfy { $0.path == $1.path })
    for (mine, theirs) in zip(net.parameters.entries, other.parameters.entries) {
      let (old, new) = (trained.parameters[mine], vector[theirs])
      #expect(Array(new.prefix(old.count)) == old)  // B lists A's taps first, then the center
      #expect(new.dropFirst(old.count).allSatisfy { $0 != 0 })
      #expect((new.count > old.count) == (mine.path == "masked.0.weight"))
    }
    let (smaller, fewer) = try other.withMasks(net.configuration.stack, vector)
    #expect(smaller.parameters.entries.map { fewer[$0] } == net.parameters.entries.map { trained.parameters[$0] })
  }
}
