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
  private enum Phase: CaseIterable { case beginning, training, ending }

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
    let expected = try tiny.contents(in: "whole")
    let most = (Self.kills + TinyRun.all.count - 1) / TinyRun.all.count
    var random = SplitMix(seed: UInt64(index))
    var (phases, misses, runs) = ([Phase](), 0, 0)
    while phases.count < most, misses <= 2 * most {
      runs += 1
      let folder = "killed-\(runs)"
      var isKilled = true
      while isKilled, phases.count < most {
        let process = try Program("train").start(tiny.words(in: folder), in: tiny.scratch.path)
        // Anywhere in the run, as long as it took: in its first files, its checkpoints and pictures, its claims and its page.
        usleep(UInt32(random.uniform() * microseconds))
        if process.isRunning { process.signal(SIGKILL) }
        let end = process.wait()
        isKilled = end.exitCode == 128 + SIGKILL
        if isKilled { phases.append(Self.phase(tiny.begun("config.json", in: folder))) }
        #expect(isKilled || end.exitCode == 0, "\(end.errors)")
        if !isKilled {
          misses += 1
          // The machine was busier with the whole run: later kills come earlier.
          microseconds *= 0.8
        }
      }
      let last = try tiny.finish(in: folder)
      #expect(last.exitCode == 0, "\(last.errors)")
      let found = try tiny.contents(in: folder)
      #expect(found == expected, "\(phases): \(found.differences(from: expected))")
    }
    // Most attempts met the run before its end, and many met it in every part.
    #expect(phases.count == most && misses <= most, "\(phases.count) kills, \(misses) misses")
    if LongTests.areWanted { #expect(Set(phases) == Set(Phase.allCases), "\(phases)") }
    Reliability.record(5, "kills at random moments", phases.count)
  }
}
