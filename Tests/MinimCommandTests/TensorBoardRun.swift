import Foundation
import MinimConfiguration
import MinimFiles
import TestSupport

/// A run with metrics beside its loss and pictures beside its samples, and what event files must have of it.
struct TensorBoardRun {
  let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    _ = try scratch.write(SiameseRun.config, to: "siamese.json")
  }

  func train(_ arguments: [String] = []) throws -> Program.Result {
    try Program("train").run(["--config", "siamese.json", "--quiet"] + arguments, in: scratch.path)
  }

  func minim(_ arguments: [String]) throws -> Program.Result { try Program("minim").run(arguments, in: scratch.path) }

  var latest: String { scratch.path + "/runs/latest" }

  /// The name of the newest run.
  func name() throws -> String { try FileManager.default.destinationOfSymbolicLink(atPath: latest) }

  /// The event files in a folder that have something in them.
  func files(_ folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.contains("tfevents") && (try? Self.bytes(folder + "/" + $0).isEmpty) == false }.sorted()
  }

  /// The events of the only file in a folder.
  func events(_ folder: String) throws -> [EventReader.Event] {
    let names = files(folder)
    guard names.count == 1 else { throw NotOne(names: names) }
    return try EventReader.events(Self.bytes(folder + "/" + names[0]))
  }

  struct NotOne: Error { let names: [String] }

  /// Every number of the newest run, from the lines of its files.
  func metrics() throws -> [Metric] {
    try ["metrics.jsonl", "diagnostics.jsonl"].flatMap { name -> [Metric] in
      guard let text = try? String(contentsOfFile: latest + "/" + name, encoding: .utf8) else { return [] }
      return try text.split(separator: "\n").flatMap { line -> [Metric] in
        let json = try JSONParser.parse(String(line)).json
        let step = json["step"]?.integer ?? -1
        return (json.object?.members ?? []).filter { $0.key != "step" }.compactMap { member in
          member.value.number.map { Metric(tag: member.key, step: step, value: $0) }
        }
      }
    }
  }

  struct Metric {
    let tag: String
    let step: Int
    let value: Double
  }

  /// Every picture of the newest run: the steps of samples by their names, those of the others by their texts.
  func pictures() throws -> [(tag: String, step: Int, png: [UInt8])] {
    let names = try FileManager.default.contentsOfDirectory(atPath: latest + "/samples").filter { $0.hasSuffix(".png") }
    return try names.sorted().map { name in
      let png = try Self.bytes(latest + "/samples/" + name)
      if name.hasPrefix("step-") { return ("samples", Int(name.dropFirst(5).dropLast(4)) ?? -1, png) }
      let step = try PNG.decode(png).texts.first { $0.key == "step" }
      return (String(name.dropLast(4)), step.flatMap { Int($0.value) } ?? -1, png)
    }
  }

  static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
}
