import Foundation
import Minim
import MinimAutodiff
import MinimKernels
@_spi(Minim) import MinimFiles

/// What a twin needs to compute the same: the parameters, the data, one batch, and the noise of each step on it.
struct StartFile {
  /// Updates on the batch whose losses are compared.
  static let steps = 10

  let url: URL
  /// Minim's losses before each of `steps` + 1 steps on the batch.
  let losses: [Double]

  init(_ workload: Workload, in folder: URL) throws {
    url = folder.appendingPathComponent("\(workload.name).safetensors")
    let run = try WorkloadRun(workload, workers: 1)
    var arrays = workload.parameters.entries.map {
      (name: "parameters/\($0.path)", shape: $0.shape, values: run[$0].map(Float.init))
    }
    if let data = workload.data {
      arrays.append(("data", [data.count] + data.exampleShape, data.values))
      let batch = workload.firstExamples.flatMap { data.example($0) }
      arrays.append(("batch", [workload.examples] + data.exampleShape, batch))
    }
    arrays += workload.constants.map { ("constants/\($0.name)", $0.shape, $0.values) }
    if let noise = try Self.noise(workload) { arrays.append(noise) }
    try writeSafetensors(
      arrays, metadata: ["workload": workload.name, "steps": "\(Self.steps)"], to: url.path)
    losses = try (0...Self.steps).map { _ in try run.stepOnFirstExamples() }
  }

  /// The draws of each step: [steps + 1, (tensors if there are several,) examples, ...].
  private static func noise(_ workload: Workload) throws -> (name: String, shape: [Int], values: [Float])? {
    let tensors = workload.noise(workload.examples)
    guard let first = tensors.first else { return nil }
    let plan = Plan(packing: tensors)
    // The plan reads no parameters: any address will do.
    guard let nowhere = UnsafeRawPointer(bitPattern: 64) else { return nil }
    let replay = try Replay(ParameterValues(plan, kernels: .current(.float32), parameters: nowhere))
    let result = UnsafeMutablePointer<Float>.allocate(capacity: plan.outputCount)
    defer { result.deallocate() }
    var values: [Float] = []
    for step in 1...steps + 1 {
      replay.setRandom(seed: WorkloadRun.seed, step: UInt64(step), firstExample: 0)
      replay.run(result: result)
      let count = first.shape.reduce(1, *)
      for index in tensors.indices {
        let start = index * ((count + 15) / 16 * 16)  // outputs are packed from multiples of sixteen on
        values += UnsafeBufferPointer(start: result + start, count: count)
      }
    }
    return ("noise", [steps + 1] + (tensors.count > 1 ? [tensors.count] : []) + first.shape, values)
  }
}
