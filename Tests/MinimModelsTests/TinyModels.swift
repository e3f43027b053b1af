import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import MinimParallel
import TestSupport

/// Bars and stripes of a size that a test can enumerate.
func patterns(_ height: Int, _ width: Int) -> BarsAndStripes {
  BarsAndStripes(height: height, width: width, distribution: .distinct)
}

/// A small net with parameters drawn from a seed, each in [-scale, scale].
func randomNet(
  _ masks: String, _ wiring: MaskStack.Wiring = .plain, channels: Int = 4, pointwise: Int = 1, activation: Activation = .tanh,
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
  return (net, trained(vector, data: patterns(height, width).dataset(), seed: seed, workers: workers))
}

func trained(_ vector: ParameterVector, data: Dataset, seed: UInt64 = 1, workers: Int = 1) -> Trained {
  Trained(
    parameters: vector, data: data, pool: WorkerPool(workers: workers), level: .best,
    seed: seed)
}

/// A model trained on the whole of its data in every step.
///
/// - Returns: its parameters, and the loss before each step.
func train(
  _ model: any Model, on data: Dataset, steps: Int, rate: Double = 0.01, seed: UInt64 = 1, workers: Int = 1,
  precision: Precision = .float32
) throws -> (parameters: ParameterVector, losses: [Double]) {
  let vector = try ParameterVector(model.parameters, precision: precision)
  vector.initialize(seed: seed)
  let adam = Adam()
  let engine = try StepEngine(
    parameters: vector, optimizer: adam, batchSizes: [data.count],
    options: .init(shards: 3, clipNorm: nil, seed: seed), pool: WorkerPool(workers: workers),
    kernels: .current(precision)
  ) { model.objective(Batch(count: $0, exampleShape: data.exampleShape)) }
  var losses: [Double] = []
  for step in 1...steps {
    let result = try engine.step(step, examples: data.count, rate: rate, decays: adam.decays(after: step)) {
      range, input in
      input.write(data.values[range.lowerBound * data.exampleCount..<range.upperBound * data.exampleCount], at: 0)
    }
    losses.append(result.loss)
  }
  return (vector, losses)
}

extension ModelName {
  /// A config of the model small enough for a test, and data for it.
  var small: (section: String, data: Dataset) {
    switch self {
    case .pixelcnn:
      (#"{"masks": ["A5", "B3", "B3"], "channels": 12, "pointwiseLayers": 1}"#, patterns(3, 3).dataset())
    }
  }

  func makeSmall() throws -> (any Model, Dataset) {
    let (text, data) = small
    let reader = ConfigurationReader(try ConfigurationSource(texts: [(name: "small.json", text: text)]))
    let model = make(reader.root, exampleShape: data.exampleShape)
    try reader.finish()
    return (model, data)
  }
}
