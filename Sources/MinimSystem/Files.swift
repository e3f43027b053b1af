/// A folder that is being read.
#if canImport(Darwin)
  package typealias FolderStream = UnsafeMutablePointer<DIR>
#else
  package typealias FolderStream = OpaquePointer
#endif

extension stat {
  /// When the file was last written, in seconds since 1970.
  package var modificationTime: Double {
    #if canImport(Darwin)
      let time = st_mtimespec
    #else
      let time = st_mtim
    #endif
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// The first 16 KiB of a small file of the kernel's; nil where it cannot be read.
package func kernelText(_ path: String) -> String? {
  var file = open(path, O_RDONLY | O_CLOEXEC)
  while file == -1, errno == EINTR { file = open(path, O_RDONLY | O_CLOEXEC) }
  guard file >= 0 else { return nil }
  defer { close(file) }
  return withUnsafeTemporaryAllocation(byteCount: 16384, alignment: 1) { buffer in
    var length = read(file, buffer.baseAddress, buffer.count)
    while length == -1, errno == EINTR { length = read(file, buffer.baseAddress, buffer.count) }
    return length < 0 ? nil : String(decoding: buffer[..<length], as: UTF8.self)
  }
}
