import MinimSystem

/// Reads a file line by line, with memory for the longest line only. A last line without a line feed is left out: its
/// writer may be in the midst of it. When the file has grown, reading goes on.
package final class LineReader {
  /// Where the next line begins, in bytes from the start of the file.
  package private(set) var offset = 0
  /// The number of lines read so far.
  package private(set) var count = 0

  private let path: String
  private let store: FileStore
  private let descriptor: Int32
  /// What was read from the file and not handed on yet is `buffer[start..<end]`.
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var start = 0, end = 0

  /// The most bytes of a line.
  private static let longest = 1 << 24

  /// Opens a file.
  ///
  /// - Throws: `FileError` (66) if it is missing.
  package init(_ path: String, store: FileStore = FileStore()) throws(FileError) {
    self.path = path
    self.store = store
    descriptor = try store.openRegular(path, O_RDONLY)
  }

  deinit { _ = MinimSystem.close(descriptor) }

  /// The next whole line without its line feed; nil if there is none yet.
  package func next() throws(FileError) -> [UInt8]? {
    var searched = start
    while true {
      if let feed = buffer[searched..<end].firstIndex(of: UInt8(ascii: "\n")) {
        defer { (start, offset, count) = (feed + 1, offset + feed + 1 - start, count + 1) }
        return Array(buffer[start..<feed])
      }
      searched = end
      guard try fill(&searched) else { return nil }
    }
  }

  /// Reads more bytes behind those that are not handed on yet; false at the end of the file.
  private func fill(_ searched: inout Int) throws(FileError) -> Bool {
    if start > 0 {
      buffer.replaceSubrange(0..<(end - start), with: Array(buffer[start..<end]))
      (searched, end, start) = (searched - start, end - start, 0)
    }
    if end == buffer.count {
      guard end < Self.longest else {
        let reason = "line \(count + 1) has more than \(Self.longest) bytes"
        throw FileError(.read, path, reason: reason, exit: .badData)
      }
      buffer.append(contentsOf: repeatElement(0, count: buffer.count))
    }
    let place = off_t(offset + end), room = buffer.count - end, free = end
    let got = try store.call(.read, path) {
      buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress.map { $0 + free }, room, place) }
    }
    end += got
    // A beginning of a line is read again later: its writer may take it back.
    if got == 0 { end = start }
    return got > 0
  }
}
