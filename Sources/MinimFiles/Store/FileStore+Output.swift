import MinimSystem

// Files that a user names.

extension FileStore {
  /// Writes bytes to a path that a user has named, as an ``OutputFile``.
  package func writeOutput(_ bytes: [UInt8], to path: String) throws(FileError) {
    let file = try OutputFile(path, store: self)
    try file.write(bytes)
    try file.finish()
  }

  /// The same for the UTF-8 of a text.
  package func writeOutput(_ text: String, to path: String) throws(FileError) {
    try writeOutput(Array(text.utf8), to: path)
  }

  /// Where a chain of links leads to, whether anything is there or not. The name of a stream is not followed: what is behind
  /// it need not have a name.
  func followed(_ path: String) -> String {
    var place = path
    // As many as the system follows.
    for _ in 0..<40 {
      guard Self.stream(place) == nil, let target = linkTarget(place) else { break }
      place = target.hasPrefix("/") ? target : Path.join(Path.parent(of: place), target)
    }
    return place
  }

  /// The descriptor that a name of an open stream stands for.
  static func stream(_ path: String) -> Int32? {
    if path == "/dev/stdout" { return 1 }
    if path == "/dev/stderr" { return 2 }
    for prefix in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(prefix) {
      return Int32(path.dropFirst(prefix.count))
    }
    return nil
  }

  /// Whether there is something that can be written but is neither a regular file nor a folder.
  func isSpecial(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }
}
