import MinimAutodiff
import MinimKernels
import MinimNN
import TestSupport
import Testing

/// Layers against plain loops, in Double.
@Suite struct LayersTests {
  private struct Values {
    let vector: ParameterVector
    init(_ scope: ParameterScope) throws {
      vector = try ParameterVector(scope.layout, precision: .float64)
      vector.initialize(seed: 21)
    }
    func of(_ path: String) throws -> [Double] {
      vector[try #require(vector.layout.entries.first { $0.path == path })]
    }
    func evaluated(_ y: Tensor, _ x: [Double]) throws -> [Double] {
      try evaluate(
        [y], parameters: vector.values, inputs: ["x": x],
        kernels: KernelTable(level: .preferred, precision: .float64))[0]
    }
  }

  private static func numbers(_ count: Int) -> [Double] {
    var generator = SplitMix(seed: 8)
    return (0..<count).map { _ in generator.symmetric() }
  }

  private static func areClose(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-13 }
  }

  @Test("a linear layer maps the last axis", arguments: [[5], [1], [2, 3], [0]])
  func linear(_ leading: [Int]) throws {
    let scope = ParameterScope()
    let layer = Linear(scope.scope("l"), inputs: 4, outputs: 3)
    let values = try Values(scope)
    let rows = leading.reduce(1, *)
    let x = Self.numbers(rows * 4)
    let y = layer(.input("x", shape: leading + [4]))
    #expect(y.shape == leading + [3])
    let (weight, bias) = (try values.of("l.weight"), try values.of("l.bias"))
    var expected: [Double] = []
    for row in 0..<rows {
      for o in 0..<3 { expected.append((0..<4).reduce(bias[o]) { $0 + x[row * 4 + $1] * weight[$1 * 3 + o] }) }
    }
    #expect(Self.areClose(try values.evaluated(y, x), expected))
    #expect(weight.allSatisfy { abs($0) <= 0.5 } && bias.allSatisfy { abs($0) <= 0.5 })
  }

  /// A convolution with zeros around the image, written out.
  private static func convolved(
    _ x: [Double], _ shape: (images: Int, height: Int, width: Int, inputs: Int), outputs: Int, _ weight: [Double],
    _ bias: [Double], _ taps: [Tap]
  ) -> [Double] {
    var result: [Double] = []
    for image in 0..<shape.images {
      for (row, column) in (0..<shape.height).flatMap({ row in (0..<shape.width).map { (row, $0) } }) {
        for o in 0..<outputs {
          var sum = bias[o]
          for (index, tap) in taps.enumerated() {
            let (r, c) = (row + tap.row, column + tap.column)
            guard r >= 0, r < shape.height, c >= 0, c < shape.width else { continue }
            for i in 0..<shape.inputs {
              let pixel = ((image * shape.height + r) * shape.width + c) * shape.inputs + i
              sum += x[pixel] * weight[(index * shape.inputs + i) * outputs + o]
            }
          }
          result.append(sum)
        }
      }
    }
    return result
  }

  @Test("convolutions keep the extents of their images", arguments: ["A3", "B3", "A5", "B1", "N3", "A7"])
  func convolution(_ name: String) throws {
    let mask = name == "N3" ? Mask(.none, 3) : try #require(Mask(name))
    let scope = ParameterScope()
    let layer = Convolution2D.masked(scope.scope("c"), mask, inputs: 3, outputs: 4)
    let values = try Values(scope)
    for (images, height, width) in [(2, 5, 4), (1, 1, 1), (3, 1, 6), (1, 3, 2)] {
      let x = Self.numbers(images * height * width * 3)
      let y = layer(.input("x", shape: [images, height, width, 3]))
      let expected = Self.convolved(
        x, (images, height, width, 3), outputs: 4, try values.of("c.weight"), try values.of("c.bias"), mask.taps)
      #expect(Self.areClose(try values.evaluated(y, x), expected), "\(name) on \(images)x\(height)x\(width)")
    }
  }

  @Test func aPointwiseConvolutionIsALinearMapOfEachPixel() throws {
    let scope = ParameterScope()
    let layer = Convolution2D.pointwise(scope.scope("p"), inputs: 3, outputs: 2)
    let values = try Values(scope)
    let x = Self.numbers(2 * 3 * 3 * 3)
    let expected = Self.convolved(
      x, (2, 3, 3, 3), outputs: 2, try values.of("p.weight"), try values.of("p.bias"), [Tap(row: 0, column: 0)])
    #expect(Self.areClose(try values.evaluated(layer(.input("x", shape: [2, 3, 3, 3])), x), expected))
  }

  @Test func activations() throws {
    let scope = ParameterScope()
    let values = try Values(scope)
    let x = [-2.0, -0.5, 0, 0.5, 3]
    #expect(try values.evaluated(Activation.relu(.input("x", shape: [5])), x) == [0, 0, 0, 0.5, 3])
    let tanh = try values.evaluated(Activation.tanh(.input("x", shape: [5])), x)
    let expected = x.map { 1 - 2 / (Elementary.exp(2 * $0) + 1) }
    #expect(Self.areClose(tanh, expected))
  }

  // MARK: - Masks

  /// The live taps of a kernel by the definition: everything before the center in reading order.
  @Test("masks see what comes before", arguments: [1, 3, 5, 7, 31])
  func taps(_ size: Int) {
    let before = (size * size - 1) / 2
    #expect(Mask(.a, size).taps.count == before)
    #expect(Mask(.b, size).taps.count == before + 1)
    #expect(Mask(.none, size).taps.count == size * size)
    let all = Mask(.none, size).taps
    #expect(Mask(.a, size).taps == Array(all.prefix(before)))
    #expect(Mask(.b, size).taps == Array(all.prefix(before + 1)))
    #expect(Mask(.b, size).taps.last == Tap(row: 0, column: 0))
    #expect(all.first == Tap(row: -(size / 2), column: -(size / 2)))
  }

  @Test func masksHaveNames() {
    for name in ["A1", "B1", "A3", "B31"] { #expect(Mask(name)?.description == name) }
    for name in ["", "A", "3", "A2", "B4", "A33", "A-3", "A+3", "C3", "N3", "a3", "A3 ", "A03x", "AA3"] {
      #expect(Mask(name) == nil, "\(name)")
    }
  }
}
