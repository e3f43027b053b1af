import Glibc
import MinimFiles

/// A folder in memory for readers that want files: one for each input, so that none depends on those before it.
struct ScratchFolder {
  let path: String

  /// Makes a folder with these files.
  ///
  /// - Throws: `ScratchError`, which is a mistake of the machine and not of a reader.
  init(_ files: KeyValuePairs<String, String> = [:]) throws {
    let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(parent)/minim-fuzz-XXXXXX".utf8CString)
    guard let name = mkdtemp(&template) else { throw ScratchError(path: parent, code: errno) }
    path = String(cString: name)
    for (name, text) in files { try put(Array(text.utf8), name) }
  }

  /// Removes the folder and what it has. What cannot be removed stays, and is small.
  func remove() { Self.remove(path) }

  subscript(name: String) -> String { Path.join(path, name) }

  /// Replaces a file, without waiting for a device.
  func put(_ bytes: [UInt8], _ name: String) throws {
    guard let file = fopen(self[name], "wb") else { throw ScratchError(path: self[name], code: errno) }
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else { throw ScratchError(path: self[name], code: errno) }
  }

  private static func remove(_ folder: String) {
    let store = FileStore()
    for name in (try? store.list(folder)) ?? [] {
      let entry = Path.join(folder, name)
      if store.isFolder(entry) { remove(entry) } else { unlink(entry) }
    }
    rmdir(folder)
  }
}

struct ScratchError: Error {
  let path: String, code: Int32
}
