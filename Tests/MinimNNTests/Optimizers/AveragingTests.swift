import MinimKernels
import MinimNN
import TestSupport
import Testing

/// The average of the parameters against the weighted sum that defines it.
@Suite struct AveragingTests {
  /// The parameters after each of some steps of an engine, and the average after each.
  private static func paths(
    _ optimizer: Averaged, _ level: KernelLevel, _ precision: Precision, steps: Int = 30
  ) throws -> (parameters: [[Double]], averages: [[Double]]) {
    let bench = try EngineBench(
      examples: 13, shards: 3, precision: precision, level: level, workers: 1, optimizer: optimizer)
    let average = try #require(bench.engine.state.last)
    return try (1...steps).reduce(into: ([], [])) { paths, step in
      _ = try bench.step(step)
      paths.0.append(bench.parameters.values)
      paths.1.append(average.values)
    }
  }

  /// (1 - d) sum over i = 1 ... t of d^(t - i) p_i, over the sum of the weights, which is 1 - d^t.
  private static func weightedMeans(_ values: [[Double]], _ decay: Double) -> [[Double]] {
    values.indices.map { last in
      var sum = [Double](repeating: 0, count: values[0].count)
      var (weight, weights) = (1.0, 0.0)
      for index in (0...last).reversed() {
        for i in sum.indices { sum[i] += weight * values[index][i] }
        weights += weight
        weight *= decay
      }
      return sum.map { $0 / weights }
    }
  }

  private static func largestDifference(_ a: [[Double]], _ b: [[Double]]) -> Double {
    zip(a, b).flatMap { zip($0, $1).map { abs($0 - $1) } }.max() ?? .infinity
  }

  @Test("the average is the weighted mean of all parameters so far", arguments: Precision.allCases, [0.5, 0.9, 0.999])
  func averageIsTheWeightedMean(_ precision: Precision, decay: Double) throws {
    let tolerance = precision == .float32 ? 1e-5 : 1e-12
    for base in [Adam(), SGD(), SGD(momentum: 0.9)] as [any Optimizer] {
      for level in KernelLevel.bitExact {
        let found = try Self.paths(Averaged(base, decay: decay), level, precision)
        #expect(Self.largestDifference(found.averages, Self.weightedMeans(found.parameters, decay)) < tolerance)
        #expect(found.averages[0] == found.parameters[0])
        // The control: with another decay the means are others.
        let other = Self.weightedMeans(found.parameters, decay - 0.1)
        #expect(Self.largestDifference(found.averages, other) > 100 * tolerance)
      }
    }
  }

  @Test("every level has the same bits", arguments: Precision.allCases)
  func sameBits(_ precision: Precision) throws {
    let paths = try KernelLevel.bitExact.map { level in
      bits(try Self.paths(Averaged(Adam(), decay: 0.97), level, precision).averages)
    }
    for path in paths { #expect(path == paths[0]) }
  }

  @Test("the base's steps are those that it makes alone", arguments: Precision.allCases)
  func theBaseIsLeftAlone(_ precision: Precision) throws {
    for base in [Adam(weightDecay: 0.1), SGD(), SGD(momentum: 0.9, nesterov: true)] as [any Optimizer] {
      let averaged = try Self.paths(Averaged(base, decay: 0.9), .preferred, precision).parameters
      let bench = try EngineBench(examples: 13, shards: 3, precision: precision, workers: 1, optimizer: base)
      for step in 1...30 {
        _ = try bench.step(step)
        #expect(bench.parameters.values == averaged[step - 1])
      }
    }
  }

  @Test("what the vector held before the first step does not matter") func theFirstStepForgets() throws {
    let bench = try EngineBench(examples: 13, shards: 3, optimizer: Averaged(SGD(), decay: 0.9))
    let average = try #require(bench.engine.state.last)
    average.values = average.values.map { _ in 1 }
    _ = try bench.step(1)
    #expect(zip(average.values, bench.parameters.values).allSatisfy { abs($0 - $1) < 1e-6 })
  }
}
