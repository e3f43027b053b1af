import Foundation
import MinimFiles
import MinimKernels
import MinimTraining
import TestSupport

/// A folder in which a tiny run of one model is trained again and again, each time in a folder of runs of its own.
struct TinyFolder {
  let scratch: Scratch

  /// Where there are examples, shards differ in size, so that several workers have something to share.
  init(_ tiny: TinyRun, steps: Int = 6) throws {
    scratch = try Scratch()
    let text =
      tiny.hasExamples ? tiny.config(steps: steps, batch: #"{"examples":5,"shards":3}"#) : tiny.config(steps: steps)
    _ = try scratch.write(text, to: "tiny.json")
  }

  /// The words of the command that trains it.
  func words(in runs: String, _ more: [String] = []) -> [String] { ["--config", "tiny.json", "--runs", runs] + more }

  func train(in runs: String, _ more: [String] = [], environment: [String: String] = [:]) throws -> Program.Result {
    try Program("train", environment: environment).run(words(in: runs, more + ["--quiet"]), in: scratch.path)
  }

  func run(in runs: String) -> RunDirectory { RunDirectory(path: scratch.path + "/\(runs)/latest/") }

  /// What must not depend on the machine: the hash of the parameters and moments of the last checkpoint, the rows of the
  /// metrics, and the bytes of the samples.
  func bits(in runs: String) throws -> Bits { try bits(of: run(in: runs)) }

  func bits(of run: RunDirectory) throws -> Bits {
    guard let last = try run.checkpointSteps().last else { return Bits(parameters: "none", rows: [], samples: []) }
    var hash = SHA256()
    for tensor in try Safetensors(contentsOf: run.checkpoint(step: last)).tensors {
      hash.update(Array(tensor.name.utf8))
      hash.update(tensor.bytes)
    }
    let metrics = String(decoding: try FileStore().read(run.metrics), as: UTF8.self)
    return Bits(
      parameters: hash.hexDigest, rows: metrics.split(separator: "\n").map(String.init),
      samples: try FileStore().read(run.samples + "/final.npy"))
  }

  struct Bits: Equatable {
    let parameters: String
    let rows: [String]
    let samples: [UInt8]
  }
}
