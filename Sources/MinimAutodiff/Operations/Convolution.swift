/// An offset at which a convolution reads its input, relative to the output's position times the stride.
public struct Tap: Sendable, Hashable {
  /// Rows down and columns right; negative is up and left.
  public let row: Int, column: Int

  /// Creates an offset from rows and columns.
  public init(row: Int, column: Int) {
    self.row = row
    self.column = column
  }
}

/// The input positions that each output position of a convolution reads. Only live taps are listed, so a masked kernel
/// costs what its unmasked part costs. A tap that falls outside the image is left out of the sum: zero padding without
/// its arithmetic.
public struct ConvolutionGeometry: Sendable, Hashable {
  /// Extents of the input and of the output.
  public let inputHeight: Int, inputWidth: Int, outputHeight: Int, outputWidth: Int
  /// Input positions per step of the output.
  public let stride: Int
  /// The live taps, in the order of the weight's first axis.
  public let taps: [Tap]

  /// Creates a convolution that keeps the extents (stride 1, zero padding).
  public init(height: Int, width: Int, taps: [Tap]) {
    self.init(
      inputHeight: height, inputWidth: width, outputHeight: height, outputWidth: width, stride: 1, taps: taps)
  }

  /// Creates a convolution of any extents: output position (r, c) reads input (r * stride + tap.row, c * stride +
  /// tap.column).
  public init(inputHeight: Int, inputWidth: Int, outputHeight: Int, outputWidth: Int, stride: Int, taps: [Tap]) {
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
    self.stride = stride
    self.taps = taps
  }

  package var inputPositions: Int { inputHeight * inputWidth }
  package var outputPositions: Int { outputHeight * outputWidth }

  /// One tap at one output position, and the input position that it reads.
  package struct Product: Sendable {
    package let input: Int, tap: Int, output: Int
  }

  /// Every product of the convolution, ordered by output position, then tap.
  package var products: [Product] {
    var result: [Product] = []
    for output in 0..<outputPositions {
      for (index, tap) in taps.enumerated() {
        let row = output / outputWidth * stride + tap.row
        let column = output % outputWidth * stride + tap.column
        guard (0..<inputHeight).contains(row), (0..<inputWidth).contains(column) else { continue }
        result.append(Product(input: row * inputWidth + column, tap: index, output: output))
      }
    }
    return result
  }

  fileprivate var label: String {
    let size = "\(inputHeight)x\(inputWidth)"
    let change = outputPositions == inputPositions && stride == 1 ? "" : "->\(outputHeight)x\(outputWidth)/\(stride)"
    return size + change + " taps " + taps.map { "(\($0.row),\($0.column))" }.joined()
  }

  /// Whether it is one tap at the center: a matrix product over all positions at once.
  fileprivate var isPointwise: Bool {
    taps == [Tap(row: 0, column: 0)] && stride == 1 && inputHeight == outputHeight && inputWidth == outputWidth
  }

  /// c[to] = sum over the products of a[from] w[tap]: the images of a position are the rows of a matrix, and each of
  /// `positions` rows of c is one group of products. `pair` returns where a product reads and where it writes.
  fileprivate func rowProducts(
    _ a: Operand, _ w: Operand, _ c: Operand, positions: Int, pair: (Product) -> (from: Int, to: Int)
  ) -> Instruction {
    let (images, k, n) = (a.shape[0], a.shape[3], c.shape[3])
    let groups =
      isPointwise
      ? .single
      : GemmGroups(
        count: positions, cStride: images * n,
        segments: products.map { product in
          let (from, to) = pair(product)
          return (to, a: from * images * k, b: product.tap * k * n)
        })
    return .gemm(
      GemmInstruction(
        a: a.slot, b: w.slot, c: c.slot, groups: groups, m: isPointwise ? images * positions : images, n: n, k: k,
        aRow: k, aColumn: 1))
  }
}

// Convolution is bilinear. Together with the cotangent of its output it yields one more bilinear map for the data and
// one for the weight, and the three are closed under differentiation. Around them tensors are
// [position][image][channel], so that every product of a tap is a plain matrix product over the images of one position.

/// y[n, p, o] = sum over taps t of x[n, p + t, i] w[t, i, o].
package struct Convolution: Operation {
  package let geometry: ConvolutionGeometry
  package var signature: String { "convolution \(geometry.label)" }
  package var role: Role { .product }
  package var layoutRule: LayoutRule { .positionMajor }

  package func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] {
    let x = y.inputs[0]
    let w = y.inputs[1]
    return [
      convolutionDataGradient(dy, w.transpose([0, 2, 1]), geometry), convolutionWeightGradient(x, dy, geometry),
    ]
  }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    geometry.rowProducts(inputs[0], inputs[1], output, positions: geometry.outputPositions) { ($0.input, $0.output) }
  }
}

/// dx[n, q, i] = sum over taps of dy[n, q - t, o] w^T[t, o, i]: the cotangent of a convolution's input. Takes the weight
/// with its channel axes exchanged, [taps, out, in].
package struct ConvolutionDataGradient: Operation {
  package let geometry: ConvolutionGeometry
  package var signature: String { "convolution data gradient \(geometry.label)" }
  package var role: Role { .product }
  package var layoutRule: LayoutRule { .positionMajor }

  package func vjp(_ dz: Tensor, of z: Tensor) -> [Tensor?] {
    let dy = z.inputs[0]
    let w = z.inputs[1].transpose([0, 2, 1])
    return [
      convolution(dz, w, geometry), convolutionWeightGradient(dz, dy, geometry).transpose([0, 2, 1]),
    ]
  }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    geometry.rowProducts(inputs[0], inputs[1], output, positions: geometry.inputPositions) { ($0.output, $0.input) }
  }
}

/// dw[t, i, o] = sum over images and positions of x[n, p + t, i] dy[n, p, o]: the cotangent of a convolution's weight.
package struct ConvolutionWeightGradient: Operation {
  package let geometry: ConvolutionGeometry
  package var signature: String { "convolution weight gradient \(geometry.label)" }
  package var layoutRule: LayoutRule { .positionMajorInputs }

  package func vjp(_ dz: Tensor, of z: Tensor) -> [Tensor?] {
    let x = z.inputs[0]
    let dy = z.inputs[1]
    return [convolutionDataGradient(dy, dz.transpose([0, 2, 1]), geometry), convolution(x, dz, geometry)]
  }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    let x = inputs[0]
    let dy = inputs[1]
    let images = x.shape[0]
    let m = x.shape[3]
    let n = dy.shape[3]
    let groups =
      geometry.isPointwise
      ? .single
      : GemmGroups(
        count: geometry.taps.count, cStride: m * n,
        segments: geometry.products.map { ($0.tap, a: $0.input * images * m, b: $0.output * images * n) })
    let k = geometry.isPointwise ? images * geometry.outputPositions : images
    return .gemm(
      GemmInstruction(
        a: x.slot, b: dy.slot, c: output.slot, groups: groups, m: m, n: n, k: k, aRow: 1, aColumn: m))
  }
}

/// The convolution (cross-correlation) of images [n, h, w, in] with a weight [taps, in, out]: [n, h', w', out].
public func convolution(_ x: Tensor, _ weight: Tensor, _ geometry: ConvolutionGeometry) -> Tensor {
  require(
    x.rank == 4 && weight.rank == 3 && x.shape[1] == geometry.inputHeight && x.shape[2] == geometry.inputWidth
      && weight.shape[0] == geometry.taps.count && weight.shape[1] == x.shape[3],
    "convolution of images \(x.shape) with a weight \(weight.shape) and \(geometry.label)")
  return Tensor(
    Convolution(geometry: geometry), [x, weight],
    shape: [x.shape[0], geometry.outputHeight, geometry.outputWidth, weight.shape[2]])
}

/// The cotangent of the images, from that of the output [n, h', w', out] and the transposed weight [taps, out, in].
package func convolutionDataGradient(_ dy: Tensor, _ transposed: Tensor, _ geometry: ConvolutionGeometry) -> Tensor {
  Tensor(
    ConvolutionDataGradient(geometry: geometry), [dy, transposed],
    shape: [dy.shape[0], geometry.inputHeight, geometry.inputWidth, transposed.shape[2]])
}

/// The cotangent of the weight, from the images and the cotangent of the output.
package func convolutionWeightGradient(_ x: Tensor, _ dy: Tensor, _ geometry: ConvolutionGeometry) -> Tensor {
  Tensor(
    ConvolutionWeightGradient(geometry: geometry), [x, dy],
    shape: [geometry.taps.count, x.shape[3], dy.shape[3]])
}
