import MinimAutodiff
import TestSupport
import Testing

@Suite struct MovementTests {
  static let shape = [2, 3, 4, 2]
  static let permutations = indices([4, 4, 4, 4]).filter { Set($0).count == 4 }
  private let x = Tensor.input("x", shape: shape)
  private let given = values(shape.elementCount, seed: 9)
  private var layouts: [Tensor] { [x, positionMajor(x)] }

  @Test("every transposition of four axes, in both layouts", arguments: permutations)
  func transpose(_ permutation: [Int]) throws {
    let shape = permutation.map { Self.shape[$0] }
    let expected = indices(shape).map { index in
      var source = [0, 0, 0, 0]
      for (axis, from) in permutation.enumerated() { source[from] = index[axis] }
      return given[flat(source, Self.shape)]
    }
    for y in layouts {
      let z = y.transpose(permutation)
      #expect(z.shape == shape)
      #expect(try evaluate([z, positionMajor(z), z * 1], inputs: ["x": given]) == [expected, expected, expected])
    }
  }

  @Test("slice and pad, in both layouts")
  func boxes() throws {
    let (start, extent, around) = ([1, 0, 2, 1], [1, 2, 2, 1], [3, 4, 7, 3])
    let sliced = indices(extent).map { given[flat(zip($0, start).map { $0 + $1 }, Self.shape)] }
    let padded = indices(around).map { index -> Double in
      let inside = zip(index, start).map { $0 - $1 }
      return zip(inside, Self.shape).allSatisfy { $0 >= 0 && $0 < $1 } ? given[flat(inside, Self.shape)] : 0
    }
    for y in layouts {
      let found = try evaluate(
        [
          y.slice(start, shape: extent), y.pad(start, to: around), positionMajor(y.slice(start, shape: extent)),
          y.pad(start, to: around) * 1,
        ],
        inputs: ["x": given])
      #expect(found == [sliced, padded, sliced, padded])
    }
  }

  @Test("concatenation along every axis, in both layouts and of both", arguments: 0..<4)
  func concatenation(_ axis: Int) throws {
    let y = x * 2
    var shape = Self.shape
    shape[axis] *= 2
    let expected = indices(shape).map { index -> Double in
      var source = index
      source[axis] %= Self.shape[axis]
      return given[flat(source, Self.shape)] * (index[axis] < Self.shape[axis] ? 1 : 2)
    }
    for parts in [[x, y], [positionMajor(x), y], [positionMajor(x), positionMajor(y)]] {
      #expect(try evaluate([concatenate(parts, axis: axis)], inputs: ["x": given])[0] == expected)
    }
  }

  @Test("a reshape keeps row-major order, in both layouts")
  func reshape() throws {
    for y in layouts {
      #expect(try evaluate([y.reshape([6, 8]), y.reshape([2, 2, 3, 4])], inputs: ["x": given]) == [given, given])
    }
  }

  @Test("a stopped gradient has the value and no derivative")
  func stopped() throws {
    let y = stopGradient(square(x))
    let found = try evaluate([y] + gradient(of: (y + y * x).sum(), withRespectTo: [x]), inputs: ["x": given])
    let squares = given.map { $0 * $0 }
    #expect(found == [squares, squares])
    #expect(try evaluate(gradient(of: y.sum(), withRespectTo: [x]), inputs: ["x": given])[0].allSatisfy { $0 == 0 })
  }

  @Test("extents of 0: slices, pads and joins of nothing")
  func empty() throws {
    let none = Tensor.input("n", shape: [0, 3])
    let some = Tensor.constant([1, 2, 3], shape: [1, 3])
    let found = try evaluate(
      [
        concatenate([none, some], axis: 0), none.pad([1, 0], to: [2, 3]), some.slice([1, 0], shape: [0, 3]),
        none.transpose(),
        none.reshape([3, 0, 2]),
      ], inputs: ["n": []])
    #expect(found == [[1, 2, 3], [0, 0, 0, 0, 0, 0], [], [], []])
  }
}
