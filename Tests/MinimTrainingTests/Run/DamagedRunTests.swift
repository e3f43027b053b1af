import Foundation
import Glibc
import MinimConfiguration
import MinimFiles
import MinimKernels
import MinimTraining
import TestSupport
import Testing

/// Runs whose files have changed behind their back: they are refused with the way out, and nothing of them is lost.
@Suite struct DamagedRunTests {
  /// A SimSiam of 20 steps with diagnostics, stopped at 10, and the same run to its end.
  private struct Siamese {
    let folder: TemporaryFolder
    let whole: RunDirectory, stopped: RunDirectory

    init() throws {
      folder = try TemporaryFolder()
      whole = try SmallRun.directory(folder, "whole")
      try Self.train(whole)
      stopped = RunDirectory(path: folder["stopped"])
      try FileManager.default.copyItem(atPath: whole.path, toPath: stopped.path)
      try stopped.cut(after: 10)
    }

    static func train(
      _ directory: RunDirectory, preparing: (any RunPreparation)? = nil, _ store: FileStore = FileStore()
    )
      throws
    {
      var options = SmallRun.options()
      (options.store, options.drawsPictures) = (store, false)
      let run = try TrainingRun(experiment(), in: directory, options, preparing: preparing)
      guard case .done = try run.train() else { throw SmallRun.NotDone() }
    }

    static func experiment() throws -> Experiment {
      let overrides = [
        "training.steps=20", "intervals.log=1", "intervals.checkpoint=5", "intervals.diagnostics=2",
        "intervals.keepLast=9",
      ]
      return try Experiment(
        ConfigurationSource(texts: [("c.json", SiameseRun.config)], overrides: overrides), models: SmallRun.models)
    }

    func files(_ run: RunDirectory) throws -> [String] {
      try [run.metrics, run.diagnostics].map { try String(contentsOfFile: $0, encoding: .utf8) }
    }
  }

  @Test("a changed beginning of any growing file is refused, and stays; the checkpoint before the change is offered")
  func changedFiles() throws {
    let run = try Siamese()
    for name in ["metrics.jsonl", "timing.jsonl", "diagnostics.jsonl"] {
      let path = run.stopped.file(name)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      var lines = text.split(separator: "\n").map(String.init)
      // Line 5 of the diagnostics is that of step 8, and line 8 of the others too: after the checkpoint of step 5.
      let late = name == "diagnostics.jsonl" ? 4 : 7
      lines[late] += " "
      let changes: [(text: String?, sound: Int)] = [
        (nil, 0), ("", 0), ("\n" + text, 0), (text.replacingOccurrences(of: "\n", with: "\r\n"), 0),
        ("garbage\n" + text, 0), (lines.joined(separator: "\n") + "\n", 5),
      ]
      for (changed, sound) in changes {
        if let changed {
          try changed.write(toFile: path, atomically: true, encoding: .utf8)
        } else {
          try FileManager.default.removeItem(atPath: path)
        }
        let error = #expect(throws: ResumeError.self, "\(name)") { try Siamese.train(run.stopped) }
        #expect(error?.exit == .badData && error?.cause.description.contains(path) == true, "\(name)")
        #expect(error?.sound == sound && error?.description.contains("--from-step \(sound)") == true, "\(name)")
        #expect((try? String(contentsOfFile: path, encoding: .utf8)) == changed, "\(name)")
      }
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    // The control: as it was, it goes on to the same files.
    try Siamese.train(run.stopped)
    #expect(try run.files(run.stopped) == run.files(run.whole))
  }

  @Test("a fault of the system while files are opened loses nothing", arguments: [EMFILE, EIO])
  func faultsOfOpening(_ code: Int32) throws {
    let run = try Siamese()
    let before = try run.files(run.stopped)
    for failing in 0..<40 {
      let faults = FileFaults { call, operation in
        call == failing && [.open, .create, .read, .list].contains(operation) ? .error(code) : nil
      }
      var options = SmallRun.options()
      options.store = FileStore(faults: faults)
      // Whether it fails or not, it must not lose anything.
      _ = try? TrainingRun(Siamese.experiment(), in: run.stopped, options)
      let after = try run.files(run.stopped)
      // Opening may cut off what the checkpoint does not count on, and no more.
      #expect(zip(after, before).allSatisfy { $1.hasPrefix($0) && $0.split(separator: "\n").count >= 6 }, "\(failing)")
    }
    try Siamese.train(run.stopped)
    #expect(try run.files(run.stopped) == run.files(run.whole))
  }

  @Test("a checkpoint of an earlier version has no checksums: lengths are checked, and diagnostics end by their steps")
  func earlierVersion() throws {
    let run = try Siamese()
    for step in try run.stopped.checkpointSteps() {
      var file = try Safetensors(contentsOf: run.stopped.checkpoint(step: step))
      file.metadata.removeAll { $0.key.hasSuffix("Checksum") || $0.key == "diagnosticsLength" }
      try file.write(to: run.stopped.checkpoint(step: step))
    }
    let text = try String(contentsOfFile: run.stopped.diagnostics, encoding: .utf8)
    try ("garbage\n" + text).write(toFile: run.stopped.diagnostics, atomically: true, encoding: .utf8)
    let error = #expect(throws: ResumeError.self) { try Siamese.train(run.stopped) }
    #expect(error?.cause.description.contains("line 1 ") == true)
    try text.write(toFile: run.stopped.diagnostics, atomically: true, encoding: .utf8)
    try Siamese.train(run.stopped)
    #expect(try run.files(run.stopped) == run.files(run.whole))
  }

  // MARK: - Checkpoints

  @Test("a damaged last checkpoint is refused with the last sound one, from which the run goes on to the same bits")
  func damagedCheckpoint() throws {
    let run = try Siamese()
    var bytes = try FileStore().read(run.stopped.checkpoint(step: 10))
    bytes[bytes.count / 2] ^= 1
    try FileStore().writeAtomically(bytes, to: run.stopped.checkpoint(step: 10))
    let error = #expect(throws: ResumeError.self) { try Siamese.train(run.stopped) }
    #expect(error?.sound == 5 && error?.description.contains("train resume \(run.stopped.path) --from-step 5") == true)
    #expect(try run.stopped.checkpointSteps() == [5, 10])
    // A step that is no better, or not there, is refused and removes nothing.
    #expect(throws: SafetensorsError.self) { try RunRewind(to: 10, of: run.stopped, Siamese.experiment()) }
    let missing = #expect(throws: FileError.self) { try RunRewind(to: 7, of: run.stopped, Siamese.experiment()) }
    #expect(missing?.reason.contains("there are 5, 10") == true)
    try Siamese.train(run.stopped, preparing: RunRewind(to: 5, of: run.stopped, Siamese.experiment()))
    #expect(try run.files(run.stopped) == run.files(run.whole))
    let last = try [run.stopped, run.whole].map { try Safetensors(contentsOf: $0.checkpoint(step: 20)).tensors }
    #expect(last[0] == last[1])
  }

  @Test("a run that has lost all checkpoints does not begin again by itself") func lostCheckpoints() throws {
    let run = try Siamese()
    let before = try run.files(run.stopped)
    for step in [5, 10] { try FileManager.default.removeItem(atPath: run.stopped.checkpoint(step: step)) }
    let error = #expect(throws: ResumeError.self) { try Siamese.train(run.stopped) }
    #expect(error?.exit == .badData && error?.cause.description.contains("step 10") == true && error?.sound == 0)
    #expect(try run.files(run.stopped) == before)
    try Siamese.train(run.stopped, preparing: RunRewind(to: 0, of: run.stopped, Siamese.experiment()))
    #expect(try run.files(run.stopped) == run.files(run.whole))
  }

  // MARK: - Machines

  @Test("kernels of other bits do not go on with a run unless that is asked for, and the manifest names each machine")
  func kernels() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    try SmallRun.trained(in: directory)
    func resume(_ level: KernelLevel, allowed: Bool = false, after step: Int) throws {
      try directory.cut(after: step)
      var options = SmallRun.options(level: level)
      options.allowsKernelChange = allowed
      let run = try TrainingRun(SmallRun.experiment(), in: directory, options)
      guard case .done = try run.train() else { throw SmallRun.NotDone() }
    }
    func machines() throws -> RunMachines { RunMachines(manifest: try directory.json(directory.manifest)) }
    let error = #expect(throws: KernelChangeError.self) { try resume(.baseline, after: 40) }
    #expect(error?.exit == .badConfiguration && error?.description.contains("--change-kernels") == true)
    #expect(try machines().parts.count == 1 && machines().sentence == nil)
    // Levels that agree to the bit need no leave.
    for level in KernelLevel.bitExact { try resume(level, after: 20) }
    #expect(try machines().parts.map(\.step) == [0, 20] && machines().sentence == nil)
    try resume(.baseline, allowed: true, after: 40)
    #expect(try machines().parts.map(\.step) == [0, 20, 40] && machines().parts.last?.level == "baseline")
    #expect(try machines().sentence?.contains("from step 40 baseline") == true)
    #expect(try RunReport(directory).text.contains("from step 40 baseline"))
    // From then on the other way round.
    #expect(throws: KernelChangeError.self) { try resume(.preferred, after: 60) }
    try resume(.baseline, after: 60)
    // What was computed after an earlier step is gone, and with it what the manifest said of it.
    try resume(.preferred, after: 20)
    #expect(try machines().parts.map(\.step) == [0, 20] && machines().sentence == nil)
  }
}
