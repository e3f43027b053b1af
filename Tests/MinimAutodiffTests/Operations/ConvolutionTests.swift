import MinimAutodiff
import TestSupport
import Testing

/// A geometry with numbers of channels and images, and the sums that define the three operations.
struct ConvolutionCase: Sendable, CustomTestStringConvertible {
  let name: String
  let geometry: ConvolutionGeometry
  let images: Int, inputs: Int, outputs: Int
  var testDescription: String { name }

  var xShape: Shape { [images, geometry.inputHeight, geometry.inputWidth, inputs] }
  var wShape: Shape { [geometry.taps.count, inputs, outputs] }
  var yShape: Shape { [images, geometry.outputHeight, geometry.outputWidth, outputs] }

  /// Calls `body` for each product of the quadruple sum, zero padding left out: places in x, w and y.
  func forEachProduct(_ body: (_ x: Int, _ w: Int, _ y: Int) -> Void) {
    for place in indices(yShape) {
      for (index, tap) in geometry.taps.enumerated() {
        let row = place[1] * geometry.stride + tap.row
        let column = place[2] * geometry.stride + tap.column
        guard row >= 0, row < geometry.inputHeight, column >= 0, column < geometry.inputWidth else { continue }
        for channel in 0..<inputs {
          body(
            flat([place[0], row, column, channel], xShape), flat([index, channel, place[3]], wShape),
            flat(place, yShape))
        }
      }
    }
  }
}

private func taps(_ offsets: (Int, Int)...) -> [Tap] { offsets.map { Tap(row: $0.0, column: $0.1) } }

private let cases: [ConvolutionCase] =
  [
    (3, 3, 1, taps((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 0)), 2, 3, 4),
    (5, 4, 1, taps((0, 0)), 3, 2, 17),
    (4, 5, 1, taps((2, -3), (0, 1), (-1, 0)), 1, 1, 1),
    (1, 1, 1, taps((-1, 0), (0, 0), (0, 1)), 2, 2, 3),
    (1, 1, 1, taps((-1, 0), (0, 1)), 2, 2, 3),
    (2, 2, 1, taps((5, 5), (0, 0)), 2, 1, 2),
    (2, 3, 1, [], 2, 2, 3),
    (3, 3, 1, taps((0, 0), (0, 1)), 0, 2, 3),
  ].map { height, width, stride, taps, images, inputs, outputs in
    ConvolutionCase(
      name: "\(images)x\(height)x\(width) \(inputs)-\(outputs), \(taps.count) taps",
      geometry: ConvolutionGeometry(height: height, width: width, taps: taps), images: images, inputs: inputs,
      outputs: outputs)
  } + [
    ConvolutionCase(
      name: "stride 2",
      geometry: ConvolutionGeometry(
        inputHeight: 5, inputWidth: 6, outputHeight: 3, outputWidth: 3, stride: 2,
        taps: taps((-1, -1), (0, 0), (1, 1), (1, 0))),
      images: 2, inputs: 3, outputs: 2),
    ConvolutionCase(
      name: "stride 3 pointwise",
      geometry: ConvolutionGeometry(
        inputHeight: 5, inputWidth: 5, outputHeight: 2, outputWidth: 2, stride: 3, taps: taps((0, 0))),
      images: 2, inputs: 3, outputs: 2),
    ConvolutionCase(
      name: "growing output",
      geometry: ConvolutionGeometry(
        inputHeight: 2, inputWidth: 2, outputHeight: 4, outputWidth: 4, stride: 1, taps: taps((-1, -1), (0, 0))),
      images: 3, inputs: 2, outputs: 2),
  ]

@Suite struct ConvolutionTests {
  @Test("convolution and its two gradients are their sums", arguments: cases)
  func sums(_ it: ConvolutionCase) throws {
    let (x, w, dy) = (
      values(it.xShape.elementCount, seed: 1), values(it.wShape.elementCount, seed: 2),
      values(it.yShape.elementCount, seed: 3)
    )
    var y = [Double](repeating: 0, count: dy.count)
    var dx = [Double](repeating: 0, count: x.count)
    var dw = [Double](repeating: 0, count: w.count)
    it.forEachProduct { i, j, k in
      y[k] += x[i] * w[j]
      dx[i] += dy[k] * w[j]
      dw[j] += x[i] * dy[k]
    }
    let tensors = [
      Tensor.input("x", shape: it.xShape), Tensor.input("w", shape: it.wShape), Tensor.input("dy", shape: it.yShape),
    ]
    let output = convolution(tensors[0], tensors[1], it.geometry)
    let all = [output] + gradient(of: (output * tensors[2]).sum(), withRespectTo: [tensors[0], tensors[1]])
    for kernels in try everyKernelTable() {
      let found = try evaluate(all, inputs: ["x": x, "w": w, "dy": dy], kernels: kernels)
      let tolerance = kernels.precision == .float64 ? 1e-14 : 1e-5
      #expect(distance(found[0], y) < tolerance)
      #expect(distance(found[1], dx) < tolerance)
      #expect(distance(found[2], dw) < tolerance)
    }
  }

  @Test("only live products inside the image are planned: 97 for a 3x3 mask B on 5x5")
  func products() {
    let taps = taps((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 0))
    let geometry = ConvolutionGeometry(height: 5, width: 5, taps: taps)
    #expect(geometry.products.count == 16 + 20 + 16 + 20 + 25)
    let x = Tensor.input("x", shape: [2, 5, 5, 3])
    let w = Tensor.parameter("w", shape: [5, 3, 4], offset: 0)
    let y = convolution(x, w, geometry)
    let plan = Plan(packing: [y] + gradient(of: square(y).sum(), withRespectTo: [x, w]))
    let segments = plan.body.compactMap { entry -> Int? in
      guard case .gemm(let gemm) = entry.instruction else { return nil }
      return gemm.groups.aOffsets.count
    }
    #expect(segments == [97, 97, 97])
    #expect(plan.description.contains("x25 of 97"))
  }
}
