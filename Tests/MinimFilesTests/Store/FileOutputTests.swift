import Dispatch
import Glibc
import MinimFiles
import TestSupport
import Testing

/// Files that users name: what is not a regular file stays what it is.
@Suite struct FileOutputTests {
  private static let new = Array("new content".utf8)

  private static func kind(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
  }

  @Test("a regular file is replaced whole") func regular() throws {
    let folder = try TemporaryFolder()
    for _ in 0..<2 {
      try FileStore().writeOutput(Self.new, to: folder["a"])
      #expect(folder.bytes("a") == Self.new && folder.names == ["a"])
    }
  }

  @Test(
    "links stay links, and the file they lead to is written, whether it was there or not", arguments: [true, false])
  func links(_ exists: Bool) throws {
    let folder = try TemporaryFolder()
    try FileStore().makeFolders(folder["sub"])
    if exists { try folder.put(Array("old".utf8), "sub/target") }
    #expect(symlink("sub/middle", folder["link"]) == 0 && symlink("target", folder["sub/middle"]) == 0)
    try FileStore().writeOutput(Self.new, to: folder["link"])
    #expect(folder.bytes("sub/target") == Self.new)
    #expect([folder["link"], folder["sub/middle"]].allSatisfy { Self.kind($0) == S_IFLNK })
  }

  @Test("a pipe gets the bytes and stays a pipe") func pipe() throws {
    let folder = try TemporaryFolder()
    let path = folder["pipe"]
    #expect(mkfifo(path, 0o600) == 0 && symlink("pipe", folder["link"]) == 0)
    for name in ["pipe", "link"] {
      // Open for reading first, so that nobody waits.
      let reader = open(path, O_RDONLY | O_NONBLOCK)
      defer { close(reader) }
      try FileStore().writeOutput(Self.new, to: folder[name])
      var bytes = [UInt8](repeating: 0, count: 100)
      let count = read(reader, &bytes, bytes.count)
      #expect(Array(bytes.prefix(max(0, count))) == Self.new && Self.kind(path) == S_IFIFO)
    }
  }

  @Test("an open stream by its name gets the bytes where it is") func stream() throws {
    let folder = try TemporaryFolder()
    let descriptor = open(folder["f"], O_WRONLY | O_CREAT, 0o600)
    _ = "before ".withCString { write(descriptor, $0, strlen($0)) }
    for place in ["/dev/fd/\(descriptor)", "/proc/self/fd/\(descriptor)"] {
      try FileStore().writeOutput(Self.new, to: place)
    }
    close(descriptor)
    #expect(folder.text("f") == "before new contentnew content")
    #expect(throws: FileError.self) { try FileStore().writeOutput(Self.new, to: "/dev/fd/987654") }
  }

  @Test("a device gets the bytes and stays a device; a full one is an error") func devices() throws {
    try FileStore().writeOutput(Self.new, to: "/dev/null")
    #expect(Self.kind("/dev/null") == S_IFCHR)
    let error = #expect(throws: FileError.self) { try FileStore().writeOutput(Self.new, to: "/dev/full") }
    #expect(error?.exit == .inputOutput && error?.path == "/dev/full" && Self.kind("/dev/full") == S_IFCHR)
  }

  @Test("a folder is not replaced") func folders() throws {
    let folder = try TemporaryFolder()
    try FileStore().makeFolders(folder["sub"])
    let error = #expect(throws: FileError.self) { try FileStore().writeOutput(Self.new, to: folder["sub"]) }
    #expect(error?.path == folder["sub"] && folder.names == ["sub"])
  }

  @Test("a temporary name that is taken is not in the way") func takenNames() throws {
    let folder = try TemporaryFolder()
    let faults = FileFaults { call, operation in
      call < 3 && [.create, .link].contains(operation) ? .error(EEXIST) : nil
    }
    try FileStore(faults: faults).writeAtomically(Self.new, to: folder["a"])
    try FileStore(faults: FileFaults { call, _ in call < 2 ? .error(EEXIST) : nil })
      .replaceLink(folder["latest"], target: "a")
    #expect(folder.bytes("latest") == Self.new && folder.names == ["a", "latest"])
  }
}
