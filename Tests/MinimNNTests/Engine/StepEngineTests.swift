import Foundation
import MinimAutodiff
import MinimKernels
import MinimNN
import MinimParallel
import TestSupport
import Testing

/// A step against the definition: the gradient of the whole batch, whatever the shards, the workers and the kernels.
@Suite struct StepEngineTests {
  // MARK: - The gradient of shards is the gradient of the batch

  /// Numbers of an independent computation: logistic regression on seven examples in shards of 3, 2 and 2.
  private struct Golden: Decodable {
    struct Scheduler: Decodable {
      let inputs: [[Double]]
      let labels: [Double]
      let weights: [Double]
      let shards: [[Int]]
      let gradient: [Double]
      let unweighted: [Double]

      enum CodingKeys: String, CodingKey {
        case inputs = "X"
        case labels = "y"
        case weights = "w"
        case shards = "shards_0based"
        case gradient = "full_batch_mean_gradient"
        case unweighted = "unweighted_shard_average_WRONG"
      }
    }
    let scheduler: Scheduler

    static func read() throws -> Scheduler {
      return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: fixture("golden.json"))).scheduler
    }
  }

  @Test("shards of logistic regression add up to the gradient of the batch", arguments: [1, 2])
  func shardsAddUp(_ workers: Int) throws {
    let golden = try Golden.read()
    #expect(Shards(examples: 7, count: 3).ranges.map(Array.init) == golden.shards)
    let scope = ParameterScope()
    let w = scope.parameter("w", shape: [2, 1], .zeros)
    let parameters = try ParameterVector(scope.layout, precision: .float64)
    parameters[scope.layout.entries[0]] = golden.weights
    // The mean over the examples of -log p(y | x), with p(1 | x) = sigmoid(x w); a row is x1, x2, y.
    let engine = try StepEngine(
      parameters: parameters, optimizer: SGD(), batchSizes: [7], options: .init(shards: 3, clipNorm: nil, seed: 0),
      pool: WorkerPool(workers: workers), kernels: KernelTable(level: .preferred, precision: .float64)
    ) { count in
      let rows = Batch(count: count, exampleShape: [3]).examples
      let scores = matmul(rows.slice([0, 0], shape: [count, 2]), w)
      return Objective("nll", (softplus(scores) - rows.slice([0, 2], shape: [count, 1]) * scores).mean())
    }
    let rows = zip(golden.inputs, golden.labels).map { ($0 + [$1]).map(Float.init) }
    let result = try engine.step(1, examples: 7, rate: 1) { range, input in
      input.write(ArraySlice(rows[range].joined()), at: 0)
    }
    let gradient = zip(golden.weights, parameters[scope.layout.entries[0]]).map(-)
    for (found, expected) in zip(gradient, golden.gradient) { #expect(abs(found - expected) < 1e-14) }
    let norm = golden.gradient.map { $0 * $0 }.reduce(0, +).squareRoot()
    #expect(abs(result.gradientNorm - norm) < 1e-14)
    var loss = 0.0
    for (x, y) in zip(golden.inputs, golden.labels) {
      let score = x[0] * golden.weights[0] + x[1] * golden.weights[1]
      loss += log1p(exp(score)) - y * score
    }
    #expect(abs(result.loss - loss / 7) < 1e-14)
    // The control: the plain mean of the shards' means is another vector.
    for (found, wrong) in zip(gradient, golden.unweighted) { #expect(abs(found - wrong) > 1e-2) }
  }

  @Test(
    "any cut gives the loss and the gradient of the whole batch", arguments: [(13, 5), (62, 4), (3, 3), (1, 1), (9, 1)])
  func anyCut(_ size: (examples: Int, shards: Int)) throws {
    let bench = try EngineBench(examples: size.examples, shards: size.shards, precision: .float64)
    let before = bench.parameters.values
    let whole = try bench.evaluated()
    let result = try bench.step(1)
    #expect(abs(result.loss - whole.loss) < 1e-13)
    let norm = whole.gradients.joined().map { $0 * $0 }.reduce(0, +).squareRoot()
    #expect(abs(result.gradientNorm - norm) < 1e-13)
    for (entry, gradient) in zip(bench.parameters.layout.entries, whole.gradients) {
      for (index, derivative) in zip(entry.range, gradient) {
        #expect(abs(before[index] - bench.rate * derivative - bench.parameters.values[index]) < 1e-13)
      }
    }
  }

  // MARK: - The same bits

  @Test(
    "the same bits for any number of workers and every fused level", arguments: Precision.allCases, [(62, 4), (13, 5)])
  func sameBits(_ precision: Precision, size: (examples: Int, shards: Int)) throws {
    var paths: [[Double]] = []
    for level in KernelLevel.bitExact {
      for workers in [1, 2, 3, 7] {
        let bench = try EngineBench(
          examples: size.examples, shards: size.shards, precision: precision, level: level, workers: workers,
          optimizer: Averaged(Adam(weightDecay: 0.01), decay: 0.9))
        var path: [Double] = []
        for step in 1...20 {
          let result = try bench.step(step)
          path += [result.loss, result.gradientNorm]
        }
        paths.append(path + bench.parameters.values + bench.engine.state.flatMap(\.values))
      }
    }
    let bits = paths.map { $0.map(\.bitPattern) }
    for path in bits { #expect(path == bits.first) }
    #expect(Set(paths.first?.prefix(40) ?? []).count > 30)
  }

  @Test("another cut has other bits, so that equal bits say something")
  func anotherCutHasOtherBits() throws {
    let paths = try [4, 5].map { shards in
      let bench = try EngineBench(examples: 62, shards: shards)
      for step in 1...20 { _ = try bench.step(step) }
      return bench.parameters.values
    }
    #expect(paths[0] != paths[1])
    for (a, b) in zip(paths[0], paths[1]) { #expect(abs(a - b) < 1e-4) }
  }

  @Test("batches of several sizes take their own shards")
  func severalSizes() throws {
    let bench = try EngineBench(examples: 13, shards: 5, precision: .float64, otherSizes: [4])
    _ = try bench.step(1)
    let whole = try bench.evaluated(examples: 4)
    let result = try bench.step(2, examples: 4)
    #expect(abs(result.loss - whole.loss) < 1e-13)
  }

  // MARK: - Clipping

  @Test("a gradient longer than the limit is scaled down to it, a shorter one is left alone")
  func clipping() throws {
    func moved(_ clipNorm: Double?) throws -> (step: [Double], norm: Double) {
      let bench = try EngineBench(examples: 13, shards: 5, precision: .float64, clipNorm: clipNorm)
      let before = bench.parameters.values
      let result = try bench.step(1)
      return (zip(bench.parameters.values, before).map { ($0 - $1) / bench.rate }, result.gradientNorm)
    }
    let free = try moved(nil)
    #expect(free.norm > 0.01)
    let clipped = try moved(0.01)
    #expect(clipped.norm == free.norm)
    #expect(abs(clipped.step.map { $0 * $0 }.reduce(0, +).squareRoot() - 0.01) < 1e-12)
    for (a, b) in zip(clipped.step, free.step) { #expect(abs(a - b * 0.01 / free.norm) < 1e-12) }
    #expect(try moved(free.norm * 1.01).step == free.step)
  }

  // MARK: - Float

  @Test("the backward pass in Float agrees with Double", arguments: KernelLevel.bitExact)
  func floatAgreesWithDouble(_ level: KernelLevel) throws {
    let single = try EngineBench(examples: 62, shards: 4, precision: .float32, level: level)
    let double = try EngineBench(examples: 62, shards: 4, precision: .float64, level: level)
    double.parameters.values = single.parameters.values
    let pairs = zip(try single.evaluated().gradients, try double.evaluated().gradients)
    for (entry, pair) in zip(single.parameters.layout.entries, pairs) {
      let error = zip(pair.0, pair.1).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
      let size = pair.1.map { $0 * $0 }.reduce(0, +).squareRoot()
      #expect(size > 0 && error <= 1e-4 * size, "\(entry.path)")
      // Float it is: some digits must be missing.
      #expect(error > 0, "\(entry.path)")
    }
  }
}
