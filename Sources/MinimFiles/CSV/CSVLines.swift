/// The lines of a table, one after the other, without those that are skipped. A copy looks ahead.
struct CSVLines {
  let bytes: [UInt8]
  private let file: String
  /// The start of the next line.
  private var start: Int
  /// The number of the last line, from 1.
  private(set) var number = 0

  init(_ bytes: [UInt8], file: String) {
    (self.bytes, self.file) = (bytes, file)
    start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0  // a byte order mark
  }

  /// The next line that is not skipped.
  mutating func next() throws(DataFileError) -> Range<Int>? {
    while start < bytes.count {
      let begin = start
      let end = bytes[begin...].firstIndex(of: 0x0a) ?? bytes.count
      start = end + 1
      number += 1
      guard end - begin <= CSV.maximumLine else {
        throw failure("it has \(end - begin) bytes; at most \(CSV.maximumLine) are read per line")
      }
      let hasReturn = end > begin && bytes[end - 1] == 0x0d
      let line = begin..<(hasReturn ? end - 1 : end)
      guard let first = line.first(where: { !CSVSeparator.isBlank(bytes[$0]) }) else { continue }
      if bytes[first] != UInt8(ascii: "#") { return line }
    }
    return nil
  }

  /// An error in the last line.
  func failure(_ reason: String) -> DataFileError {
    DataFileError(file: file, reason: "line \(number): \(reason)")
  }
}
