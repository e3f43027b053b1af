import Foundation
import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import MinimParallel
import TestSupport
import Testing

/// Bars and stripes of a size that a test can enumerate.
func patterns(_ height: Int, _ width: Int) -> BarsAndStripes {
  BarsAndStripes(height: height, width: width, distribution: .distinct)
}

/// A small net with parameters drawn from a seed, each in [-scale, scale].
func randomNet(
  _ masks: String, _ wiring: MaskStack.Wiring = .plain, channels: Int = 4, pointwise: Int = 1,
  activation: Activation = .tanh,
  height: Int = 3, width: Int = 3, scale: Double = 0.8, precision: Precision = .float64, seed: UInt64 = 1,
  workers: Int = 1
) throws -> (PixelCNN, Trained) {
  let stack = MaskStack(masks, wiring) ?? MaskStack([])
  let net = PixelCNN(
    PixelCNNConfiguration(stack: stack, channels: channels, pointwiseLayers: pointwise, activation: activation),
    height: height, width: width)
  let vector = try ParameterVector(net.parameters, precision: precision)
  for (index, entry) in net.parameters.entries.enumerated() {
    vector[entry] = values(entry.shape.elementCount, seed: seed &* 1000 &+ UInt64(index)).map { $0 * scale }
  }
  return (net, trained(vector, data: patternData(height, width), seed: seed, workers: workers))
}

/// All bars and stripes of a size, as data to train on.
func patternData(_ height: Int, _ width: Int) -> DataSplit {
  let patterns = patterns(height, width)
  return DataSplit(name: "patterns", training: .rows(patterns.dataset()), distribution: patterns)
}

func trained(_ vector: ParameterVector, data: DataSplit, seed: UInt64 = 1, workers: Int = 1) -> Trained {
  Trained(
    parameters: vector, data: data, pool: WorkerPool(workers: workers), level: .preferred,
    seed: seed)
}

/// A model trained on the whole of its data in every step.
///
/// - Returns: its parameters, and the loss before each step.
func train(
  _ model: any Model, on data: DataSplit, steps: Int, rate: Double = 0.01, seed: UInt64 = 1, workers: Int = 1,
  precision: Precision = .float32
) throws -> (parameters: ParameterVector, losses: [Double]) {
  let vector = try ParameterVector(model.parameters, precision: precision)
  vector.initialize(seed: seed)
  let trainer = try Trainer(
    vector, UpdateRule(optimizer: Adam(), schedule: Schedule(peak: rate, steps: steps), steps: steps),
    examples: data.training,
    order: BatchOrder(
      count: data.training.count, examples: data.training.count ?? 64, drawing: .epoch, seed: seed),
    shards: 3, seed: seed, pool: WorkerPool(workers: workers), kernels: .current(precision), pairing: model.pairing
  ) { model.objective(Batch(count: $0, of: data)) }
  return (vector, try (1...steps).map { try trainer.step($0).loss })
}
