import Foundation
import MinimParallel
import TestSupport
import Testing

@Suite struct ShardsTests {
  @Test func coverTheBatchInOrder() {
    for examples in 0...70 {
      for count in 1...20 {
        let shards = Shards(examples: examples, count: count)
        #expect(shards.count == min(count, examples))
        #expect(shards.ranges.flatMap { Array($0) } == Array(0..<examples))
        let sizes = shards.ranges.map(\.count)
        #expect(sizes.allSatisfy { $0 > 0 })
        #expect(sizes.first == sizes.max() && sizes.last == sizes.min())
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        // Any neighbors together have what their number asks for, to less than one example.
        for a in sizes.indices {
          for b in a..<sizes.count {
            let held = sizes[a...b].reduce(0, +) * sizes.count, due = (b - a + 1) * examples
            if abs(held - due) >= sizes.count { Issue.record("\(examples) in \(count): shards \(a)...\(b)") }
          }
        }
        #expect(shards.distinctSizes == Set(sizes).sorted(by: >))
        #expect(examples == 0 || abs(shards.weights.reduce(0, +) - 1) < 1e-15)
      }
    }
  }

  @Test func anUnevenBatch() {
    let shards = Shards(examples: 62, count: 4)
    #expect(shards.ranges == [0..<16, 16..<31, 31..<47, 47..<62])
    let expected: [Double] = [16, 15, 16, 15].map { $0 / 62 }
    #expect(shards.weights == expected)
    #expect(shards.distinctSizes == [16, 15])
  }

  @Test(arguments: [
    (1, 1), (2, 1), (16, 1), (23, 1), (24, 2), (32, 2), (62, 4), (64, 4), (128, 8), (256, 16), (65536, 16),
  ])
  func defaultCount(examples: Int, count: Int) {
    #expect(Shards.defaultCount(examples: examples) == count)
  }

  @Test func theDefaultNeverFallsAsTheBatchGrows() {
    let counts = (0...2000).map { Shards.defaultCount(examples: $0) }
    #expect(counts == counts.sorted())
    #expect(counts.allSatisfy { (1...16).contains($0) })
  }

  /// A mean over the batch is the weighted mean of the shards' means. The plain mean of them is not: the control.
  @Test func weightsGiveTheGradientOfTheBatch() throws {
    let golden = try Golden.scheduler()
    let shards = Shards(examples: golden.y.count, count: 3)
    #expect(shards.ranges.map { Array($0) } == golden.shards)
    let parts = shards.ranges.map { golden.meanGradient(of: $0) }
    let whole = golden.meanGradient(of: 0..<golden.y.count)
    let plain = Array(repeating: 1 / Double(shards.count), count: shards.count)
    #expect(distance(whole, golden.fullBatch) < 1e-14)
    #expect(distance(combine(parts, shards.weights), golden.fullBatch) < 1e-14)
    #expect(distance(combine(parts, shards.weights), golden.weighted) < 1e-14)
    #expect(distance(combine(parts, plain), golden.unweighted) < 1e-14)
    #expect(distance(combine(parts, plain), golden.fullBatch) > 0.01)
  }
}

private func combine(_ parts: [[Double]], _ weights: [Double]) -> [Double] {
  parts[0].indices.map { axis in zip(parts, weights).reduce(0) { $0 + $1.0[axis] * $1.1 } }
}

private func distance(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
}

/// Logistic regression on seven points: the part `scheduler` of the golden file.
private struct Golden: Decodable {
  let x: [[Double]]
  let y: [Double]
  let w: [Double]
  let shards: [[Int]]
  let fullBatch: [Double]
  let weighted: [Double]
  let unweighted: [Double]

  enum CodingKeys: String, CodingKey {
    case x = "X"
    case y, w
    case shards = "shards_0based"
    case fullBatch = "full_batch_mean_gradient"
    case weighted = "weighted_shard_average"
    case unweighted = "unweighted_shard_average_WRONG"
  }

  static func scheduler() throws -> Golden {
    struct File: Decodable { let scheduler: Golden }
    return try JSONDecoder().decode(File.self, from: Data(contentsOf: fixture("golden.json"))).scheduler
  }

  /// The mean over the examples of (sigmoid(w x) - y) x, the gradient of the mean negative log-likelihood.
  func meanGradient(of examples: Range<Int>) -> [Double] {
    var sum = [Double](repeating: 0, count: w.count)
    for example in examples {
      let logit = zip(w, x[example]).reduce(0) { $0 + $1.0 * $1.1 }
      let residual = 1 / (1 + exp(-logit)) - y[example]
      for axis in w.indices { sum[axis] += residual * x[example][axis] }
    }
    return sum.map { $0 / Double(examples.count) }
  }
}
