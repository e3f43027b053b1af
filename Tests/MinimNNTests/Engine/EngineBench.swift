import MinimAutodiff
import MinimKernels
import MinimNN
import MinimParallel
import TestSupport

/// A small net under an engine, with fixed examples.
struct EngineBench {
  let net: SmallNet
  let engine: StepEngine
  let count: Int
  let rate = 0.05
  var examples: [Float]
  private let level: KernelLevel
  private let optimizer: any Optimizer

  var parameters: ParameterVector { engine.parameters }

  init(
    examples count: Int, shards: Int, precision: Precision = .float32, level: KernelLevel = .preferred,
    workers: Int = 1, optimizer: any Optimizer = SGD(), clipNorm: Double? = nil, otherSizes: [Int] = [],
    activation: Activation = .tanh, group: any ShardGroup = SingleProcess()
  ) throws {
    self.count = count
    self.level = level
    self.optimizer = optimizer
    let net = SmallNet(activation)
    self.net = net
    examples = SmallNet.examples(count)
    let parameters = try ParameterVector(net.parameters, precision: precision)
    parameters.initialize(seed: 4)
    engine = try StepEngine(
      parameters: parameters, optimizer: optimizer, batchSizes: [count] + otherSizes,
      options: .init(shards: shards, clipNorm: clipNorm, seed: 0, group: group), pool: WorkerPool(workers: workers),
      kernels: try KernelTable(level: level, precision: precision)
    ) { net.objective(examples: $0) }
  }

  /// Takes a step on the first examples.
  func step(_ number: Int, examples size: Int? = nil, stop: Bool = false) throws -> StepEngine.Result {
    let size = size ?? count
    return try examples.withUnsafeBufferPointer { all in
      try engine.step(number, examples: size, rate: rate, stop: { stop }) { range, input in
        for index in range.lowerBound * 9..<range.upperBound * 9 {
          input.examples[index - range.lowerBound * 9] = Double(all[index])
        }
      }
    }
  }

  /// The loss and its gradient over all examples at once: no shards, no engine.
  func evaluated(examples size: Int? = nil) throws -> (loss: Double, gradients: [[Double]]) {
    let size = size ?? count
    let loss = net.objective(examples: size).value
    let tensors = [loss] + gradient(of: loss, withRespectTo: net.parameters.entries.map(\.tensor))
    let values = try evaluate(
      tensors, parameters: parameters.values, inputs: [Batch.inputName: examples.prefix(size * 9).map(Double.init)],
      kernels: KernelTable(level: level, precision: parameters.precision))
    return (values[0][0], Array(values.dropFirst()))
  }
}
