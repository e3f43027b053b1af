import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// What a verification says about states that differ, from runs that do.
@Suite struct VerificationTests {
  private static func state(
    _ folder: TemporaryFolder, _ name: String, _ stretch: RunStretch, _ overrides: [String] = []
  ) throws -> TrainedState {
    let directory = try SmallRun.directory(folder, name)
    try SmallRun.trained(overrides, in: directory)
    return try TrainedState(name, of: directory, stretch, SmallRun.experiment(overrides), hasCheckpoint: true)
  }

  @Test("repetitions that differ break the promise; a run that differs from all of them has other files")
  func verdicts() throws {
    let folder = try TemporaryFolder()
    let first = try SmallRun.directory(folder, "first")
    try SmallRun.trained(in: first)
    let stretch = try RunStretch(of: first, try SmallRun.experiment(), from: 20, count: 40)
    #expect(stretch.start == 20 && stretch.end == 60 && stretch.isSaved && stretch.distance == nil)
    let same = try Self.state(folder, "same", stretch), again = try Self.state(folder, "again", stretch)
    let other = try Self.state(folder, "other", stretch, ["optimizer.learningRate=0.011"])
    let agrees = Verification("run", stretch, own: same, repetitions: [again, same])
    // Every seventh step, and the last.
    #expect(agrees.agrees && agrees.exit == .success && agrees.commonRows == 7)
    let changed = Verification("run", stretch, own: other, repetitions: [same, again])
    #expect(!changed.agrees && changed.isReproducible && changed.exit == .badData)
    let broken = Verification("run", stretch, own: same, repetitions: [same, other])
    #expect(!broken.isReproducible && broken.exit == .bug)
    let places = broken.repetitions[1].differences.map(\.place)
    #expect(places.first?.hasPrefix("step 21, nll") == true && places.count == 2, "\(places)")
  }

  @Test("steps: the shortest stretch that shows something, the last of equal ones, part of a long one") func choice()
    throws
  {
    func stretch(_ steps: [Int], start: Int? = nil, count: Int? = nil, state: RunStatus.State = .done) throws
      -> RunStretch
    {
      let folder = try TemporaryFolder()
      let directory = try SmallRun.directory(folder)
      for step in steps { try FileStore().writeAtomically("", to: directory.checkpoint(step: step)) }
      try RunStatus(state: state, step: steps.last ?? 0, seconds: 0).write(to: directory)
      return try RunStretch(
        of: directory, try SmallRun.experiment(["training.steps=9000"]), from: start, count: count)
    }
    func pair(_ stretch: RunStretch) -> [Int] { [stretch.start, stretch.end] }
    #expect(try pair(stretch([500, 1000])) == [500, 1000])
    #expect(try pair(stretch([650, 900, 1000])) == [900, 1000])
    #expect(try pair(stretch([900, 990, 1000])) == [900, 990])
    #expect(try pair(stretch([5, 10])) == [5, 10])
    let long = try stretch([4000, 8000])
    #expect(pair(long) == [4000, 4050] && long.distance == 4000 && !long.isSaved)
    #expect(try pair(stretch([500, 1000], count: 1000)) == [0, 1000])
    #expect(try pair(stretch([500, 1000], count: 300)) == [500, 800])
    #expect(try pair(stretch([500, 1000], start: 500, count: 9000)) == [500, 1000])
    #expect(try pair(stretch([500, 1000], start: 1000, state: .stopped)) == [1000, 1050])
    #expect(try pair(stretch([], state: .stopped)) == [0, 50])
    #expect(throws: FileError.self) { try stretch([]) }
  }
}
