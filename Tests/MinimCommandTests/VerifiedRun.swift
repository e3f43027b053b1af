import Foundation
import MinimFiles
import MinimKernels
import MinimTraining
import TestSupport

/// A small run to verify, in a folder of its own, with a folder of its own for what is temporary.
struct VerifiedRun {
  /// Runs of a fraction of a second: an image model with held-out examples, a flow with an average of its parameters, a game whose
  /// players take turns, and batch normalization with diagnostics.
  static let configs = [
    "pixelcnn": """
    {"name": "pixelcnn", "model": {"name": "pixelcnn", "masks": ["A3", "B3"], "channels": 4, "pointwiseLayers": 1},
     "data": {"name": "barsAndStripes", "height": 4, "width": 3}, "batch": {"examples": 7, "shards": 3},
     "optimizer": {"schedule": {"name": "cosine"}}, \(rest)}
    """,
    "realnvp": """
    {"name": "realnvp", "model": {"name": "realnvp", "couplings": 2, "hidden": [4]},
     "data": {"name": "ring", "rows": 60}, "batch": {"examples": 10, "shards": 3}, "validation": {"interval": 10},
     "optimizer": {"averageDecay": 0.9}, \(rest)}
    """,
    "gan": """
    {"name": "gan", "model": {"name": "gan", "latent": 2, "generator": [4], "critic": [4], "activation": "tanh"},
     "data": {"name": "ring", "rows": 40}, "batch": {"examples": 10, "shards": 3},
     "dynamics": {"name": "alternating"}, \(rest)}
    """,
    "simsiam": """
    {"name": "simsiam", "model": {"name": "simsiam", "hidden": [6], "outputs": 4, "predictorHidden": [3]},
     "data": {"name": "barsAndStripes", "height": 4, "width": 4}, "batch": {"examples": 12, "shards": 3}, \(rest)}
    """,
  ]

  private static let rest = """
    "training": {"steps": 60}, "samples": 4,
    "intervals": {"log": 10, "checkpoint": 20, "samples": 60, "diagnostics": 20}
    """

  let scratch: Scratch
  private let environment: [String: String]

  /// Trains a run.
  init(
    _ name: String, _ overrides: [String] = [], environment: [String: String] = [:], exit: Int32 = 0
  ) throws {
    scratch = try Scratch()
    let temporary = scratch.path + "/temporary"
    try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
    self.environment = ["TMPDIR": temporary]
    _ = try scratch.write(Self.configs[name] ?? name, to: "run.json")
    let result = try Program("train", environment: environment).run(
      ["--config", "run.json", "--quiet", "--workers", "2"] + overrides, in: scratch.path)
    guard result.exitCode == exit else { throw Unexpected(message: "\(result.exitCode): \(result.errors)") }
  }

  struct Unexpected: Error { let message: String }

  var run: RunDirectory { RunDirectory(path: scratch.path + "/runs/latest") }

  func minim(_ arguments: [String]) throws -> Program.Result {
    try Program("minim", environment: environment).run(arguments, in: scratch.path)
  }

  func start(_ arguments: [String]) throws -> Program.Running {
    try Program("minim", environment: environment).start(arguments, in: scratch.path)
  }

  /// The names of what is in the folder for temporary files.
  func temporaries() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/temporary")
  }

  /// SHA-256 of every file of the run, hidden ones included, by its path.
  func files() throws -> [String: String] {
    var hashes: [String: String] = [:]
    let folder = URL(fileURLWithPath: run.path).resolvingSymlinksInPath().path
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      let path = folder + "/" + name
      if FileStore().isFolder(path) {
        hashes[name] = "folder"
      } else {
        var hash = SHA256()
        hash.update(try FileStore().read(path))
        hashes[name] = hash.hexDigest
      }
    }
    return hashes
  }

  /// The tensors of a checkpoint.
  func checkpoint(_ step: Int) throws -> Safetensors { try Safetensors(contentsOf: run.checkpoint(step: step)) }

  /// Replaces the bytes of a tensor in a checkpoint, which stays a sound file.
  func change(_ step: Int, _ name: String, _ body: (inout [UInt8]) -> Void) throws {
    var file = try checkpoint(step)
    file.metadata.removeAll { $0.key == "checksum" }
    file.tensors = file.tensors.map { tensor in
      guard tensor.name == name else { return tensor }
      var bytes = tensor.bytes
      body(&bytes)
      return Safetensors.Tensor(name: tensor.name, type: tensor.type, shape: tensor.shape, bytes: bytes)
    }
    try file.write(to: run.checkpoint(step: step), store: FileStore())
  }
}
