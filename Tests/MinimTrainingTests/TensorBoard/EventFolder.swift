import Foundation
import MinimFiles
import MinimTraining
import TestSupport

/// A run's folder with files as a test wants them, and a folder for its event files.
struct EventFolder {
  static let start = 1_800_000_000.0
  let folder: TemporaryFolder
  let run: RunDirectory
  var events: String { folder["events"] }

  init() throws {
    folder = try TemporaryFolder()
    run = RunDirectory(path: folder.path)
    _ = try FileStore().makeFolder(run.samples)
    try put("{}\n", "config.json")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: Self.start)], ofItemAtPath: run.config)
    try put("", "metrics.jsonl")
  }

  func put(_ text: String, _ name: String) throws { try folder.put(Array(text.utf8), name) }

  /// A picture of 3x2 with words about its step, unless it has none.
  func draw(_ name: String, step: Int?, shade: UInt8 = 128, rgb: Bool = false) throws -> [UInt8] {
    let texts = step.map { PNG.texts(step: $0, seed: 0, configHash: "") } ?? []
    let png = try PNG.encode(Image(width: 3, height: 2, rgb: rgb, fill: .gray(shade)), texts: texts)
    try folder.put(png, "samples/" + name)
    return png
  }

  var names: [String] { run.names(events).filter { $0 != "lock" } }

  func bytes(of name: String) throws -> [UInt8] { try FileStore().read(events + "/" + name) }

  func bytes() throws -> [UInt8] { try bytes(of: names.last ?? "none") }

  /// The events of the last file.
  func read() throws -> [EventReader.Event] { try EventReader.events(bytes()) }
}
