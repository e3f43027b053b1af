import Glibc
import MinimFiles
import TestSupport
import Testing

@Suite struct FileStoreTests {
  let old = [UInt8]("the old content".utf8)
  let new = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }

  @Test func replacesAFileWhole() throws {
    let folder = try TemporaryFolder()
    let store = FileStore()
    try store.writeAtomically(old, to: folder["a"])
    #expect(folder.bytes("a") == old)
    try store.writeAtomically(new, to: folder["a"])
    #expect(folder.bytes("a") == new)
    #expect(try store.read(folder["a"]) == new)
    try store.writeAtomically([], to: folder["a"])
    #expect(try store.read(folder["a"]) == [])
    #expect(folder.names == ["a"])
  }

  /// The durable order of calls is the definition of an atomic write.
  @Test func syncsBeforeAndAfterTheRename() throws {
    let folder = try TemporaryFolder()
    let faults = FileFaults { _, _ in nil }
    try FileStore(faults: faults).writeAtomically(new, to: folder["a"])
    #expect(faults.log == [.create, .write, .sync, .close, .rename, .open, .sync])
  }

  @Test(arguments: [EIO, ENOSPC, EDQUOT, EACCES])
  func anyFailingCallLeavesTheOldOrTheNewFile(code: Int32) throws {
    var failures = 0
    for failing in 0..<20 {
      let folder = try TemporaryFolder()
      try folder.put(old, "a")
      let faults = FileFaults { call, _ in call == failing ? .error(code) : nil }
      do {
        try FileStore(faults: faults).writeAtomically(new, to: folder["a"])
        #expect(folder.bytes("a") == new)
        #expect(faults.log.count <= failing)  // success only where the fault came too late
      } catch {
        failures += 1
        #expect(error.code == code)
        #expect(error.exit == .inputOutput || (code == EACCES && error.exit == .cannotCreate))
        #expect(error.description.contains(String(cString: strerror(code))))
        let renamed = faults.log.dropLast().contains(.rename)
        #expect(folder.bytes("a") == (renamed ? new : old))
      }
      #expect(folder.names == ["a"])
    }
    #expect(failures == 7)
  }

  @Test func carriesOnAfterInterruptionsAndShortWrites() throws {
    for failing in 0..<20 {
      for fault in [FileFault.error(EINTR), .shortWrite] {
        let folder = try TemporaryFolder()
        try folder.put(old, "a")
        let faults = FileFaults { call, _ in call == failing ? fault : nil }
        try FileStore(faults: faults).writeAtomically(new, to: folder["a"])
        #expect(folder.bytes("a") == new)
      }
    }
    let folder = try TemporaryFolder()
    let allShort = FileFaults { _, _ in .shortWrite }
    try FileStore(faults: allShort).writeAtomically(new, to: folder["a"])
    #expect(folder.bytes("a") == new)
    #expect(allShort.log.filter { $0 == .write }.count == 10)  // 1000, 500, 250, ... 1
  }

  @Test func namesTheFileAndTheReason() throws {
    let folder = try TemporaryFolder()
    let store = FileStore()
    #expect(throws: FileError(.open, folder["none"], code: ENOENT)) { try store.read(folder["none"]) }
    #expect(FileError(.open, "x", code: ENOENT).exit == .missingInput)
    #expect(FileError(.create, "x", code: ENOENT).exit == .cannotCreate)
    #expect(FileError(.create, "x", code: ENOSPC).exit == .inputOutput)
    #expect(throws: FileError.self) { try store.writeAtomically(new, to: folder["none/a"]) }
    #expect(throws: FileError.self) { try store.read(folder.path) }
    try folder.put(new, "a")
    #expect(throws: FileError.self) { try store.read(folder["a"], limit: 999) }
    #expect(try store.read(folder["a"], limit: 1000) == new)
  }

  @Test func readsFilesThatTellNoSize() throws {
    #expect(try FileStore().read("/proc/self/status").count > 100)
  }

  @Test func makesFoldersAndLinks() throws {
    let folder = try TemporaryFolder()
    let store = FileStore()
    try store.makeFolders(folder["a/b/c/"])
    try store.makeFolders(folder["a/b"])
    #expect(store.isFolder(folder["a/b/c"]))
    #expect(try !store.makeFolder(folder["a"]))
    try folder.put(old, "file")
    #expect(throws: FileError.self) { try store.makeFolders(folder["file"]) }
    try store.replaceLink(folder["latest"], target: "a")
    try store.replaceLink(folder["latest"], target: "file")
    #expect(store.linkTarget(folder["latest"]) == "file")
    #expect(folder.names == ["a", "file", "latest"])
    try store.remove(folder["file"])
    try store.remove(folder["file"])
    #expect(try store.list(folder.path) == ["a", "latest"])
  }

  @Test func splitsPaths() {
    #expect(Path.parent(of: "a/b/c") == "a/b" && Path.name(of: "a/b/c") == "c")
    #expect(Path.parent(of: "a/b/") == "a" && Path.name(of: "a/b/") == "b")
    #expect(Path.parent(of: "/a") == "/" && Path.join("/", "a") == "/a")
    #expect(Path.parent(of: "a") == "" && Path.join("", "a") == "a")
  }
}
