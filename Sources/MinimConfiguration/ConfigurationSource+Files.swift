import MinimSystem
import MinimFiles

extension ConfigurationSource {
  struct UnreadableFile: Error {
    let kind: ConfigurationProblem.Kind
    let message: String
  }

  /// The first of `folders` that has a file `name`, joined with it; nil if none has. A name that contains a folder is
  /// looked up only there.
  public static func locate(_ name: String, in folders: [String]) -> String? {
    if name.isEmpty || name.utf8.contains(UInt8(ascii: "/")) { return exists(name) ? name : nil }
    for folder in folders {
      let path = folder.isEmpty || folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      if exists(path) { return path }
    }
    return nil
  }

  private static func exists(_ path: String) -> Bool { !path.isEmpty && FileStore().exists(path) }

  /// The bytes of a file, which may also be a pipe.
  static func read(_ path: String, limit: Int) throws(UnreadableFile) -> [UInt8] {
    do throws(FileError) {
      return try FileStore().read(path, limit: limit, allowsPipes: true)
    } catch {
      throw unreadable(error, limit: limit)
    }
  }

  private static func unreadable(_ error: FileError, limit: Int) -> UnreadableFile {
    switch error.code {
    case ENOENT: UnreadableFile(kind: .missingInput, message: "not found")
    case EISDIR: UnreadableFile(kind: .missingInput, message: "is a folder, not a file")
    case 0 where error.operation == .open: UnreadableFile(kind: .missingInput, message: error.reason)
    case 0:
      UnreadableFile(
        kind: .configuration, message: "larger than the \(limit) bytes that a configuration may have")
    default: UnreadableFile(kind: .missingInput, message: "cannot be read: \(error.reason)")
    }
  }
}
