import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN
import MinimParallel
import TestSupport
import Testing

@Suite struct RowValuesTests {
  private static let data = Dataset(
    name: "data", exampleShape: [1], values: (0..<11).map { Float($0) })

  private static func trained(seed: UInt64 = 5, workers: Int = 1) throws -> Trained {
    Trained(
      parameters: try ParameterVector(ParameterScope().layout, precision: .float64),
      data: DataSplit(name: "data", training: .rows(data)), pool: WorkerPool(workers: workers), level: .preferred,
      seed: seed)
  }

  /// x + a draw for each row.
  private static func draws(chunk: Int, seed: UInt64 = 5, workers: Int = 1) throws -> [Double] {
    try trained(seed: seed, workers: workers).rows(of: data, chunk: chunk) { x in
      ["sum": x + .normal(shape: [x.shape[0], 1], purpose: .model)]
    }["sum"]
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

  @Test("values have names, each row its own, one or several, whatever the chunk") func names() throws {
    let codes = (0..<11).map { [Double($0), -Double($0)] }
    for (chunk, workers) in [(1, 1), (3, 2), (4, 3), (11, 2), (64, 1)] {
      let rows = try Self.trained(workers: workers).rows(of: Self.data, chunk: chunk, with: ("code", codes)) { x in
        let code = Tensor.input("code", shape: [x.shape[0], 2])
        return ["square": square(x), "both": concatenate([x + 1, x + 2, code], axis: 1), "sum": code.sum(axes: [1])]
      }
      #expect(rows.count == 11)
      #expect(rows["square"] == (0..<11).map { Double($0 * $0) })
      for row in 0..<11 {
        let x = Double(row)
        #expect(Array(rows["both", row]) == [x + 1, x + 2, x, -x] && Array(rows["square", row]) == [x * x])
      }
      #expect(rows["sum"] == [Double](repeating: 0, count: 11))
      #expect(rows.mean("square") == 35)
    }
  }
}
