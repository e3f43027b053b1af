import MinimSystem

/// Files that were replaced, and are brought to the device together, before anything counts on them.
///
/// Each sync waits for the device. A run writes most of its files at its end, and can make all of these again from its checkpoint: if
/// power is lost before `sync`, they may be empty, and the resumed run writes them again.
package struct UnsyncedFiles {
  private var paths: [String] = []
  /// The same, to be looked up.
  private var known: Set<String> = []

  package init() {}

  /// Replaces the file at `path` by `bytes` in one step: a reader sees the old bytes or the new ones.
  ///
  /// - Throws: `FileError`; then the file holds the old bytes.
  package mutating func write(_ bytes: [UInt8], to path: String, store: FileStore) throws(FileError) {
    try store.replace(path, by: bytes, synced: false)
    if known.insert(path).inserted { paths.append(path) }
  }

  /// Waits until all files, and their names, are on the device.
  ///
  /// - Throws: `FileError` if the device does not take one of them. All stay to be synced.
  package mutating func sync(store: FileStore) throws(FileError) {
    for path in paths { try store.syncFile(path) }
    var folders: Set<String> = []
    for path in paths where folders.insert(Path.parent(of: path)).inserted { try store.syncFolder(of: path) }
    (paths, known) = ([], [])
  }
}

extension FileStore {
  /// Waits until a file is on the device. One that somebody has removed needs no sync.
  fileprivate func syncFile(_ path: String) throws(FileError) {
    let descriptor: Int32
    do throws(FileError) { descriptor = try open(path, O_RDONLY) } catch {
      if error.code == ENOENT { return }
      throw error
    }
    do throws(FileError) { try sync(descriptor, path) } catch {
      _ = MinimSystem.close(descriptor)
      throw error
    }
    try close(descriptor, path)
  }
}
