import Foundation
import MinimTraining
import TestSupport
import Testing

/// Processes that die where they are about to change a file: what they leave is enough to go on to the same files.
@Suite(.enabled("programs can be traced") { Program.cannotWatch == nil })
struct ProcessDeathTests {
  /// The numbers of calls to die at: each of them, or `few` from `first` on.
  private static func deaths(_ calls: Int, few: Int, from first: Int) -> [Int] {
    LongTests.areWanted
      ? Array(0..<calls) : Array(stride(from: first % max(1, calls / few), to: calls, by: calls / few))
  }

  @Test(
    "a run of each model that dies at a call and is resumed is the uninterrupted one", arguments: TinyRun.all.indices)
  func runs(_ index: Int) throws {
    let tiny = try TinyProcess(TinyRun.all[index], steps: 6)
    let whole = try Program("train").runKilled(at: nil, tiny.words(in: "whole"), in: tiny.scratch.path)
    #expect(whole.exitCode == 0 && whole.calls > 50, "\(whole)")
    let expected = try tiny.contents(in: "whole")
    #expect(expected.count > 10, "\(expected)")
    var count = 0
    for call in Self.deaths(whole.calls, few: 3, from: 5 * index) {
      let runs = "killed-\(call)"
      let death = try Program("train").runKilled(at: call, tiny.words(in: runs), in: tiny.scratch.path)
      #expect(death.isKilled, "call \(call): \(death)")
      count += 1
      let last = try tiny.finish(in: runs)
      #expect(last.exitCode == 0, "call \(call): \(last.errors)")
      let found = try tiny.contents(in: runs)
      #expect(found == expected, "call \(call): \(found.differences(from: expected))")
    }
    Reliability.record(5, "deaths at a call", count)
  }

  @Test("a resume that dies at a call and is resumed again is the uninterrupted run") func resumes() throws {
    let tiny = try TinyProcess(.named("gan"), steps: 6)
    let whole = try Program("train").runKilled(at: nil, tiny.words(in: "whole"), in: tiny.scratch.path)
    let expected = try tiny.contents(in: "whole")
    // Dead in the middle: what every later process starts from.
    _ = try Program("train").runKilled(at: whole.calls / 2, tiny.words(in: "half"), in: tiny.scratch.path)
    func half(_ runs: String) throws -> [String] {
      try FileManager.default.copyItem(atPath: tiny.scratch.path + "/half", toPath: tiny.scratch.path + "/" + runs)
      return tiny.words(in: runs)
    }
    let resumed = try Program("train").runKilled(at: nil, half("resumed"), in: tiny.scratch.path)
    #expect(resumed.exitCode == 0 && resumed.calls > 20, "\(resumed)")
    #expect(try tiny.contents(in: "resumed") == expected)
    let deaths = Self.deaths(resumed.calls, few: 8, from: 0)
    for call in deaths {
      let runs = "killed-\(call)"
      let death = try Program("train").runKilled(at: call, half(runs), in: tiny.scratch.path)
      #expect(death.isKilled, "call \(call): \(death)")
      let last = try tiny.finish(in: runs)
      #expect(last.exitCode == 0, "call \(call): \(last.errors)")
      let found = try tiny.contents(in: runs)
      #expect(found == expected, "call \(call): \(found.differences(from: expected))")
    }
    Reliability.record(5, "deaths at a call", deaths.count)
  }

  // MARK: - Sweeps

  /// The members of the only sweep in a folder of runs, and its table without its name.
  private static func contents(_ tiny: TinyProcess, in runs: String) throws -> (members: [RunContents], table: String) {
    let path = try #require(tiny.begun("sweep.json", in: runs))
    let table = try String(contentsOfFile: path + "/sweep.csv", encoding: .utf8)
    let name = URL(fileURLWithPath: path).lastPathComponent
    return (
      try (1...3).map { try RunContents(path + "/000\($0)") }, table.replacingOccurrences(of: name, with: "SWEEP")
    )
  }

  @Test("a sweep that dies at a call and is resumed is the uninterrupted one") func sweeps() throws {
    let tiny = try TinyProcess(.named("bilinear"), steps: 6)
    let whole = try Program("train").runKilled(at: nil, tiny.sweepWords(in: "whole"), in: tiny.scratch.path)
    #expect(whole.exitCode == 0 && whole.calls > 100, "\(whole)")
    let expected = try Self.contents(tiny, in: "whole")
    let deaths = Self.deaths(whole.calls, few: 12, from: 0)
    for call in deaths {
      let runs = "killed-\(call)"
      let death = try Program("train").runKilled(at: call, tiny.sweepWords(in: runs), in: tiny.scratch.path)
      #expect(death.isKilled, "call \(call): \(death)")
      let last = try Program("train").run(tiny.sweepWords(in: runs), in: tiny.scratch.path)
      #expect(last.exitCode == 0, "call \(call): \(last.errors)")
      let found = try Self.contents(tiny, in: runs)
      #expect(found.members == expected.members && found.table == expected.table, "call \(call)")
    }
    Reliability.record(5, "deaths at a call of a sweep", deaths.count)
  }
}
