import MinimSystem

// Parts of files, and files that may be missing.

extension FileStore {
  /// The last bytes of a file that may be long.
  package func readEnd(of path: String, most: Int) throws(FileError) -> [UInt8] {
    try read(path) { max(0, $0 - most) }
  }

  /// All bytes of a file; nil if there is none.
  package func readIfPresent(_ path: String, limit: Int = 1 << 32) throws(FileError) -> [UInt8]? {
    do throws(FileError) { return try read(path, limit: limit) } catch {
      if error.exit == .missingInput { return nil }
      throw error
    }
  }

  /// - Parameter start: returns where to begin, given the file's size.
  private func read(_ path: String, from start: (_ size: Int) -> Int) throws(FileError) -> [UInt8] {
    let descriptor = try openRegular(path, O_RDONLY)
    defer { _ = MinimSystem.close(descriptor) }
    let size = try size(of: descriptor, path)
    let start = start(size)
    var bytes = [UInt8](repeating: 0, count: max(0, size - start))
    var count = 0
    while count < bytes.count {
      let read = try call(.read, path) {
        bytes.withUnsafeMutableBytes {
          pread(descriptor, $0.baseAddress! + count, $0.count - count, off_t(start + count))
        }
      }
      if read == 0 { break }
      count += read
    }
    return Array(bytes.prefix(count))
  }
}
