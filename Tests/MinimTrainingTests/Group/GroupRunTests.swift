import MinimFiles
import MinimKernels
import MinimParallel
import MinimTraining
import TestSupport
import Testing

/// A run that several processes train, each played by a thread: the bits of one process, whatever their number.
@Suite struct GroupRunTests {
  /// Trains as one of the processes of a group, of which the first writes the run.
  ///
  /// - Parameter stopping: the process that is asked to stop, and the call of its loop from which on it is.
  private static func train(
    _ group: any ShardGroup, in directory: RunDirectory, _ overrides: [String] = [],
    stopping: (process: Int, call: Int)? = nil
  ) throws -> String {
    let call = stopping?.process == group.ownership.owner ? stopping?.call : nil
    return try train(group, SmallRun.experiment(overrides), in: directory, stopSignal(call))
  }

  private static func train(
    _ group: any ShardGroup, _ experiment: Experiment, in directory: RunDirectory,
    _ stopSignal: @escaping () -> Int32? = { nil }
  ) throws -> String {
    guard group.ownership.owner == 0 else {
      guard let run = try FollowingRun(experiment, workers: 1, .preferred, group) else { return "nothing to train" }
      try run.train(stopSignal: stopSignal)
      return "followed"
    }
    var options = SmallRun.options()
    (options.group, options.interruptible, options.stopSignal) = (group, Interruptible { nil }, stopSignal)
    return "\(try TrainingRun(experiment, in: directory, options).train())"
  }

  private static func stopSignal(_ call: Int?) -> () -> Int32? {
    var calls = 0
    return {
      calls += 1
      return call.map { calls >= $0 } == true ? 15 : nil
    }
  }

  /// The parameters, the optimizer's state and the metrics of a run.
  private static func bits(_ directory: RunDirectory) throws -> [String: [UInt8]] {
    let last = try #require(try directory.checkpointSteps().last)
    let file = try Safetensors(contentsOf: directory.checkpoint(step: last), requiringChecksum: true)
    let tensors = file.tensors.map { ($0.name, Array($0.bytes)) } + [("metrics", Array(directory.metricsText.utf8))]
    return Dictionary(uniqueKeysWithValues: tensors)
  }

  private static func alone(_ folder: TemporaryFolder, _ overrides: [String] = []) throws -> [String: [UInt8]] {
    let directory = try SmallRun.directory(folder, "alone")
    try SmallRun.trained(overrides, in: directory)
    return try bits(directory)
  }

  @Test("two shards of two processes, of three and of five") func sameBits() throws {
    let folder = try TemporaryFolder()
    let alone = try Self.alone(folder)
    for owners in [2, 3, 5] {
      let directory = try SmallRun.directory(folder, "\(owners)")
      let said = try SimulatedGroup.run(owners) { try Self.train($0, in: directory) }
      #expect(said == ["done"] + Array(repeating: "followed", count: owners - 1))
      #expect(try Self.bits(directory) == alone, "\(owners) processes")
    }
  }

  /// All processes decide by the validation examples when to stop; only the first draws.
  @Test func validation() throws {
    let held = try HeldOutRun(), patience = ["validation.patience=3"]
    let alone = try held.directory("alone")
    try held.train(patience, in: alone)
    let experiment = try held.experiment(patience), directory = try held.directory("together")
    let said = try SimulatedGroup.run(2) { try Self.train($0, experiment, in: directory) }
    #expect(said == ["done", "followed"])
    let last = try alone.checkpointSteps().last
    #expect(try last.map { $0 < 200 } == true && directory.checkpointSteps().last == last)
    #expect(try Self.bits(directory) == Self.bits(alone))
  }

  /// Stopped by any of three processes, the run goes on with two and ends with four.
  @Test(arguments: [0, 2]) func stopsAndResumes(_ process: Int) throws {
    let folder = try TemporaryFolder()
    let alone = try Self.alone(folder)
    let directory = try SmallRun.directory(folder)
    let first = try SimulatedGroup.run(3) { try Self.train($0, in: directory, stopping: (process, 13)) }
    #expect(first == ["stopped(signal: 15)", "followed", "followed"])
    #expect(try directory.checkpointSteps().last == 13)
    let second = try SimulatedGroup.run(2) { try Self.train($0, in: directory, stopping: (1, 20)) }
    #expect(second[0] == "stopped(signal: 15)")
    #expect(try directory.checkpointSteps().last == 33)
    #expect(try SimulatedGroup.run(4) { try Self.train($0, in: directory) }[0] == "done")
    #expect(try Self.bits(directory) == alone)
  }

  @Test("a process with another config or other data lets none begin") func disagreement() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    for (override, part) in [("seed=6", "config"), ("data.width=4", "config, another data set")] {
      let said = try SimulatedGroup.run(3) { group -> String in
        do {
          return try Self.train(group, in: directory, group.ownership.owner == 2 ? [override] : [])
        } catch let error as GroupDisagreement {
          return "\(error)"
        }
      }
      #expect(said.allSatisfy { $0.hasPrefix("process 2 has another \(part) than process 0.") }, "\(said)")
    }
    // Nothing was written, nor is the folder locked.
    #expect(try directory.checkpointSteps().isEmpty)
    #expect(!RunLock.isHeld(directory))
  }

  /// A program is known by its file, since another build may compute other bits.
  @Test func anotherProgram() throws {
    let folder = try TemporaryFolder()
    try FileStore().writeAtomically("another program", to: folder["program"])
    let other = folder["program"]
    let said = try SimulatedGroup.run(2) { group -> String in
      let program = group.ownership.owner == 1 ? other : "/proc/self/exe"
      do {
        try GroupAgreement(SmallRun.experiment(), .preferred, program: program).check(group)
        return "the same"
      } catch let error as GroupDisagreement {
        return "\(error.process) \(error.parts) \(error.exit.rawValue)"
      }
    }
    #expect(said == ["1 [\"program\"] 78", "1 [\"program\"] 78"])
  }

  @Test("a run with nothing left to do lets the others go") func cancelled() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    let said = try SimulatedGroup.run(2) { group -> String in
      guard group.ownership.owner == 0 else { return try Self.train(group, in: directory) }
      GroupStart.cancel(group)
      return "cancelled"
    }
    #expect(said == ["cancelled", "nothing to train"])
  }

  /// Each process finds the same place of a number that is not finite, though only one computes it.
  @Test func divergence() throws {
    let folder = try TemporaryFolder()
    let overrides = ["optimizer.name=sgd", "optimizer.learningRate=1000000", "optimizer.schedule.name=constant"]
    let endings = try [1, 3].map { owners -> String in
      let directory = try SmallRun.directory(folder, "\(owners)")
      guard owners > 1 else {
        return "\(try TrainingRun(SmallRun.experiment(overrides), in: directory, SmallRun.options()).train())"
      }
      return try SimulatedGroup.run(owners) { try Self.train($0, in: directory, overrides) }[0]
    }
    #expect(endings[0].hasPrefix("diverged"))
    #expect(endings[0] == endings[1])
  }
}
