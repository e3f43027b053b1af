import Foundation
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// Data are known by their content: a run goes on when their file lies elsewhere, and not with another file in its place.
@Suite struct MovedDataTests {
  private static let overrides = ["training.steps=20", "intervals.checkpoint=10", "validation.interval=10"]
  private static let moved = ["data.path=sub/moved.csv"]

  /// A run that was stopped at step 10, whose data have been moved.
  private static func stopped() throws -> (data: HeldOutRun, whole: RunDirectory, run: RunDirectory) {
    let data = try HeldOutRun()
    let whole = try data.directory("whole"), run = RunDirectory(path: data.folder["stopped"])
    try data.train(overrides, in: whole)
    try FileManager.default.copyItem(atPath: whole.path, toPath: run.path)
    try run.cut(after: 10)
    try FileStore().makeFolders(data.folder["sub"])
    try FileManager.default.moveItem(atPath: data.folder["images.csv"], toPath: data.folder["sub/moved.csv"])
    return (data, whole, run)
  }

  @Test("the same content elsewhere is the same run, and the run remembers the place") func moved() throws {
    let (data, whole, run) = try Self.stopped()
    #expect(throws: FileError.self) { try data.experiment(Self.overrides) }
    let kept = try data.train(Self.overrides + Self.moved, in: run)
    #expect(run.metricsText == whole.metricsText)
    let last = try [run, whole].map { try Safetensors(contentsOf: $0.checkpoint(step: 20)).tensors }
    #expect(last[0] == last[1] && kept.step <= 20)
    #expect(try run.json(run.config)["data"]?["path"] == "sub/moved.csv")
    #expect(try run.json(whole.config)["data"]?["path"] == "images.csv")
  }

  @Test("another content is refused with both hashes") func others() throws {
    let (data, _, run) = try Self.stopped()
    let text = try #require(data.folder.text("sub/moved.csv"))
    try data.folder.put(Array((text + text.prefix(32)).utf8), "sub/moved.csv")
    let hash = try #require(try run.json(run.manifest)["data"]?.string)
    let error = #expect(throws: CheckpointError.self) { try data.train(Self.overrides + Self.moved, in: run) }
    let other = try data.experiment(Self.overrides + Self.moved).dataHash
    #expect(error?.exit == .badData && other != hash)
    #expect(error?.description.contains(hash) == true && error?.description.contains(other) == true)
  }

  @Test("a checkpoint of an earlier version, whose hash knew the place, is one of the run") func earlierVersion() throws
  {
    let (data, _, run) = try Self.stopped()
    try FileManager.default.copyItem(atPath: data.folder["sub/moved.csv"], toPath: data.folder["images.csv"])
    let experiment = try data.experiment(Self.overrides)
    let former = try #require(experiment.formerHashes.first)
    #expect(former != experiment.configHash)
    for step in try run.checkpointSteps() {
      var file = try Safetensors(contentsOf: run.checkpoint(step: step))
      file.metadata = file.metadata.map { $0.key == "configHash" ? .init(key: $0.key, value: former) : $0 }
      try file.write(to: run.checkpoint(step: step))
    }
    try data.train(Self.overrides, in: run)
    #expect(try Checkpoint(run.checkpoint(step: 20), experiment: experiment).configHash == experiment.configHash)
  }
}
