/// The extents of a tensor, outermost axis first. `[]` is a scalar. An extent of 0 is allowed everywhere: such a tensor has
/// no elements, its sum is 0, its maximum minus infinity and its mean NaN.
public typealias Shape = [Int]

extension [Int] {
  /// The number of elements of a tensor of this shape.
  package var elementCount: Int { reduce(1, *) }

  /// Row-major strides, in elements.
  package var denseStrides: [Int] {
    var strides = [Int](repeating: 1, count: count)
    for axis in stride(from: count - 2, through: 0, by: -1) { strides[axis] = strides[axis + 1] * self[axis + 1] }
    return strides
  }

  /// The indices of an element of a tensor of this shape, by its place in row-major order: place 7 of [3, 4] is [1, 3].
  package func position(of place: Int) -> [Int] {
    var rest = place
    return reversed().map { extent in
      defer { rest /= Swift.max(1, extent) }
      return rest % Swift.max(1, extent)
    }.reversed()
  }

  /// The shape of two operands broadcast against each other by NumPy's rule, or nil if they do not fit.
  package func broadcast(with other: Shape) -> Shape? {
    let rank = Swift.max(count, other.count)
    var result = Shape(repeating: 1, count: rank)
    for axis in 0..<rank {
      let a = axis + count - rank
      let b = axis + other.count - rank
      let x = a < 0 ? 1 : self[a]
      let y = b < 0 ? 1 : other[b]
      guard x == y || x == 1 || y == 1 else { return nil }
      result[axis] = x == 1 ? y : x
    }
    return result
  }
}
