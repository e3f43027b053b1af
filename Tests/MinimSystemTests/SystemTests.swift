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
    #expect(FileManager.default.contentsEqual(atPath: location, andPath: ProgramFile.path))
  }

  @Test func theTimeOfAFileIsInSeconds() throws {
    let path = try Scratch().path + "/file"
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1e9 + 0.25)], ofItemAtPath: path)
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(abs(status.modificationTime - (1e9 + 0.25)) < 1e-6)
  }

  @Test func filesOfTheKernelThatAreNotThereAreNil() throws {
    let path = try Scratch().path + "/file"
    #expect(kernelText(path) == nil)
    try Data("text\n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(kernelText(path) == "text\n")
  }
}
