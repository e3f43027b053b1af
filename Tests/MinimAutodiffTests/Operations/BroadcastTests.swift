import MinimAutodiff
import TestSupport
import Testing

/// A tensor that a plan holds in the layout around convolutions: a pointwise convolution with the identity.
func positionMajor(_ x: Tensor) -> Tensor {
  let channels = x.shape[3]
  let identity = indices([channels, channels]).map { $0[0] == $0[1] ? 1.0 : 0 }
  let geometry = ConvolutionGeometry(height: x.shape[1], width: x.shape[2], taps: [Tap(row: 0, column: 0)])
  return convolution(x, .constant(identity, shape: [1, channels, channels]), geometry)
}

@Suite struct BroadcastTests {
  static let shape = [3, 2, 4, 5]
  static let subsets = (0..<16).map { code in (0..<4).filter { code >> $0 & 1 == 1 } }

  @Test("sum and mean over every subset of axes, in both layouts", arguments: subsets)
  func sums(_ axes: [Int]) throws {
    let x = Tensor.input("x", shape: Self.shape)
    let given = values(Self.shape.elementCount, seed: 1)
    let kept = (0..<4).filter { !axes.contains($0) }
    let keptShape = kept.map { Self.shape[$0] }
    var sum = [Double](repeating: 0, count: keptShape.elementCount)
    for index in indices(Self.shape) { sum[flat(kept.map { index[$0] }, keptShape)] += given[flat(index, Self.shape)] }
    let mean = sum.map { $0 / Double(axes.map { Self.shape[$0] }.elementCount) }
    for y in [x, positionMajor(x)] {
      let found = try evaluate([y.sum(axes: axes), y.mean(axes: axes)], inputs: ["x": given])
      #expect(distance(found[0], sum) < 1e-14)
      #expect(distance(found[1], mean) < 1e-14)
    }
  }

  @Test("broadcast along every subset of axes, alone and into elementwise readers of both layouts", arguments: subsets)
  func broadcasts(_ axes: [Int]) throws {
    let small = (0..<4).map { axes.contains($0) ? 1 : Self.shape[$0] }
    let x = Tensor.input("x", shape: small)
    let y = Tensor.input("y", shape: Self.shape)
    let (a, b) = (values(small.elementCount, seed: 2), values(Self.shape.elementCount, seed: 3))
    let repeated = indices(Self.shape).map { index in a[flat(zip(index, small).map { $1 == 1 ? 0 : $0 }, small)] }
    for fuse in [true, false] {
      let found = try evaluate(
        [
          x.broadcast(to: Self.shape), x * y, x * positionMajor(y), positionMajor(x) - y,
          positionMajor(x) * positionMajor(y),
        ],
        inputs: ["x": a, "y": b], fuse: fuse)
      #expect(found[0] == repeated)
      #expect(found[1] == zip(repeated, b).map { $0 * $1 })
      #expect(found[2] == found[1])
      #expect(found[3] == zip(repeated, b).map { $0 - $1 })
      #expect(found[4] == found[1])
    }
  }

  @Test("tensors of fewer axes are matched from the last one")
  func alignment() throws {
    let x = Tensor.input("x", shape: [2, 3])
    let found = try evaluate(
      [
        x + Tensor.constant([10, 20, 30], shape: [3]), x + Tensor.constant([10, 20], shape: [2, 1]),
        x.broadcast(to: [2, 2, 3]),
      ],
      inputs: ["x": [1, 2, 3, 4, 5, 6]])
    #expect(found == [[11, 22, 33, 14, 25, 36], [11, 12, 13, 24, 25, 26], [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6]])
  }

  @Test("a sum over nothing is 0, a mean over nothing is NaN, a sum over no axes is the tensor")
  func edges() throws {
    let x = Tensor.input("x", shape: [0, 3])
    let found = try evaluate([x.sum(axes: [0]), x.sum(), x.mean(axes: [0]), x.sum(axes: [1])], inputs: ["x": []])
    #expect(found[0] == [0, 0, 0])
    #expect(found[1] == [0])
    #expect(found[2].count == 3 && found[2].allSatisfy(\.isNaN))
    #expect(found[3] == [])
    let y = Tensor.input("y", shape: [2])
    #expect(try evaluate([y.sum(axes: []), y.mean(axes: [])], inputs: ["y": [1, 2]]) == [[1, 2], [1, 2]])
    let one = Tensor.input("y", shape: [1, 1, 1, 1])
    #expect(
      try evaluate([one.sum(), one.mean(), positionMajor(one).sum(axes: [1, 2])], inputs: ["y": [7]]) == [
        [7], [7], [7],
      ])
  }

  @Test("a sum of many is as good as the reference in Double, whatever the run length")
  func longSums() throws {
    for count in [15, 16, 17, 1000, 4099] {
      let given = values(count, seed: UInt64(count))
      let x = Tensor.input("x", shape: [count])
      let exact = given.reduce(into: (sum: 0.0, lost: 0.0)) { state, value in
        let y = value - state.lost
        let t = state.sum + y
        state.lost = (t - state.sum) - y
        state.sum = t
      }.sum
      #expect(abs(try evaluate([x.sum()], inputs: ["x": given])[0][0] - exact) < 1e-12)
    }
  }
}
