import Glibc
import MinimFiles

/// A folder in memory, for readers that want a file. It is not removed: the thread that has it uses it again.
struct ScratchFolder {
  let path: String

  /// Makes a folder with files that stay what they are.
  ///
  /// - Throws: `ScratchError`, which is a mistake of the machine and not of a reader.
  init(_ files: KeyValuePairs<String, String> = [:]) throws {
    let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(parent)/minim-fuzz-XXXXXX".utf8CString)
    guard let name = mkdtemp(&template) else { throw ScratchError(path: parent, code: errno) }
    path = String(cString: name)
    for (name, text) in files { try put(Array(text.utf8), name) }
  }

  subscript(name: String) -> String { Path.join(path, name) }

  /// Replaces a file, without waiting for a device.
  func put(_ bytes: [UInt8], _ name: String) throws {
    guard let file = fopen(self[name], "wb") else { throw ScratchError(path: self[name], code: errno) }
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else { throw ScratchError(path: self[name], code: errno) }
  }
}

struct ScratchError: Error {
  let path: String, code: Int32
}
