import MinimKernels
import MinimNN
import TestSupport
import Testing

/// A value that is not finite, put into each thing that a step reads: the step is refused and says where it arose.
@Suite struct NonFiniteStepTests {
  private static func path(_ bench: EngineBench, _ path: String) throws -> ParameterLayout.Entry {
    try #require(bench.parameters.layout.entries.first { $0.path == path })
  }

  /// Takes the second step of a bench after a first good one; the error, and that nothing changed.
  private static func refused(_ bench: EngineBench) throws -> NonFiniteStep {
    let before = (bench.parameters.values + bench.engine.state.flatMap(\.values)).map(\.bitPattern)
    let error = try #require(throws: NonFiniteStep.self) { _ = try bench.step(2) }
    #expect((bench.parameters.values + bench.engine.state.flatMap(\.values)).map(\.bitPattern) == before)
    #expect(error.step == 2)
    #expect(!error.loss.isFinite || !error.gradientNorm.isFinite)
    return error
  }

  @Test("in one example", arguments: [Float.nan, .infinity, -.infinity], Activation.allCases)
  func inAnExample(_ value: Float, activation: Activation) throws {
    for workers in [1, 3] {
      var bench = try EngineBench(
        examples: 13, shards: 5, workers: workers, optimizer: Adam(), activation: activation)
      _ = try bench.step(1)
      bench.examples[7 * 9 + 2] = value
      let found = try #require(try Self.refused(bench).value)
      // The third shard holds the examples 6 and 7.
      #expect(found.operation == "input examples [2, 3, 3, 1]" && found.parameterPaths.isEmpty)
      #expect(found.index == 9 + 2 && found.value.bitPattern == Double(value).bitPattern)
    }
  }

  @Test("in a value that no pixel reads there is no harm: the last pixel is seen by none")
  func inWhatIsNotRead() throws {
    var bench = try EngineBench(examples: 13, shards: 5)
    bench.examples[8] = .nan
    _ = try bench.step(1)
  }

  @Test("in a weight", arguments: ["masked.weight", "pointwise.weight", "linear.weight", "linear.bias"])
  func inAWeight(_ name: String) throws {
    for value in [Double.nan, .infinity] {
      let bench = try EngineBench(examples: 13, shards: 5, optimizer: Adam(), activation: .relu)
      _ = try bench.step(1)
      let entry = try Self.path(bench, name)
      var values = bench.parameters[entry]
      values[1] = value
      bench.parameters[entry] = values
      let found = try #require(try Self.refused(bench).value)
      #expect(found.parameterPaths.contains(name), "\(value): \(found)")
    }
  }

  @Test("an infinite weight behind a function that saturates does no harm to the step, but is not saved")
  func anInfiniteWeightThatSaturates() throws {
    let bench = try EngineBench(examples: 13, shards: 5, optimizer: Adam(), activation: .tanh)
    let entry = try Self.path(bench, "masked.weight")
    var values = bench.parameters[entry]
    values[1] = .infinity
    bench.parameters[entry] = values
    _ = try bench.step(1)
    #expect(bench.engine.nonFiniteValue()?.parameterPaths == ["masked.weight"])
  }

  @Test("in an activation that overflows")
  func inAnActivation() throws {
    let bench = try EngineBench(examples: 13, shards: 5)
    _ = try bench.step(1)
    // Each weight is finite; their products with the activations are not.
    let entry = try Self.path(bench, "linear.weight")
    bench.parameters[entry] = bench.parameters[entry].map { $0 < 0 ? -3e38 : 3e38 }
    let pointwise = try Self.path(bench, "pointwise.weight")
    bench.parameters[pointwise] = bench.parameters[pointwise].map { $0 * 1000 }
    let found = try #require(try Self.refused(bench).value)
    #expect(found.operation.hasPrefix("matmul") || found.operation.contains("matrix"), "\(found)")
    #expect(found.parameterPaths.contains("linear.weight"))
  }

  @Test("in the optimizer's state: the next step names a parameter that it reached")
  func inTheOptimizer() throws {
    let bench = try EngineBench(examples: 13, shards: 5, optimizer: Adam())
    _ = try bench.step(1)
    let entry = try Self.path(bench, "pointwise.weight")
    var moments = bench.engine.state[0][entry]
    moments[4] = .nan
    bench.engine.state[0][entry] = moments
    #expect(
      bench.engine.nonFiniteValue().map { "\($0)" }
        == "firstMoment (parameters: pointwise.weight): element 4 is nan")
    _ = try bench.step(2)
    let error = try #require(throws: NonFiniteStep.self) { _ = try bench.step(3) }
    #expect(error.value?.parameterPaths == ["pointwise.weight"])
    #expect("\(error)".hasPrefix("step 3: loss "))
  }

  @Test("the engine says which parameter or state is not finite")
  func nonFiniteValue() throws {
    let bench = try EngineBench(examples: 13, shards: 5, optimizer: Adam())
    #expect(bench.engine.nonFiniteValue() == nil)
    let entry = try Self.path(bench, "linear.bias")
    bench.parameters[entry] = [1, -.infinity]
    let value = try #require(bench.engine.nonFiniteValue())
    #expect("\(value)" == "parameter (parameters: linear.bias): element 1 is -inf")
    let error = try #require(throws: NonFiniteStep.self) {
      try bench.engine.requireFinite(after: 6, .init(loss: 2, gradientNorm: 0.5))
    }
    #expect(error.step == 6 && error.loss == 2 && error.value?.parameterPaths == ["linear.bias"])
  }

  /// Adam would square such a gradient to infinity and never move again.
  @Test("a gradient whose square is no Float is refused before it reaches the optimizer")
  func aHugeGradient() throws {
    let bench = try EngineBench(examples: 13, shards: 5, optimizer: Adam())
    _ = try bench.step(1)
    // Two scores of opposite signs: one of them has a slope, whatever the example.
    let entry = try Self.path(bench, "linear.weight")
    bench.parameters[entry] = (0..<27).flatMap { _ in [1e21, -1e21] }
    let before = bench.parameters.values
    let error = try #require(throws: NonFiniteStep.self) { _ = try bench.step(2) }
    #expect(error.value == nil && error.loss.isFinite && error.gradientNorm.isFinite)
    #expect(bench.parameters.values == before)
    // Clipped to a length of 1 it is a step like any other.
    let clipped = try EngineBench(examples: 13, shards: 5, optimizer: Adam(), clipNorm: 1)
    clipped.parameters.values = before
    _ = try clipped.step(1)
    #expect(clipped.engine.nonFiniteValue() == nil)
  }
}
