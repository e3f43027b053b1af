import Foundation
import Glibc
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// A run whose files cannot be written any more from some moment on, as after a kill, and that goes on later.
@Suite struct InterruptedRunTests {
  private static let overrides = [
    "training.steps=10", "validation.interval=4", "intervals.log=3", "intervals.checkpoint=5", "intervals.samples=5",
    "intervals.keepLast=1", "optimizer.averageDecay=0.9", "samples=2",
    "optimizer.learningRate=0.5",
  ]

  /// The long suite cuts at every call, each CI run at every fifth.
  private static let stride = ProcessInfo.processInfo.environment["MINIM_ALL_TESTS"] == nil ? 5 : 1

  /// What a run leaves that does not depend on the clock: the bytes of files and the numbers of checkpoints.
  private static func content(_ directory: RunDirectory) throws -> [String: [UInt8]] {
    var content: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: directory.path) {
      let path = directory.file(name)
      if FileStore().isFolder(path) || ["status.json", "timing.jsonl", "lock"].contains(name) { continue }
      // The page shows times too: that it is there must be the same.
      if path == directory.report {
        content[name] = []
        continue
      }
      // Each resume writes a file of its own, with what the files of the run say; times are in it too.
      if path.hasPrefix(directory.tensorboard) {
        guard name.contains("tfevents") else { continue }
        let lines = try EventReader.lines(FileStore().read(path))
        content["tensorboard", default: []] += lines.flatMap { Array($0.utf8) }
        continue
      }
      // What it says of resumes is right in the run that has had one.
      if path == directory.manifest {
        var manifest = try directory.json(path)
        manifest["resumes"] = nil
        content[name] = Array(manifest.compact.utf8)
        continue
      }
      content[name] =
        name.hasSuffix(".safetensors")
        ? try Safetensors(contentsOf: path).tensors.flatMap { Array($0.name.utf8) + $0.bytes }
        : try FileStore().read(path)
    }
    return content
  }

  private static func run(_ data: HeldOutRun, in directory: RunDirectory, _ store: FileStore) throws {
    var options = SmallRun.options()
    options.store = store
    options.keepsEvents = true
    let run = try TrainingRun(data.experiment(overrides), in: directory, options)
    guard case .done = try run.train() else { throw SmallRun.NotDone() }
    try run.concluded()
  }

  @Test("cut off at a call of the system, a run goes on to the same files")
  func everyCall() throws {
    let data = try HeldOutRun()
    let whole = try data.directory("whole")
    let faults = FileFaults { _, _ in nil }
    try Self.run(data, in: whole, FileStore(faults: faults))
    let expected = try Self.content(whole)
    // A rate so large that the best step is not the last one.
    #expect(
      ["samples/step-00000010.png", "samples/best.png", "evaluation.json", "tensorboard"].allSatisfy {
        expected.keys.contains($0)
      })
    let calls = faults.log.count
    #expect(calls > 60)
    for call in Swift.stride(from: 0, to: calls, by: Self.stride) {
      let directory = try data.directory("cut-\(call)")
      let cut = FileFaults { number, _ in number < call ? nil : .error(EIO) }
      #expect(throws: FileError.self, "\(call)") { try Self.run(data, in: directory, FileStore(faults: cut)) }
      try Self.run(data, in: directory, FileStore())
      let content = try Self.content(directory)
      let different = Set(content.keys).union(expected.keys).filter { content[$0] != expected[$0] }
      #expect(different.isEmpty, "cut at \(call), \(faults.log[call])")
    }
  }
}
