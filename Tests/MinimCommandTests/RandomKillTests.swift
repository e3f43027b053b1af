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
    let training = try Self.trainingMicroseconds(of: tiny)
    let expected = try tiny.contents(in: "whole")
    let most = (Self.kills + TinyRun.all.count - 1) / TinyRun.all.count
    var random = SplitMix(seed: UInt64(index))
    var (phases, misses, runs) = ([Phase](), 0, 0)
    // How busy the machine is decides how many attempts come too late: later ones come earlier, so that their number has an end.
    while phases.count < most, misses < 200 {
      runs += 1
      let folder = "killed-\(runs)"
      var isKilled = true
      while isKilled, phases.count < most {
        let process = try Program("train").start(tiny.words(in: folder), in: tiny.scratch.path)
        let moment = random.uniform()
        switch phases.count % 3 {
        // Anywhere in the run, as long as it took: in its first files, its checkpoints and pictures, its claims and its page.
        case 0: usleep(UInt32(moment * microseconds))
        // What is short is met too: before the run has begun, and while it trains.
        case 1: usleep(UInt32(moment * max(0, 0.2 * (microseconds - training))))
        default:
          while process.isRunning, tiny.begun("config.json", in: folder) == nil { usleep(200) }
          usleep(UInt32(moment * training))
        }
        if process.isRunning { process.signal(SIGKILL) }
        let end = process.wait()
        isKilled = end.exitCode == 128 + SIGKILL
        if isKilled { phases.append(Self.phase(tiny.begun("config.json", in: folder))) }
        #expect(isKilled || end.exitCode == 0, "\(end.errors)")
        if !isKilled {
          misses += 1
          microseconds *= 0.8
        }
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
