import MinimAutodiff
import TestSupport
import Testing

/// An expression around one operation, with arguments at which it is smooth.
struct OperationCase: Sendable, CustomTestStringConvertible {
  let name: String
  let shapes: [Shape]
  /// Values of each argument lie in these ranges.
  let ranges: [ClosedRange<Double>]
  let build: @Sendable ([Tensor]) -> Tensor

  var testDescription: String { name }

  init(
    _ name: String, _ shapes: [Shape], _ range: ClosedRange<Double> = -1.5...1.5,
    _ build: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    self.name = name
    self.shapes = shapes
    ranges = shapes.map { _ in range }
    self.build = build
  }

  /// Deterministic values on a grid, kept away from the kinks at 0 by half its step, and from the values of the other
  /// arguments by a quarter of it.
  var values: [[Double]] {
    var generator = SplitMix(seed: name.utf8.reduce(7 as UInt64) { ($0 &* 31) &+ UInt64($1) })
    return shapes.indices.map { argument in
      let (shape, range) = (shapes[argument], ranges[argument])
      return (0..<shape.elementCount).map { _ in
        let x = range.lowerBound + (range.upperBound - range.lowerBound) * generator.uniform()
        return ((x / 0.05).rounded(.down) + 0.5 + 0.25 * Double(argument % 2)) * 0.05
      }
    }
  }
}

/// Every operation of the engine, in scalar, vector, broadcast and edge forms. A test reads the sources and fails for an
/// operation that is not here.
let operationCatalog: [OperationCase] =
  unaryCases + binaryCases + shapeCases + productCases + rowCases

private let anyShape: [Shape] = [[], [0], [1], [5], [2, 3]]

private func unary(
  _ name: String, _ range: ClosedRange<Double> = -1.5...1.5, _ f: @escaping @Sendable (Tensor) -> Tensor
) -> [OperationCase] {
  anyShape.map { shape in OperationCase("\(name) \(shape)", [shape], range) { f($0[0]) } }
}

private let unaryCases: [OperationCase] =
  unary("negate") { -$0 } + unary("add constant") { ($0 + 1.5) * $0 } + unary("multiply constant") { $0 * $0 * 0.7 }
  + unary("reciprocal", 0.3...2) { 1 / $0 } + unary("square") { square($0) } + unary("sqrt", 0.2...3, sqrt)
  + unary("abs") { abs($0) * $0 } + unary("sign") { sign($0) * $0 * $0 } + unary("relu") { relu($0) * $0 }
  + unary("step") { step($0) * $0 * $0 } + unary("exp") { exp($0) } + unary("log", 0.2...3, log)
  + unary("log1p", -0.7...2, log1p) + unary("tanh") { tanh($0) } + unary("sigmoid") { sigmoid($0) }
  + unary("softplus") { softplus($0) }
  + unary("softplus far", 18...30, softplus) + unary("sigmoid far", -30 ... -18, sigmoid) + unary("sin") { sin($0) }
  + unary("silu") { silu($0) } + unary("gelu") { gelu($0) } + unary("clamp") { clamp($0, to: -0.7...0.8) * $0 }
  + unary("power 3") { pow($0, 3) } + unary("power -2", 0.4...2) { pow($0, -2) }
  + unary("power 0.7", 0.3...2) { pow($0, 0.7) }
  + unary("cos") { cos($0) } + unary("stop gradient") { stopGradient(Tensor.constant(2) * 3) * $0 * $0 }

private let broadcastPairs: [(Shape, Shape)] = [
  ([], []), ([3], []), ([2, 3], [3]), ([2, 3], [2, 1]), ([2, 1], [1, 3]), ([2, 3, 4], [3, 1]), ([1], [4]),
  ([2, 2, 3, 2], [2]), ([2, 2, 3, 1], [2, 2, 3, 2]), ([0], [0]), ([0], [1]), ([2, 0], [2, 1]),
]

private func binary(
  _ name: String, _ range: ClosedRange<Double> = -1.5...1.5, _ f: @escaping @Sendable (Tensor, Tensor) -> Tensor
) -> [OperationCase] {
  broadcastPairs.map { a, b in OperationCase("\(name) \(a) \(b)", [a, b], range) { f($0[0], $0[1]) } }
}

private let binaryCases: [OperationCase] =
  binary("add") { ($0 + $1) * $0 } + binary("subtract") { ($0 - $1) * $1 } + binary("multiply") { $0 * $1 }
  + binary("divide", 0.4...2) { $0 / $1 } + binary("maximum") { maximum($0, $1) * $0 }
  + binary("minimum") { minimum($0, $1) * $1 }
  + binary("greater") { greater($0, $1) * $0 * $1 } + binary("greater or equal") { greaterEqual($0, $1) * $0 * $1 }
  + binary("gate") { gate($0 * $0, $1) } + binary("tanh gradient") { tanhGradient($0 * $0, $1) * $1 }
  + binary("silu slope") { $0.combined(.siluSlope, with: $1) * $1 }

private let shapeCases: [OperationCase] = [
  OperationCase("sum all", [[2, 3]]) { square($0[0]).sum() },
  OperationCase("sum of one", [[1, 1]]) { square($0[0]).sum() },
  OperationCase("sum of none", [[2, 0]]) { square($0[0]).sum() },
  OperationCase("sum of rows without elements", [[2, 0], [2]]) { square($0[0].sum(axes: [1]) + $0[1]) },
  OperationCase("transpose of none", [[2, 0, 3]]) { square($0[0].transpose([2, 0, 1])) },
  OperationCase("slice of none", [[4, 5]]) { square($0[0].slice([1, 2], shape: [0, 3])) },
  OperationCase("pad of none", [[0, 3]]) { square($0[0].pad([1, 2], to: [4, 6])) + 1 },
  OperationCase("concatenate none", [[0, 3], [2, 3]]) { square(concatenate($0, axis: 0)) },
  OperationCase("softmax of no rows", [[0, 4]]) { $0[0].softmax() },
  OperationCase("sum axis 0", [[2, 3, 2]]) { square($0[0].sum(axes: [0])) },
  OperationCase("sum axis 1", [[2, 3, 2]]) { square($0[0].sum(axes: [1])) },
  OperationCase("sum axes 0, 2", [[2, 3, 4]]) { square($0[0].sum(axes: [0, 2])) },
  OperationCase("mean", [[3, 4]]) { square($0[0].mean(axes: [1])) },
  OperationCase("max", [[3, 4]]) { square($0[0].max()) },
  OperationCase("max axis 0", [[3, 4]]) { square($0[0].max(axis: 0)) },
  OperationCase("first maximum", [[3, 4]]) { Tensor(FirstMaximum(), [$0[0]], shape: [3, 4]) * square($0[0]) },
  OperationCase("logSumExp", [[3, 4]]) { $0[0].logSumExp() },
  OperationCase("logSumExp axis 0", [[3, 1]]) { $0[0].logSumExp(axis: 0) * $0[0].sum() },
  OperationCase("softmax", [[3, 4]]) { $0[0].softmax() },
  OperationCase("softmax axis 0", [[3, 2]]) { $0[0].softmax(axis: 0) * $0[0] },
  OperationCase("logSoftmax", [[3, 4]]) { $0[0].logSoftmax() * $0[0] },
  OperationCase("logSumExp kept", [[3, 4]]) { $0[0].logSumExp(keepingDimensions: true) * $0[0] },
  OperationCase("argmax", [[3, 4]]) { square($0[0]).sum(axis: -1) * $0[0].argmax() },
  OperationCase("sum axis -1", [[2, 3]]) { square($0[0].sum(axis: -1)) },
  OperationCase("mean axis 0 kept", [[2, 3]]) { square($0[0].mean(axis: 0, keepingDimensions: true) - $0[0]) },
  OperationCase("first index", [[3, 4]]) { square($0[0][1]) },
  OperationCase("last index", [[3, 4]]) { square($0[0][..., -1]) },
  OperationCase("broadcast", [[3, 1]]) { square($0[0].broadcast(to: [2, 3, 4])) },
  OperationCase("reshape", [[2, 6]]) { square($0[0].reshape([3, 4])) * $0[0].reshape([3, 4]) },
  OperationCase("transpose", [[2, 3, 4]]) { square($0[0].transpose([2, 0, 1])) },
  OperationCase("slice", [[4, 5]]) { square($0[0].slice([1, 2], shape: [2, 3])) },
  OperationCase("pad", [[2, 3]]) { square($0[0].pad([1, 2], to: [4, 6])) + 1 },
  OperationCase("concatenate 0", [[2, 3], [1, 3]]) { square(concatenate($0, axis: 0)) },
  OperationCase("concatenate 1", [[2, 3], [2, 2], [2, 1]]) { square(concatenate($0, axis: 1)) },
  OperationCase("batch mean", [[3, 4]]) { square(square($0[0]).mean(axes: [0]).batchMean()) },
  OperationCase("columns", [[3, 7]]) { square($0[0].columns([5, 1, 3, 0, 6])) },
  OperationCase("interleave", [[3, 2], [3, 3], [3, 1]]) {
    square(interleave($0, columns: [[4, 1], [0, 2, 5], [3]]))
  },
]

private let corners = [
  Tap(row: -1, column: -1), Tap(row: -1, column: 1), Tap(row: 0, column: 0), Tap(row: 1, column: 0),
]
private let center = [Tap(row: 0, column: 0)]
private let strided = ConvolutionGeometry(
  inputHeight: 5, inputWidth: 4, outputHeight: 3, outputWidth: 2, stride: 2, taps: corners)

private let productCases: [OperationCase] =
  [(1, 1, 1), (2, 3, 4), (5, 17, 3), (3, 33, 2), (0, 3, 2), (2, 0, 3), (2, 3, 0)].flatMap { m, n, k in
    [
      OperationCase("matmul \(m)x\(n)x\(k)", [[m, k], [k, n]]) { square(matmul($0[0], $0[1])) },
      OperationCase("matmul transposed \(m)x\(n)x\(k)", [[k, m], [k, n]]) {
        square(matmul($0[0], $0[1], transposingA: true))
      },
      OperationCase("linear \(m)x\(n)x\(k)", [[m, k], [k, n], [n], [m, n]]) {
        (tanh(matmul($0[0], $0[1]) + $0[2]) + $0[3]) * $0[3]
      },
    ]
  }
  + [(1, 1, 1), (2, 1, 3), (3, 2, 1), (0, 2, 1)].flatMap { images, inputs, outputs in
    [
      OperationCase("convolution \(images) \(inputs)-\(outputs)", [[images, 3, 4, inputs], [4, inputs, outputs]]) {
        square(convolution($0[0], $0[1], ConvolutionGeometry(height: 3, width: 4, taps: corners)))
      },
      OperationCase(
        "strided convolution \(images) \(inputs)-\(outputs)", [[images, 5, 4, inputs], [4, inputs, outputs]]
      ) {
        square(convolution($0[0], $0[1], strided))
      },
      OperationCase(
        "pointwise convolution \(images) \(inputs)-\(outputs)", [[images, 2, 3, inputs], [1, inputs, outputs]]
      ) {
        square(convolution($0[0], $0[1], ConvolutionGeometry(height: 2, width: 3, taps: center)))
      },
      OperationCase("data gradient \(images) \(inputs)-\(outputs)", [[images, 3, 2, outputs], [4, outputs, inputs]]) {
        square(convolutionDataGradient($0[0], $0[1], strided))
      },
      OperationCase(
        "weight gradient \(images) \(inputs)-\(outputs)", [[images, 5, 4, inputs], [images, 3, 2, outputs]]
      ) {
        square(convolutionWeightGradient($0[0], $0[1], strided))
      },
      OperationCase(
        "residual block \(images)", [[images, 3, 3, 2], [4, 2, 2], [2], [images, 3, 3, 2]]
      ) {
        let h =
          $0[0] + convolution(softplus($0[0]), $0[1], ConvolutionGeometry(height: 3, width: 3, taps: corners)) + $0[2]
        return square(h) * $0[3]
      },
    ]
  }

private let rowIndex = Tensor.constant([2, 0, 2, 1], shape: [4])

private let rowCases: [OperationCase] = [
  OperationCase("gather", [[3, 2]]) { square($0[0].gather(rowIndex)) },
  OperationCase("scatter-add", [[4, 2]]) { square($0[0].scatterAdd(rowIndex, rows: 3)) },
  OperationCase("gather from few", [[1, 2]]) { square($0[0].gather(Tensor.constant([0, 0, 0], shape: [3]))) },
  OperationCase("gather none", [[3, 2]]) { square($0[0].gather(Tensor.constant([], shape: [0]))) },
  OperationCase("random", [[4, 3]]) { $0[0] * $0[0] * Tensor.normal(shape: [4, 3], purpose: .model) },
  OperationCase("constant", [[2, 2]]) { $0[0] * $0[0] * Tensor.constant([1, 2, 3, 4], shape: [2, 2]) },
  OperationCase("parameter", [[2]]) { $0[0] * $0[0] + Tensor.parameter("p", shape: [2], offset: 0) },
]
