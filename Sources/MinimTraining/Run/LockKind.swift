import MinimSystem
import MinimFiles

/// What keeps two programs from writing one run.
package enum LockKind: String {
  /// Locks, and owner files where other machines may write too.
  case automatic = "auto"
  /// Owner files alone, for file systems whose locks cannot be trusted and that are not known as such.
  case ownerFiles = "owner"

  /// What the environment asks for.
  static func current() throws(FileError) -> LockKind {
    guard let word = getenv("MINIM_LOCKS").map({ String(cString: $0) }), !word.isEmpty else { return .automatic }
    guard let kind = LockKind(rawValue: word) else {
      throw FileError(.lock, "MINIM_LOCKS", reason: "expected auto or owner, found \(word.visible)", exit: .usage)
    }
    return kind
  }

  /// Whether several machines may share the file system of a folder, as the system's list of mounts says.
  package static func isShared(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0, let list = try? FileStore().read("/proc/self/mountinfo", limit: 1 << 24) else {
      return false
    }
    let kind = kind(of: status.st_dev, in: String(decoding: list, as: UTF8.self))
    return kind.map { shared.contains($0) || $0.hasPrefix("fuse.") } ?? false
  }

  /// The name of the file system on a device: "36 25 0:32 / /home rw shared:5 - nfs4 server:/home rw" is of the device 0:32 and
  /// of nfs4. Nil if it is not in the list.
  package static func kind(of device: dev_t, in list: String) -> String? {
    // As the C library's macros take the number apart.
    let major = (device >> 8) & 0xfff | (device >> 32) & ~0xfff
    let minor = device & 0xff | (device >> 12) & ~0xff
    for line in list.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 5, words[2] == "\(major):\(minor)", let dash = words.lastIndex(of: "-"),
        dash + 1 < words.count
      else { continue }
      return String(words[dash + 1])
    }
    return nil
  }

  private static let shared: Set<String> = [
    "nfs", "nfs4", "lustre", "gpfs", "beegfs", "ceph", "cifs", "smb3", "smbfs", "9p", "virtiofs", "panfs", "afs",
    "ocfs2",
    "gfs2", "pvfs2", "orangefs", "wekafs", "fuse",
  ]
}
