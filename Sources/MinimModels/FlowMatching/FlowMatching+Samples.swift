import MinimData
import MinimKernels
import MinimNN

extension FlowMatching {
  /// Whether the field is one of examples given their class.
  package var isConditional: Bool { configuration.classes > 0 }

  /// Draws of noise, moved to the data's end; of all classes in turn if the field is given them.
  package func samples(_ count: Int, from trained: Trained) throws -> Samples {
    try samples(SampleRequest(count), from: trained)
  }

  /// Draws of noise, moved to the data's end: of a class, or of all in turn, if the field is given them.
  ///
  /// - Throws: `SampleRequestError` if the field is given no class and one is asked for, `KernelError` if there is not enough
  ///   memory.
  package func samples(_ request: SampleRequest, from trained: Trained) throws -> Samples {
    try request.require(isConditional: isConditional, completes: false)
    let values = try draws(request.count, of: request.label, trained)
    return unit.samples(
      values, exampleShape: exampleShape, of: trained,
      columns: isConditional && request.label == nil ? configuration.classes : nil,
      captions: isConditional ? request.captions(trained.data.classNames) : [])
  }

  /// `count` samples in the unit of the data, row-major: a function of the seed and a sample's number. They follow the flow, or
  /// meet noise on their way.
  ///
  /// - Parameter label: the class of all; nil for all classes in turn.
  func draws(_ count: Int, of label: Int? = nil, _ trained: Trained) throws -> [Double] {
    let key = RandomKey(seed: trained.seed).folding(.sampling), d = dimensions
    guard isConditional, label == nil else { return try draws(count, of: label, key, trained) }
    var values = [Double](repeating: 0, count: count * d)
    for label in 0..<min(count, configuration.classes) {
      let places = Array(stride(from: label, to: count, by: configuration.classes))
      let own = try draws(places.count, of: label, key.folding(UInt64(label)), trained)
      for (row, place) in places.enumerated() {
        for i in 0..<d { values[place * d + i] = own[row * d + i] }
      }
    }
    return values
  }

  private func draws(_ count: Int, of label: Int?, _ key: RandomKey, _ trained: Trained) throws -> [Double] {
    let sampled = configuration.samplerNoise
    guard sampled > 0 else {
      let noise = (0..<UInt64(count * dimensions)).map { key.normal(at: $0) }
      return try FieldFlow(self, of: label, divergences: .skipped, trained).forward(noise).points
    }
    let sampler = try FieldSampler(
      of: field.velocity(of: label), configuration.path, dimensions: dimensions, steps: configuration.steps,
      noise: { _ in sampled }, trained)
    let points = sampler.draws(count, key)
    return try unit.bijector.map { try TrainedFlow($0, dimensions: dimensions, trained).forward(points).points }
      ?? points
  }
}
