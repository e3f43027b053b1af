import Glibc
import MinimFiles
import TestSupport
import Testing

@Suite struct AppendFileTests {
  @Test func gathersLinesAndWritesThemAtOnce() throws {
    let folder = try TemporaryFolder()
    let faults = FileFaults { _, _ in nil }
    let file = try AppendFile(folder["m"], store: FileStore(faults: faults))
    for step in 0..<5 { file.append("{\"step\":\(step)}") }
    #expect(folder.text("m") == "" && file.length == 0)
    try file.flush()
    try file.flush()
    #expect(folder.text("m") == (0..<5).map { "{\"step\":\($0)}\n" }.joined())
    #expect(file.length == 55)
    #expect(faults.log == [.create, .write])
  }

  @Test func cutsBackToTheLengthOfTheCheckpoint() throws {
    let folder = try TemporaryFolder()
    try folder.put([UInt8]("one\ntwo\nthr".utf8), "m")
    let kept = FilePrefix(length: 4, checksum: nil)
    let file = try AppendFile(folder["m"], keeping: kept)
    #expect(folder.text("m") == "one\n")
    file.append("TWO")
    try file.close()
    #expect(folder.text("m") == "one\nTWO\n")
    let error = #expect(throws: FileError.self) {
      try AppendFile(folder["m"], keeping: FilePrefix(length: 9, checksum: nil))
    }
    #expect(error?.exit == .badData)
    #expect(folder.text("m") == "one\nTWO\n")
    #expect(try AppendFile(folder["m"]).length == 8)
  }

  /// Whatever call fails, the file holds whole lines only, and the lines are not lost: the next flush writes them.
  @Test func everyFaultLeavesWholeLines() throws {
    for code in [EIO, ENOSPC] {
      for failing in 0..<8 {
        let folder = try TemporaryFolder()
        // Each write is short, so that a failing one has half of the lines behind it.
        let faults = FileFaults { call, _ in call == failing ? .error(code) : .shortWrite }
        let store = FileStore(faults: faults)
        if failing == 0 {
          #expect(throws: FileError.self) { try AppendFile(folder["m"], store: store) }
          continue
        }
        let file = try AppendFile(folder["m"], store: store)
        file.append("first")
        file.append("second")
        if faultFree(file) {
          #expect(faults.log.count <= failing)
        } else {
          #expect(["", "first\nsecond\n"].contains(folder.text("m")))
          try file.sync()
        }
        #expect(folder.text("m") == "first\nsecond\n")
        #expect(file.length == 13)
      }
    }
  }

  /// Whether the file could be written and synced; an error must be the disk's.
  private func faultFree(_ file: AppendFile) -> Bool {
    do {
      try file.sync()
      return true
    } catch {
      #expect(error.exit == .inputOutput)
      return false
    }
  }
}
