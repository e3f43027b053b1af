import Glibc
import MinimFiles
import TestSupport
import Testing

/// What a checkpoint counts on: the bytes of a file up to some length.
@Suite struct FilePrefixTests {
  private static let lines = (1...9000).map { "{\"step\":\($0)}\n" }.joined()

  @Test("the checksum of a file that grows is that of its bytes, whoever computes it and in whatever pieces")
  func growth() throws {
    let folder = try TemporaryFolder()
    var prefixes: [FilePrefix] = []
    do {
      let file = try AppendFile(folder["m"])
      #expect(file.prefix == .empty)
      for line in Self.lines.split(separator: "\n") {
        file.append(String(line))
        if file.waiting > 5000 {
          try file.flush()
          prefixes.append(file.prefix)
        }
      }
      try file.close()
      prefixes.append(file.prefix)
    }
    #expect(folder.text("m") == Self.lines && prefixes.count > 10)
    for prefix in prefixes {
      var check = CRC64()
      check.update(Array(Self.lines.utf8.prefix(prefix.length)))
      #expect(prefix.checksum == check.value)
      try prefix.check(folder["m"])
    }
    // Opened again it is the same.
    #expect(try AppendFile(folder["m"], keeping: prefixes[3]).prefix == prefixes[3])
    #expect(try FileStore().read(folder["m"]).count == prefixes[3].length)
  }

  @Test("a changed beginning is refused and left as it is; what follows may change")
  func changes() throws {
    let folder = try TemporaryFolder()
    let text = "one\ntwo\nthree\n"
    var check = CRC64()
    check.update(Array("one\ntwo\n".utf8))
    let prefix = FilePrefix(length: 8, checksum: check.value)
    for other in ["one\n\ntwo\n", "one\r\ntwo\r\n", "One\ntwo\nthree\n", "one\n", "", "two\none\nthree\n"] {
      try folder.put(Array(other.utf8), "m")
      for attempt in [{ try prefix.check(folder["m"]) }, { _ = try AppendFile(folder["m"], keeping: prefix) }] {
        let error = #expect(throws: FileError.self) { try attempt() }
        #expect(error?.exit == .badData && error?.reason.contains("first 8 bytes") == true, "\(other)")
      }
      #expect(folder.text("m") == other)
    }
    try FileStore().remove(folder["m"])
    let error = #expect(throws: FileError.self) { try AppendFile(folder["m"], keeping: prefix) }
    #expect(error?.exit == .badData && error?.reason.contains("gone") == true && folder.names.isEmpty)
    for other in [text, "one\ntwo\n", "one\ntwo\nthr"] {
      try folder.put(Array(other.utf8), "m")
      _ = try AppendFile(folder["m"], keeping: prefix)
      #expect(folder.text("m") == "one\ntwo\n")
    }
  }

  @Test("a fault of the system is told as such") func faults() throws {
    let folder = try TemporaryFolder()
    try folder.put(Array("one\n".utf8), "m")
    let prefix = FilePrefix(length: 4, checksum: nil)
    for (operation, code) in [(FileOperation.open, EMFILE), (.read, EIO)] {
      let store = FileStore(faults: FileFaults { _, found in found == operation ? .error(code) : nil })
      let error = #expect(throws: FileError.self) { try AppendFile(folder["m"], keeping: prefix, store: store) }
      #expect(error?.code == code && error?.exit == .inputOutput && folder.text("m") == "one\n")
    }
  }
}
