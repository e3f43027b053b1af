import Foundation
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// What a folder says of its format.
@Suite struct RunFormatTests {
  @Test("a folder of a later format is refused with both numbers; of this one, an earlier one or none it is read")
  func require() throws {
    let scratch = try Scratch(), run = RunDirectory(path: scratch.path)
    try RunFormat.require(run)
    for text in [#"{"version":"0.1.0"}"#, #"{"format":1}"#, "{", #"{"format":"x"}"#] {
      _ = try scratch.write(text, to: "manifest.json")
      try RunFormat.require(run)
    }
    _ = try scratch.write(#"{"version":"9.1.0","format":\#(RunFormat.current + 1)}"#, to: "manifest.json")
    let error = try #require(throws: FileError.self) { try RunFormat.require(run) }
    #expect(error.exit == .badData)
    for word in ["9.1.0", "format \(RunFormat.current + 1)", "format \(RunFormat.current).", minimVersion] {
      #expect("\(error).".contains(word), "\(error)")
    }
  }

  @Test("claims of a later format are left out with a remark")
  func claims() throws {
    let scratch = try Scratch(), run = RunDirectory(path: scratch.path)
    _ = try scratch.write(#"{"version":2,"claims":[]}"#, to: "claims.json")
    var files = RunFileReader()
    #expect(files.claims(of: run).isEmpty && files.remarks.count == 1)
    #expect(files.remarks.first?.contains("format 2") == true)
    _ = try scratch.write(#"{"version":1,"claims":[]}"#, to: "claims.json")
    files = RunFileReader()
    #expect(files.claims(of: run).isEmpty && files.remarks.isEmpty)
  }
}
