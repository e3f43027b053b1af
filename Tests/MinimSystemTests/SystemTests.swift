import Foundation
import MinimSystem
import TestSupport
import Testing

@Suite(.serialized) struct SystemTests {
  @Test("a signal is ignored until it is handled")
  func signals() throws {
    signal(SIGURG, SIG_IGN)
    defer { signal(SIGURG, SIG_DFL) }
    #expect(SignalHandling.isIgnored(SIGURG))
    SignalHandling.handle(SIGURG) { _ in }
    #expect(!SignalHandling.isIgnored(SIGURG))
    signal(SIGURG, SIG_DFL)
    #expect(!SignalHandling.isIgnored(SIGURG))
  }

  @Test func theProgramsFileIsFound() throws {
    let location = try #require(ProgramFile.location)
    #expect(location.hasPrefix("/"))
    var (found, own) = (stat(), stat())
    #expect(stat(location, &found) == 0 && stat(ProgramFile.path, &own) == 0)
    #expect(found.st_dev == own.st_dev && found.st_ino == own.st_ino)
  }

  @Test func theTimeOfAFileIsInSeconds() throws {
    let scratch = try Scratch(), path = scratch.path + "/file"
    defer { withExtendedLifetime(scratch) {} }
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1e9 + 0.25)], ofItemAtPath: path)
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(abs(status.modificationTime - (1e9 + 0.25)) < 1e-6)
  }

  @Test func filesOfTheKernelThatAreNotThereAreNil() throws {
    let scratch = try Scratch(), path = scratch.path + "/file"
    defer { withExtendedLifetime(scratch) {} }
    #expect(kernelText(path) == nil)
    try Data("text\n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(kernelText(path) == "text\n")
  }
}
