import Foundation
import MinimAutodiff
import TestSupport
import Testing

@Suite struct MaximumTests {
  @Test("the maximum over each axis, in both layouts", arguments: [0, 1, 2, 3, -1])
  func maximum(_ axis: Int) throws {
    let shape = [3, 2, 4, 5]
    let at = axis < 0 ? axis + 4 : axis
    let given = values(shape.elementCount, seed: 5)
    let kept = (0..<4).filter { $0 != at }
    let keptShape = kept.map { shape[$0] }
    var largest = [Double](repeating: -.infinity, count: keptShape.elementCount)
    var sums = [Double](repeating: 0, count: keptShape.elementCount)
    for index in indices(shape) {
      let place = flat(kept.map { index[$0] }, keptShape)
      largest[place] = Swift.max(largest[place], given[flat(index, shape)])
      sums[place] += Foundation.exp(given[flat(index, shape)])
    }
    let x = Tensor.input("x", shape: shape)
    for y in [x, positionMajor(x)] {
      let found = try evaluate([y.max(axis: axis), y.logSumExp(axis: axis)], inputs: ["x": given])
      #expect(found[0] == largest)
      #expect(distance(found[1], sums.map(Foundation.log)) < 1e-14)
    }
  }

  @Test("logSumExp stays finite for large inputs, and its derivative is the softmax")
  func stable() throws {
    let x = Tensor.input("x", shape: [3, 3])
    let given = [1000, 1000, -1000, -1000, -1001, -1002, 700, 0.0, 700]
    let y = x.logSumExp()
    let found = try evaluate([y] + gradient(of: y.sum(), withRespectTo: [x]), inputs: ["x": given])
    let tail = Foundation.log1p(Foundation.exp(-1.0) + Foundation.exp(-2.0))
    #expect(distance(found[0], [1000 + Foundation.log(2.0), -1000 + tail, 700 + Foundation.log(2.0)]) < 1e-15)
    for row in 0..<3 {
      let softmax = (0..<3).map { Foundation.exp(given[row * 3 + $0] - found[0][row]) }
      #expect(distance(Array(found[1][row * 3..<row * 3 + 3]), softmax) < 1e-12)
    }
  }

  @Test("a NaN is the maximum; the maximum of nothing is minus infinity")
  func edges() throws {
    let x = Tensor.input("x", shape: [2, 2])
    #expect(try evaluate([x.max()], inputs: ["x": [.nan, 1, 2, 3]])[0][0].isNaN)
    let empty = Tensor.input("x", shape: [2, 0])
    #expect(try evaluate([empty.max()], inputs: ["x": []]) == [[-.infinity, -.infinity]])
  }
}
