import Foundation
import MinimTraining
import TestSupport
import Testing

/// Processes that are killed (SIGKILL) at random moments, wherever they are then.
@Suite struct RandomKillTests {
  /// Kills of all models together: each CI run makes at least 50, the long suite 1,000.
  private static let kills = LongTests.areWanted ? 1000 : 50
  private static let steps = 300

  /// Where a kill met a run.
  private enum Phase: String, CaseIterable { case beginning, training, ending }

  /// - Parameter path: the run's folder; nil if it has not begun.
  private static func phase(_ path: String?) -> Phase {
    guard let path else { return .beginning }
    let last = RunDirectory(path: path).checkpoint(step: steps)
    return FileManager.default.fileExists(atPath: last) ? .ending : .training
  }

  @Test(
    "a run of each model that is killed at random moments and resumed is the uninterrupted one",
    arguments: TinyRun.all.indices)
  func kills(_ index: Int) throws {
    let tiny = try TinyProcess(TinyRun.all[index], steps: Self.steps)
    let start = ContinuousClock.now
    let whole = try tiny.finish(in: "whole")
    var microseconds = Double((ContinuousClock.now - start) / .microseconds(1))
    #expect(whole.exitCode == 0, "\(whole.errors)")
    let training = try Self.trainingMicroseconds(of: tiny), beginning = try Self.beginningMicroseconds(of: tiny)
    let expected = try tiny.contents(in: "whole")
    let most = (Self.kills + TinyRun.all.count - 1) / TinyRun.all.count
    var random = SplitMix(seed: UInt64(index))
    var (phases, misses, runs) = ([Phase](), 0, 0)
    // How busy the machine is decides how many attempts come too late: later ones come earlier, so that their number has an end.
    while phases.count < most, misses < 200 {
      runs += 1
      let folder = "killed-\(runs)"
      // Only a new run can be killed in its beginning, and only one that has not come to its end while it trains.
      for aim in Phase.allCases where phases.count < most {
        let process = try Program("train").start(tiny.words(in: folder), in: tiny.scratch.path)
        let moment = random.uniform()
        switch aim {
        case .beginning: usleep(UInt32(moment * beginning))
        case .training:
          while process.isRunning, tiny.begun("config.json", in: folder) == nil { usleep(200) }
          usleep(UInt32(moment * training))
        // Anywhere in the run, as long as it took: in its first files, its checkpoints and pictures, its claims and its page.
        case .ending: usleep(UInt32(moment * microseconds))
        }
        if process.isRunning { process.signal(SIGKILL) }
        let end = process.wait()
        guard end.exitCode == 128 + SIGKILL else {
          #expect(end.exitCode == 0, "\(end.errors)")
          misses += 1
          microseconds *= 0.8
          break
        }
        phases.append(Self.phase(tiny.begun("config.json", in: folder)))
      }
      let last = try tiny.finish(in: folder)
      #expect(last.exitCode == 0, "\(last.errors)")
      let found = try tiny.contents(in: folder)
      #expect(found == expected, "\(phases): \(found.differences(from: expected))")
    }
    #expect(phases.count == most, "\(phases.count) kills, \(misses) misses")
    Reliability.record(5, "kills at random moments", phases.count)
    for phase in Phase.allCases { Reliability.record(5, "in the \(phase)", phases.count { $0 == phase }) }
  }

  /// How long a run takes to its first file.
  private static func beginningMicroseconds(of tiny: TinyProcess) throws -> Double {
    let start = ContinuousClock.now
    let process = try Program("train").start(tiny.words(in: "begun"), in: tiny.scratch.path)
    while process.isRunning, tiny.begun("config.json", in: "begun") == nil { usleep(200) }
    let passed = (ContinuousClock.now - start) / .microseconds(1)
    process.signal(SIGKILL)
    _ = process.wait()
    return Double(passed)
  }

  /// How long the whole run took from its first file to its last checkpoint.
  private static func trainingMicroseconds(of tiny: TinyProcess) throws -> Double {
    let folder = try #require(tiny.begun("config.json", in: "whole"))
    let run = RunDirectory(path: folder)
    func time(_ path: String) throws -> Date {
      try #require(try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date)
    }
    return 1e6 * max(0, try time(run.checkpoint(step: steps)).timeIntervalSince(time(run.file("config.json"))))
  }
}
