import Glibc

extension ConfigurationSource {
  struct UnreadableFile: Error {
    let kind: ConfigurationProblem.Kind
    let message: String
  }

  /// The first of `folders` that has a file `name`, joined with it; nil if none has. A name with a folder in it is
  /// looked for only there.
  public static func locate(_ name: String, in folders: [String]) -> String? {
    if name.isEmpty || name.utf8.contains(UInt8(ascii: "/")) { return exists(name) ? name : nil }
    for folder in folders {
      let path = folder.isEmpty || folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      if exists(path) { return path }
    }
    return nil
  }

  private static func exists(_ path: String) -> Bool {
    !path.isEmpty && access(path, F_OK) == 0
  }

  /// The bytes of a file, which need not be a regular one. Reads no further than one byte past `limit`.
  static func read(_ path: String, limit: Int) throws(UnreadableFile) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(errno) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    var count = 0
    while count < bytes.count {
      let room = count..<bytes.count
      let got = bytes.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress?.advanced(by: room.lowerBound), room.count)
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw unreadable(errno) }
      if got == 0 { break }
      count += got
    }
    guard count <= limit else {
      throw UnreadableFile(
        kind: .configuration, message: "larger than the \(limit) bytes that a configuration may have")
    }
    return Array(bytes[..<count])
  }

  private static func unreadable(_ code: Int32) -> UnreadableFile {
    switch code {
    case ENOENT: UnreadableFile(kind: .missingInput, message: "not found")
    case EISDIR: UnreadableFile(kind: .missingInput, message: "is a folder, not a file")
    default: UnreadableFile(kind: .missingInput, message: "cannot be read: \(String(cString: strerror(code)))")
    }
  }
}
