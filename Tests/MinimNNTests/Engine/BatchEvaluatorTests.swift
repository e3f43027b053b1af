import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN
import MinimParallel
import TestSupport
import Testing

@Suite struct BatchEvaluatorTests {
  private static let data = Dataset(
    name: "data", exampleShape: [1], values: (0..<11).map { Float($0) })

  /// x + a draw for each row.
  private static func draws(chunk: Int, seed: UInt64 = 5, workers: Int = 1) throws -> [Double] {
    let vector = try ParameterVector(ParameterScope().layout, precision: .float64)
    let trained = Trained(
      parameters: vector, data: DataSplit(name: "data", training: .rows(data)), pool: WorkerPool(workers: workers),
      level: .best, seed: seed)
    let x = Batch(count: chunk, exampleShape: [1]).examples
    let noise = Tensor.normal(shape: [chunk, 1], purpose: .model)
    return try BatchEvaluator([[x + noise]], chunk: chunk, trained).values(of: data)
  }

  @Test("a row's draws are a function of the seed and its index: not of the chunk, nor of the workers")
  func drawsByIndex() throws {
    let whole = try Self.draws(chunk: 11)
    for chunk in [1, 3, 4, 16] {
      for workers in [1, 2, 3] { #expect(try Self.draws(chunk: chunk, workers: workers) == whole) }
    }
    #expect(Set(whole.enumerated().map { $1 - Double($0) }).count == 11)
    #expect(try Self.draws(chunk: 11, seed: 6) != whole)
  }
}
