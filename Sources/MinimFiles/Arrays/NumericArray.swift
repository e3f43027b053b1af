/// Numbers in row-major order, the content of a user's file in any format.
package struct NumericArray: Equatable, Sendable {
  /// Sizes of the axes, all positive; empty for a single number.
  package let shape: [Int]
  /// The finite numbers; the last axis varies fastest.
  package let values: [Float]

  /// Creates an array of as many values as its shape says.
  package init(shape: [Int], values: [Float]) {
    precondition(shape.reduce(1, *) == values.count, "\(values.count) values for the shape \(shape)")
    self.shape = shape
    self.values = values
  }

  /// Creates an array of the numbers that are stored in `bytes`, exactly as many as the shape needs.
  ///
  /// - Parameter columnMajor: whether the first axis varies fastest in the file, as in Fortran.
  init(
    _ bytes: ArraySlice<UInt8>, type: NumberType, bigEndian: Bool, shape: [Int], columnMajor: Bool = false,
    file: String
  ) throws(DataFileError) {
    let stored = type.decode(bytes, bigEndian: bigEndian)
    let values = columnMajor ? Self.rowMajor(stored, shape: shape) : stored
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      let value = values[index]
      let found = value.isNaN ? "not a number" : "infinite, or too large for 32 bits"
      throw DataFileError(
        file: file, reason: "the value at \(Self.place(index, shape: shape)) is \(found); all must be finite")
    }
    self.init(shape: shape, values: values)
  }

  /// The place of a value: one index per axis, from 0.
  private static func place(_ index: Int, shape: [Int]) -> [Int] {
    var rest = index
    let indices = shape.reversed().map { extent in
      defer { rest /= extent }
      return rest % extent
    }
    return indices.reversed()
  }

  /// Reorders values whose first axis varies fastest, so that the last one does.
  private static func rowMajor(_ values: [Float], shape: [Int]) -> [Float] {
    var strides: [Int] = []  // of the stored order
    var stride = 1
    for extent in shape {
      strides.append(stride)
      stride *= extent
    }
    var result: [Float] = []
    result.reserveCapacity(values.count)
    var indices = [Int](repeating: 0, count: shape.count)
    var source = 0
    for _ in values.indices {
      result.append(values[source])
      // The next index in row-major order: the last axis first, each full axis carries into the one before it.
      var axis = shape.count - 1
      while axis >= 0 {
        indices[axis] += 1
        source += strides[axis]
        if indices[axis] < shape[axis] { break }
        source -= indices[axis] * strides[axis]
        indices[axis] = 0
        axis -= 1
      }
    }
    return result
  }
}
