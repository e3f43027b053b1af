import Minim

/// Lion (Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms", algorithm 2): steps of one size, in the direction of
/// the sign of a mean of gradients.
struct Lion: Optimizer {
  let beta1: Double, beta2: Double, weightDecay: Double
  /// The names in a checkpoint: a resumed run has its running mean again.
  let stateNames = ["mean"]

  init(_ section: ConfigurationSection) {
    beta1 = section.number("beta1", default: 0.9, in: 0...0.99999, "Weight of the running mean in a step's direction.")
    beta2 = section.number("beta2", default: 0.99, in: 0...0.99999, "Decay of the running mean of the gradient.")
    weightDecay = section.number("weightDecay", default: 0, in: 0...1, "Each step takes rate * weightDecay * p off p.")
  }

  func update(_ block: Range<Int>, _ vectors: OptimizerVectors, _ step: OptimizerStep) {
    switch vectors.kernels.precision {
    case .float32: move(block, vectors, step, Float.self)
    case .float64: move(block, vectors, step, Double.self)
    }
  }

  private func move<Element: BinaryFloatingPoint>(
    _ block: Range<Int>, _ vectors: OptimizerVectors, _ step: OptimizerStep, _ type: Element.Type
  ) {
    let parameters = vectors.parameters.assumingMemoryBound(to: type)
    let gradient = vectors.gradient.assumingMemoryBound(to: type)
    let mean = vectors.state[0].assumingMemoryBound(to: type)
    for i in block {
      let (g, m) = (step.gradientScale * Double(gradient[i]), Double(mean[i]))
      let direction = beta1 * m + (1 - beta1) * g
      let sign: Double = direction > 0 ? 1 : direction < 0 ? -1 : 0
      let p = Double(parameters[i])
      parameters[i] = Element(p - step.rate * (sign + weightDecay * p))
      mean[i] = Element(beta2 * m + (1 - beta2) * g)
    }
  }
}
