import Glibc
import MinimFiles
import TestSupport
import Testing

@Suite struct UnsyncedFilesTests {
  @Test("files are replaced at once, and synced together: each of them, then each folder once")
  func order() throws {
    let folder = try TemporaryFolder()
    let faults = FileFaults { _, _ in nil }
    let store = FileStore(faults: faults)
    _ = try FileStore().makeFolder(folder["sub"])
    var files = UnsyncedFiles()
    for (name, byte) in [("a", UInt8(1)), ("b", 2), ("sub/c", 3), ("a", 4)] {
      try files.write([byte], to: folder[name], store: store)
    }
    #expect(folder.bytes("a") == [4] && folder.bytes("b") == [2] && folder.bytes("sub/c") == [3])
    #expect(!faults.log.contains(.sync))
    try files.sync(store: store)
    let synced = faults.trail.filter { $0.operation == .sync }.map(\.path)
    #expect(synced == ["a", "b", "sub/c"].map { folder[$0] } + [folder.path, folder["sub"]])
    // Nothing is left to do.
    let count = faults.log.count
    try files.sync(store: store)
    #expect(faults.log.count == count)
  }

  @Test("a failed call leaves the old file; a failed sync is tried again; a file that is gone needs none")
  func faults() throws {
    let folder = try TemporaryFolder()
    try folder.put([0], "a")
    var files = UnsyncedFiles()
    for failing in 0..<4 {
      let faults = FileFaults { call, _ in call == failing ? .error(ENOSPC) : nil }
      #expect(throws: FileError.self) { try files.write([1], to: folder["a"], store: FileStore(faults: faults)) }
      #expect(folder.bytes("a") == [0] && folder.names == ["a"])
    }
    try files.write([1], to: folder["a"], store: FileStore())
    try files.write([2], to: folder["b"], store: FileStore())
    let broken = FileFaults { _, operation in operation == .sync ? .error(EIO) : nil }
    let error = try #require(throws: FileError.self) { try files.sync(store: FileStore(faults: broken)) }
    #expect(error.exit == .inputOutput)
    unlink(folder["b"])
    let whole = FileFaults { _, _ in nil }
    try files.sync(store: FileStore(faults: whole))
    #expect(whole.trail.filter { $0.operation == .sync }.map(\.path) == [folder["a"], folder.path])
  }
}
