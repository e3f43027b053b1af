import Foundation
import MinimFiles
import MinimTraining

/// All files of a run that do not tell of times or the machine, as what two runs must have in common to be the same.
struct RunContents: Equatable, CustomStringConvertible {
  private let files: [String: [UInt8]]

  /// What tells of times: these files have to be there, whatever they hold.
  private static let timed: Set<String> = ["lock", "manifest.json", "report.html", "status.json", "timing.jsonl"]

  /// Reads a run's folder.
  init(_ path: String) throws {
    var files: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isFolder), !isFolder.boolValue
      else {
        continue
      }
      files[name] = try Self.timed.contains(name) ? [] : Self.content(path + "/" + name)
    }
    self.files = files
  }

  /// The bytes of a file. The metadata of a checkpoint have times.
  private static func content(_ file: String) throws -> [UInt8] {
    guard file.hasSuffix(".safetensors") else { return try FileStore().read(file) }
    return try Safetensors(contentsOf: file, requiringChecksum: true).tensors.flatMap { Array($0.name.utf8) + $0.bytes }
  }

  /// The names of the files that are not the same, for messages.
  func differences(from other: RunContents) -> [String] {
    Set(files.keys).union(other.files.keys).filter { files[$0] != other.files[$0] }.sorted()
  }

  var count: Int { files.count }
  var description: String { files.keys.sorted().joined(separator: " ") }
}
