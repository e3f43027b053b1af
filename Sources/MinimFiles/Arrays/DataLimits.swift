/// Limits on a user's data. Every size that a file claims is checked against these, and against the bytes that are
/// really there, before memory is taken for it.
package enum DataLimits {
  /// The most bytes of a file, and of one array inside an archive.
  package static let fileBytes = 1 << 31
  /// The most numbers of an array: a gibibyte of Float.
  package static let values = 1 << 28
  /// The most axes of an array.
  package static let rank = 8

  /// The number of elements of an array of this shape.
  ///
  /// An array without elements is refused: nothing can be learned from it, and an axis of 2^60 together with one of 0
  /// would pass every other check.
  static func count(of shape: [Int], file: String) throws(DataFileError) -> Int {
    guard shape.count <= rank else {
      throw DataFileError(file: file, reason: "the array has \(shape.count) axes; at most \(rank) are read")
    }
    guard shape.allSatisfy({ $0 > 0 }) else {
      throw DataFileError(file: file, reason: "the array is empty: its shape is \(shape)")
    }
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= values else {
        throw DataFileError(
          file: file, reason: "an array of shape \(shape) is too large; at most \(values) numbers are read")
      }
      count = product
    }
    return count
  }

  /// Checks that `count` numbers of `size` bytes each fill the file from `start` to its end, no more and no less.
  static func check(
    _ count: Int, of type: NumberType, from start: Int, fileBytes: Int, file: String
  ) throws(DataFileError) {
    // No overflow: at most 2^28 numbers of eight bytes.
    let (needed, found) = (count * type.size, fileBytes - start)
    guard needed == found else {
      let problem = found < needed ? "it is cut short" : "\(found - needed) bytes follow its last number"
      throw DataFileError(
        file: file, reason: "\(problem): the shape needs \(needed) bytes of numbers, \(max(0, found)) are there")
    }
  }
}
