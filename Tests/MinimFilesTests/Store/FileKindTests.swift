import Foundation
import MinimFiles
import TestSupport
import Testing

@Suite struct FileKindTests {
  @Test("what is not a file is refused at once, and told")
  func refused() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder["pipe"], 0o600) == 0)
    for (path, words) in [(folder["pipe"], "found a pipe"), ("/dev/zero", "found a device")] {
      let error = #expect(throws: FileError.self) { try FileStore().read(path) }
      #expect(error?.description.contains(words) == true && error?.path == path)
      #expect(error?.exit == .badData)
      #expect(throws: FileError.self) { try FileStore().readEnd(of: path, most: 10) }
    }
    for name in ["a.npy", "a.csv"] {
      #expect(mkfifo(folder[name], 0o600) == 0)
      #expect(throws: FileError.self) { try NumericArray.read(folder[name]) }
    }
    #expect(mkfifo(folder["a.png"], 0o600) == 0)
    #expect(throws: FileError.self) { try ImageFolder.read(folder.path) }
  }

  @Test("a pipe is read where it is allowed, to its end, and nobody waits for one without a writer")
  func pipes() throws {
    let folder = try TemporaryFolder()
    let path = folder["pipe"]
    #expect(mkfifo(path, 0o600) == 0)
    let error = #expect(throws: FileError.self) { try FileStore().openFileOrPipe(path, patience: 0) }
    #expect(error?.description.contains("nobody has written to") == true && error?.exit == .badData)
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
    let writer = Thread {
      let file = fopen(path, "wb")
      fwrite(bytes, 1, bytes.count, file)
      fclose(file)
    }
    writer.start()
    #expect(try FileStore().read(path, allowsPipes: true) == bytes)
    let limited = #expect(throws: FileError.self) { try FileStore().read("/dev/zero", limit: 100, allowsPipes: true) }
    #expect(limited?.description.contains("more than the 100 bytes") == true)
  }

  @Test("a link to nowhere in the way of a folder is told as that")
  func link() throws {
    let folder = try TemporaryFolder()
    #expect(symlink("nowhere", folder["link"]) == 0)
    let error = #expect(throws: FileError.self) { try FileStore().makeFolders(folder["link"]) }
    #expect(error?.description.contains("it is a link to nowhere, which is not there") == true)
  }
}
