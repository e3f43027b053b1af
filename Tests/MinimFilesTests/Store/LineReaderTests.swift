import Glibc
import MinimFiles
import TestSupport
import Testing

/// Lines of files of any size, also of files that grow.
@Suite struct LineReaderTests {
  private static func lines(_ reader: LineReader) throws -> [String] {
    var lines: [String] = []
    while let line = try reader.next() { lines.append(String(decoding: line, as: UTF8.self)) }
    return lines
  }

  @Test("whole lines as they are, however long, and where they end") func lines() throws {
    let folder = try TemporaryFolder()
    let expected = ["", "a", String(repeating: "x", count: 300_000), "\r", "", "last"]
    try folder.put(Array((expected.joined(separator: "\n") + "\nhalf").utf8), "f")
    let reader = try LineReader(folder["f"])
    #expect(try Self.lines(reader) == expected)
    #expect(reader.count == expected.count)
    #expect(reader.offset == expected.reduce(0) { $0 + $1.utf8.count + 1 })
    #expect(try reader.next() == nil)
  }

  @Test("reading goes on when the file has grown, also where a half line was taken back") func growth() throws {
    let folder = try TemporaryFolder()
    try folder.put(Array("one\ntw".utf8), "f")
    let reader = try LineReader(folder["f"])
    #expect(try Self.lines(reader) == ["one"])
    let descriptor = open(folder["f"], O_WRONLY | O_APPEND)
    defer { close(descriptor) }
    #expect(ftruncate(descriptor, 4) == 0)
    _ = "2\nthree\n".withCString { write(descriptor, $0, strlen($0)) }
    #expect(try Self.lines(reader) == ["2", "three"])
  }

  @Test("what is missing or is not a file is an error and not a wait") func errors() throws {
    let folder = try TemporaryFolder()
    let missing = #expect(throws: FileError.self) { try LineReader(folder["none"]) }
    #expect(missing?.exit == .missingInput)
    #expect(mkfifo(folder["pipe"], 0o600) == 0)
    for read in [{ _ = try LineReader(folder["pipe"]) }, { _ = try FileStore().read(folder["pipe"]) }] {
      let error = #expect(throws: FileError.self) { try read() }
      #expect(error?.exit == .badData && error?.reason.contains("pipe") == true)
    }
    let store = FileStore(faults: FileFaults { _, operation in operation == .read ? .error(EIO) : nil })
    try folder.put([10], "f")
    let reader = try LineReader(folder["f"], store: store)
    #expect(throws: FileError.self) { try reader.next() }
  }
}
