import Foundation
import MinimConfiguration
import MinimFiles
import MinimKernels
import MinimTraining
import TestSupport

/// A config of the project, cut short: the same model and data, a few dozen steps of a narrow net.
struct ShortRun {
  /// The folder of the project, whose configs and data the programs then find.
  static let project = Project.home
  static let home = ["MINIM_HOME": project]

  /// The names of all configs: a new one is covered by being there.
  static let configs = ((try? FileManager.default.contentsOfDirectory(atPath: project + "/configs")) ?? [])
    .filter { $0.hasSuffix(".json") }.sorted()

  let config: String
  let scratch: Scratch
  /// What cuts it short, of the keys that the config has.
  let overrides: [String]

  init(_ config: String) throws {
    self.config = config
    scratch = try Scratch()
    let resolved = try Program("train", environment: Self.home).run(
      ["--config", config, "--print-config"], in: scratch.path)
    let json = try JSONParser.parse(resolved.output).json
    var overrides = [
      "training.steps=40", "intervals.log=1", "intervals.checkpoint=5", "intervals.samples=20", "samples=9",
      "intervals.keepLast=9",
    ]
    for (section, key, most) in [
      ("model", "channels", 4), ("model", "pointwiseLayers", 1), ("batch", "examples", 24), ("batch", "shards", 3),
      ("model", "steps", 8),
      ("validation", "interval", 10),
    ] {
      guard let value = json[section]?[key]?.integer else { continue }
      overrides.append("\(section).\(key)=\(min(value, most))")
    }
    for key in ["hidden", "encoder", "decoder", "generator", "critic"] {
      guard let widths = json["model"]?[key]?.integers, !widths.isEmpty else { continue }
      overrides.append("model.\(key)=\(widths.map { min($0, 8) })")
    }
    // Wide moons need fewer cells of a grid.
    if json["data"]?["name"]?.string == "twoMoons" { overrides.append("data.noise=0.4") }
    self.overrides = overrides
  }

  /// Trains in a folder of runs of its own.
  func train(_ arguments: [String] = [], in runs: String, environment: [String: String] = [:]) throws -> Program.Result
  {
    try start(arguments, in: runs, environment: environment).wait()
  }

  func start(
    _ arguments: [String] = [], in runs: String, environment: [String: String] = [:]
  ) throws -> Program.Running {
    try Program("train", environment: Self.home.merging(environment) { $1 }).start(
      ["--config", config, "--quiet", "--runs", runs] + arguments + overrides, in: scratch.path)
  }

  func resume(in runs: String) throws -> Program.Running {
    try Program("train", environment: Self.home).start(
      ["resume", "latest", "--quiet", "--runs", runs], in: scratch.path)
  }

  func minim(_ arguments: [String]) throws -> Program.Result {
    try Program("minim", environment: Self.home).run(arguments, in: scratch.path)
  }

  func run(in runs: String) -> RunDirectory { RunDirectory(path: scratch.path + "/\(runs)/latest/") }

  func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

  /// Whether all last samples are one number: what a model makes that draws nothing.
  func samplesAreOne(in runs: String) throws -> Bool {
    try Set(NumericArray.read(run(in: runs).samples + "/final.npy").values).count == 1
  }

  /// SHA-256 of the parameters of every checkpoint, of the metrics and of the last samples, by file.
  func fingerprint(in runs: String) throws -> [String: String] {
    let run = run(in: runs)
    var hashes = [
      "metrics": SHA256.hexDigest(of: String(decoding: try bytes(run.metrics), as: UTF8.self)),
      "samples": SHA256.hexDigest(of: try bytes(run.samples + "/final.npy").map(String.init).joined(separator: ",")),
    ]
    for step in try run.checkpointSteps() { hashes["step \(step)"] = try fingerprint(in: runs, step: step) }
    return hashes
  }

  /// SHA-256 of the parameters and moments of one checkpoint.
  func fingerprint(in runs: String, step: Int) throws -> String {
    var hash = SHA256()
    for tensor in try Safetensors(contentsOf: run(in: runs).checkpoint(step: step)).tensors {
      hash.update(Array(tensor.name.utf8))
      hash.update(tensor.bytes)
    }
    return hash.hexDigest
  }
}
