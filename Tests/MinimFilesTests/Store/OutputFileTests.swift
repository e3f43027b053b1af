import Glibc
import MinimFiles
import TestSupport
import Testing

/// Files that users name and that are written part by part.
@Suite struct OutputFileTests {
  private static let old = Array("old".utf8)
  private static let parts = ["first, ", "", "second"].map { Array($0.utf8) }

  private static func write(_ path: String, _ store: FileStore) throws(FileError) {
    let file = try OutputFile(path, store: store)
    for part in parts { try file.write(part) }
    try file.finish()
  }

  @Test("the old content stays until the end, and nothing else is left") func replaced() throws {
    let folder = try TemporaryFolder()
    try folder.put(Self.old, "a")
    do {
      let file = try OutputFile(folder["a"])
      for part in Self.parts { try file.write(part) }
      #expect(folder.bytes("a") == Self.old)
      try file.finish()
      #expect(folder.bytes("a") == Self.parts.flatMap { $0 })
    }
    #expect(folder.names == ["a"])
  }

  @Test("a file that is given up is not there, and the old content is") func abandoned() throws {
    let folder = try TemporaryFolder()
    try folder.put(Self.old, "a")
    for name in ["a", "b"] {
      let file = try OutputFile(folder[name])
      try file.write(Self.parts[0])
    }
    #expect(folder.names == ["a"] && folder.bytes("a") == Self.old)
  }

  @Test("a stream has each part at once") func stream() throws {
    let folder = try TemporaryFolder()
    let descriptor = open(folder["f"], O_WRONLY | O_CREAT, 0o600)
    defer { close(descriptor) }
    let file = try OutputFile("/dev/fd/\(descriptor)")
    try file.write(Self.parts[0])
    #expect(folder.bytes("f") == Self.parts[0])
    try file.write(Self.parts[2])
    try file.finish()
    #expect(folder.text("f") == "first, second" && Glibc.write(descriptor, "!", 1) == 1)
  }

  @Test("a fault at any call leaves the old or the new content, and nothing else") func faults() throws {
    let folder = try TemporaryFolder()
    let counting = FileFaults { _, _ in nil }
    try Self.write(folder["a"], FileStore(faults: counting))
    let new = Self.parts.flatMap { $0 }
    for call in counting.log.indices {
      for fault in [FileFault.error(EIO), .error(EINTR), .shortWrite] {
        try folder.put(Self.old, "a")
        let store = FileStore(faults: FileFaults { number, _ in number == call ? fault : nil })
        do throws(FileError) {
          try Self.write(folder["a"], store)
          #expect(fault != .error(EIO) && folder.bytes("a") == new, "\(call)")
        } catch {
          #expect(fault == .error(EIO) && error.path == folder["a"], "\(call): \(error)")
        }
        #expect(folder.names == ["a"] && [Self.old, new].contains(folder.bytes("a")), "\(call)")
      }
    }
  }
}
