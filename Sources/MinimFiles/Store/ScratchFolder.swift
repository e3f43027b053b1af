import MinimSystem

/// A folder of its own among the system's temporary files (`TMPDIR`, else `/tmp`), for what a command needs for a moment.
package struct ScratchFolder: Sendable {
  /// The folder.
  package let path: String
  private let store: FileStore

  /// Makes a new, empty folder that only this user can read.
  ///
  /// - Parameter name: the beginning of its name.
  /// - Throws: `FileError` (73) if it cannot be made.
  package init(_ name: String, store: FileStore = FileStore()) throws(FileError) {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    let template = Path.join(parent.isEmpty ? "/tmp" : parent, "\(name)-XXXXXX")
    var bytes = Array(template.utf8CString)
    _ = try store.call(.makeFolder, template) { mkdtemp(&bytes) == nil ? -1 : 0 }
    path = String(decoding: bytes.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    self.store = store
  }

  /// A path in the folder.
  package func file(_ name: String) -> String { Path.join(path, name) }

  /// Removes the folder with all that is in it.
  ///
  /// - Throws: `FileError` if something cannot be removed.
  package func remove() throws(FileError) { try store.removeTree(path) }
}

extension FileStore {
  /// Removes a file, a link, or a folder with all that is in it. What is gone already is not an error.
  package func removeTree(_ path: String) throws(FileError) {
    // A link to a folder is removed, and not what it points to.
    guard isFolder(path), linkTarget(path) == nil else { return try remove(path) }
    for name in try list(path) { try removeTree(Path.join(path, name)) }
    _ = try call(.remove, path) { Int(rmdir(path)) }
  }
}
