import MinimSystem

// Folders, links and the names of files.

extension FileStore {
  /// Makes the folder `path`; false if something of that name already exists.
  package func makeFolder(_ path: String) throws(FileError) -> Bool {
    do throws(FileError) {
      _ = try call(.makeFolder, path) { Int(mkdir(path, 0o777)) }
      return true
    } catch {
      if error.code == EEXIST { return false }
      throw error
    }
  }

  /// Makes the folder `path` and missing folders above it.
  package func makeFolders(_ path: String) throws(FileError) {
    if path.isEmpty || isFolder(path) { return }
    try makeFolders(Path.parent(of: path))
    if try !makeFolder(path), !isFolder(path) {
      let reason =
        linkTarget(path).map { "it is a link to \($0.visible), which is not there" }
        ?? "a file of this name is in the way"
      throw FileError(.makeFolder, path, reason: reason, exit: .cannotCreate)
    }
  }

  /// Renames `old` to `new`, replacing what is there.
  package func rename(_ old: String, to new: String) throws(FileError) {
    _ = try call(.rename, new) { Int(MinimSystem.rename(old, new)) }
  }

  /// Makes `path` a symbolic link to `target`, replacing an existing link in one step.
  package func replaceLink(_ path: String, target: String) throws(FileError) {
    let temporary = try withTemporaryName(for: path) { temporary throws(FileError) in
      _ = try call(.link, path) { Int(symlink(target, temporary)) }
    }
    do throws(FileError) { try rename(temporary, to: path) } catch {
      unlink(temporary)  // Best effort: the first error is the one to report.
      throw error
    }
  }

  /// Removes the file at `path`. It is not an error if the file is already gone.
  package func remove(_ path: String) throws(FileError) {
    do throws(FileError) {
      _ = try call(.remove, path) { Int(unlink(path)) }
    } catch {
      if error.code != ENOENT { throw error }
    }
  }

  /// Removes folders that nothing is in, as far as that is possible: what could not be made whole is to leave nothing.
  package func removeEmptyFolders(_ paths: [String]) { for path in paths { rmdir(path) } }

  /// Whether there is a file or a folder at `path`.
  package func exists(_ path: String) -> Bool { Self.resumed { access(path, F_OK) } == 0 }

  /// Runs a system call until it is not interrupted: on network file systems any call can be.
  private static func resumed(_ body: () -> Int32) -> Int32 {
    while true {
      let result = body()
      if result != -1 || errno != EINTR { return result }
    }
  }

  /// Whether `path` is a folder (or a link to one).
  package func isFolder(_ path: String) -> Bool {
    var status = stat()
    return Self.resumed { stat(path, &status) } == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The size of a file in bytes.
  package func size(_ path: String) throws(FileError) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else { throw FileError(.open, path, code: errno) }
    return status.st_size
  }

  /// When a file was last written, in seconds since 1970; nil if there is none.
  package func modificationTime(_ path: String) -> Double? {
    var status = stat()
    guard Self.resumed({ stat(path, &status) }) == 0 else { return nil }
    return status.modificationTime
  }

  /// The target of the symbolic link `path`; nil if it is not a link.
  package func linkTarget(_ path: String) -> String? {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = Int(Self.resumed { Int32(readlink(path, &target, target.count)) })
    return count > 0 ? String(decoding: target.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
  }

  /// Names of the entries of a folder, sorted by their bytes.
  package func list(_ folder: String) throws(FileError) -> [String] {
    var opened: FolderStream?
    _ = try call(.list, folder) {
      opened = opendir(folder)
      return opened == nil ? -1 : 0
    }
    guard let stream = opened else { throw FileError(.list, folder, code: EIO) }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        // The end, or an error: part of a folder must not pass for all of it.
        guard errno == 0 else { throw FileError(.list, folder, code: errno) }
        break
      }
      // An entry may end before its fixed-size `d_name` does: read up to the zero, never the whole field.
      guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { break }
      let name = String(cString: (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self))
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Makes something under a hidden name in the same folder, which ``isTemporary(_:)`` recognizes. The name of a file that
  /// a killed process has left is not taken; process numbers repeat, above all in containers.
  ///
  /// - Returns: the name.
  func withTemporaryName(
    for path: String, _ make: (_ temporary: String) throws(FileError) -> Void
  ) throws(FileError) -> String {
    let parent = Path.parent(of: path), start = ".\(Path.name(of: path).prefix(64)).\(getpid())-"
    while true {
      // The number enters no result.
      let number = String(UInt32.random(in: 0 ... .max), radix: 16)
      let temporary = Path.join(parent, start + number + ".tmp")
      do throws(FileError) {
        try make(temporary)
        return temporary
      } catch {
        if error.code != EEXIST { throw error }
      }
    }
  }

  /// Whether a file of this name was left behind by a killed writer.
  package static func isTemporary(_ name: String) -> Bool { name.hasPrefix(".") && name.hasSuffix(".tmp") }
}
