import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN
import MinimParallel
import TestSupport
import Testing

/// Rows with a normal of their own each, under an engine: variational inference without an encoder, through a fixed net.
struct PosteriorsBench {
  static let (width, latent, samples) = (3, 2, 4)
  static let seed: UInt64 = 5

  let data: Dataset
  let engine: StepEngine
  private let optimizer: any Optimizer
  private let rate: Double

  init(
    rows: Int, batch: Int? = nil, shards: Int, precision: Precision = .float32, level: KernelLevel = .preferred,
    workers: Int = 1, optimizer: any Optimizer = SGD(), rate: Double = 1
  ) throws {
    var generator = SplitMix(seed: 9)
    data = Dataset(
      name: "rows", exampleShape: [Self.width],
      values: (0..<rows * Self.width).map { _ in Float(generator.symmetric()) }, entropy: nil)
    self.optimizer = optimizer
    self.rate = rate
    let scope = ParameterScope()
    let posteriors = scope.parameter("posteriors", shape: [rows, 2 * Self.latent], .uniform(bound: 0.5))
    let parameters = try ParameterVector(scope.layout, precision: precision)
    parameters.initialize(seed: 2)
    let decoder = try Self.decoder()
    engine = try StepEngine(
      parameters: parameters, optimizer: optimizer, batchSizes: [batch ?? rows],
      options: .init(shards: shards, clipNorm: nil, seed: Self.seed), pool: WorkerPool(workers: workers),
      kernels: KernelTable(level: level, precision: precision)
    ) { count in
      let batch = Batch(count: count, exampleShape: [Self.width])
      return Objective(
        "negativeELBO", Self.losses(batch.examples, code: posteriors.gather(batch.indices), decoder).mean())
    }
  }

  static func decoder() throws -> MultilayerPerceptron {
    func net(_ scope: ParameterScope) -> MultilayerPerceptron {
      MultilayerPerceptron(scope.scope("decoder"), widths: [latent, 5, width], .tanh)
    }
    let scope = ParameterScope()
    _ = net(scope)
    let values = try ParameterVector(scope.layout, precision: .float32)
    values.initialize(seed: 3)
    return net(ParameterScope(fixedAt: values))
  }

  /// The negative ELBO of each row, [n], up to a constant, for codes [n, 2 latent] of a mean and a log sigma.
  static func losses(_ x: Tensor, code: Tensor, _ decoder: MultilayerPerceptron) -> Tensor {
    let n = x.shape[0]
    let mean = code.slice([0, 0], shape: [n, latent]), logSigma = code.slice([0, latent], shape: [n, latent])
    let noise = Tensor.normal(shape: [n, samples, latent], purpose: .model)
    let z = mean.reshape([n, 1, latent]) + exp(logSigma).reshape([n, 1, latent]) * noise
    let kl = ((square(mean) + exp(2 * logSigma) - 1) * 0.5 - logSigma).sum(axes: [1])
    return square(x.reshape([n, 1, width]) - decoder(z)).sum(axes: [2]).mean(axes: [1]) + kl
  }

  var posteriors: [Double] { engine.parameters[engine.parameters.layout.entries[0]] }

  /// Row `index` of the posteriors.
  func row(_ index: Int, of values: [Double]) -> [Double] {
    Array(values[index * 2 * Self.latent..<(index + 1) * 2 * Self.latent])
  }

  func step(_ number: Int, on indices: [Int]) throws -> StepEngine.Result {
    try engine.step(
      number, examples: indices.count, rate: rate
    ) { range, input in input.write(indices[range], of: data) }
  }

  /// The loss of one row by itself and its gradient: no other rows, no engine.
  func alone(_ index: Int, _ code: [Double], firstExample: Int, step: UInt64) throws -> (loss: Double, slope: [Double])
  {
    let x = Tensor.input("x", shape: [1, Self.width])
    let own = Tensor.parameter("code", shape: [1, 2 * Self.latent], offset: 0)
    let loss = Self.losses(x, code: own, try Self.decoder()).sum()
    let values = try evaluate(
      [loss, gradient(of: loss, withRespectTo: [own])[0]], parameters: code,
      inputs: ["x": data.example(index).map(Double.init)],
      kernels: KernelTable(level: .preferred, precision: engine.parameters.precision),
      random: (Self.seed, step, firstExample))
    return (values[0][0], values[1])
  }
}

/// Parameters of each example: rows of one parameter, gathered by the place of an example in the data.
@Suite struct PerExampleParametersTests {
  @Test("each row moves as it would alone, to the last bit", arguments: Precision.allCases, [1, 3])
  func asAlone(_ precision: Precision, workers: Int) throws {
    // Powers of two: the means over a shard and over the batch are exact.
    let rows = 16
    let bench = try PosteriorsBench(rows: rows, shards: 4, precision: precision, workers: workers)
    for step in 1...3 {
      let before = bench.posteriors
      _ = try bench.step(step, on: Array(0..<rows))
      let after = bench.posteriors
      for index in 0..<rows {
        let code = bench.row(index, of: before)
        let slope = try bench.alone(index, code, firstExample: index, step: UInt64(step)).slope
        let expected = zip(code, slope).map { p, g in
          precision == .float32 ? Double(Float(p) - Float(g / 16)) : p - g / 16
        }
        #expect(bench.row(index, of: after) == expected)
        #expect(slope.allSatisfy { $0 != 0 })
      }
    }
  }

  @Test("only the rows of a batch move; one that is drawn twice moves by both", arguments: [1, 2, 5])
  func onlyTheBatch(_ shards: Int) throws {
    let indices = [7, 2, 9, 2, 0]
    let bench = try PosteriorsBench(rows: 11, batch: 5, shards: shards, precision: .float64)
    let before = bench.posteriors
    let result = try bench.step(1, on: indices)
    let after = bench.posteriors
    var loss = 0.0
    for index in 0..<11 {
      let code = bench.row(index, of: before)
      var expected = code
      for (place, drawn) in indices.enumerated() where drawn == index {
        let alone = try bench.alone(index, code, firstExample: place, step: 1)
        loss += alone.loss / 5
        for (i, g) in alone.slope.enumerated() { expected[i] -= g / 5 }
      }
      let found = bench.row(index, of: after)
      #expect((found == code) == !indices.contains(index))
      for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-14) }
    }
    #expect(abs(result.loss - loss) < 1e-13)
  }

  @Test("the same bits for any number of workers and every fused level", arguments: Precision.allCases)
  func sameBits(_ precision: Precision) throws {
    var paths: [[UInt64]] = []
    for level in KernelLevel.bitExact {
      for workers in [1, 2, 3, 7] {
        let bench = try PosteriorsBench(
          rows: 13, shards: 5, precision: precision, level: level, workers: workers, optimizer: Adam(), rate: 0.01)
        let losses = try (1...20).map { try bench.step($0, on: Array(0..<13)).loss }
        paths.append((losses + bench.posteriors + bench.engine.state.flatMap(\.values)).map(\.bitPattern))
      }
    }
    for path in paths { #expect(path == paths.first) }
    // The control: rows elsewhere see other draws, and so do their posteriors.
    let bench = try PosteriorsBench(rows: 13, shards: 5, precision: precision, optimizer: Adam(), rate: 0.01)
    let losses = try (1...20).map { try bench.step($0, on: (0..<13).reversed()).loss }
    #expect(losses.map(\.bitPattern) != paths.first.map { Array($0.prefix(20)) })
  }

  @Test("a row that does not exist is reported, and no row moves")
  func noSuchRow() throws {
    let bench = try PosteriorsBench(rows: 4, batch: 2, shards: 1)
    let more = Dataset(name: "more", exampleShape: [3], values: [Float](repeating: 0, count: 15), entropy: nil)
    let before = bench.posteriors
    let error = #expect(throws: NonFiniteStep.self) {
      _ = try bench.engine.step(1, examples: 2, rate: 1) { $1.write([0, 4], of: more) }
    }
    #expect(error?.value?.operation.hasPrefix("gather") == true && error?.value?.index == 4)
    #expect(bench.posteriors == before)
  }
}
