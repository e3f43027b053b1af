import MinimFiles
import MinimTraining
import TestSupport
import Testing

@Suite struct RunStatusTests {
  @Test func roundTrip() throws {
    let folder = try TemporaryFolder()
    let run = RunDirectory(path: folder.path)
    for state in RunStatus.State.allCases {
      let status = RunStatus(
        state: state, step: 7, saved: state == .failed ? nil : 5, exit: state == .running ? nil : .diverged,
        seconds: 0.1)
      try status.write(to: run)
      #expect(try RunStatus(of: run) == status)
    }
    try RunStatus(state: .done, step: 5000, exit: .success, seconds: 4.1).write(to: run)
    #expect(folder.text("status.json") == "{\"state\":\"done\",\"step\":5000,\"exitCode\":0,\"seconds\":4.1}\n")
    #expect(folder.names == ["status.json"])
  }

  @Test(arguments: [
    "", "{", "[]", "{\"state\":\"dancing\",\"step\":1,\"seconds\":1}", "{\"state\":\"done\",\"step\":-1}",
  ])
  func refusesWhatIsNoStatus(text: String) throws {
    let folder = try TemporaryFolder()
    try folder.put([UInt8](text.utf8), "status.json")
    let error = #expect(throws: FileError.self) { try RunStatus(of: RunDirectory(path: folder.path)) }
    #expect(error?.exit == .badData)
  }
}
