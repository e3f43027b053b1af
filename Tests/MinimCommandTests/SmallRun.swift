import Foundation
import MinimFiles
import MinimKernels
import MinimTraining
import TestSupport

/// A run that takes a fraction of a second, and what must be the same in each of its repetitions.
struct SmallRun {
  static let config = """
    {
      "name": "small",
      "model": { "name": "pixelcnn", "masks": ["A3", "B3"], "residual": true, "channels": 8, "pointwiseLayers": 1 },
      "data": { "name": "barsAndStripes", "height": 4, "width": 3 },
      "batch": { "examples": 7, "shards": 3 },
      "optimizer": { "learningRate": 0.01, "schedule": { "name": "cosine", "warmUp": 10 } },
      "training": { "steps": 300, "clipNorm": 5 },
      "intervals": { "log": 10, "checkpoint": 25 },
      "samples": 9
    }
    """

  let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    _ = try scratch.write(Self.config, to: "small.json")
  }

  var latest: String { scratch.path + "/runs/latest" }

  @discardableResult
  func train(_ arguments: [String] = [], environment: [String: String] = [:]) throws -> Program.Result {
    try Program("train", environment: environment).run(
      ["--config", "small.json", "--quiet"] + arguments, in: scratch.path)
  }

  func file(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: latest + "/" + name))) }

  /// SHA-256 of the parameters, by name, and the bytes of the metrics.
  func fingerprint(step: Int = 300) throws -> Fingerprint {
    let name = "step-" + String(repeating: "0", count: 8 - "\(step)".count) + "\(step)"
    let checkpoint = try Safetensors(file("checkpoints/\(name).safetensors"), file: name)
    var hash = SHA256()
    for tensor in checkpoint.tensors where tensor.name.hasPrefix("parameters/") {
      hash.update(Array(tensor.name.utf8))
      hash.update(tensor.bytes)
    }
    return Fingerprint(
      parameters: hash.hexDigest, metrics: String(decoding: try file("metrics.jsonl"), as: UTF8.self),
      samples: try file("samples/\(name).png"))
  }

  struct Fingerprint: Equatable {
    let parameters: String
    let metrics: String
    let samples: [UInt8]
  }
}
