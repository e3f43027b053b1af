import Minim

/// A mixture of products of Bernoullis, p(x) = sum_k pi_k prod_i p(x_i | k) (Bishop 2006, section 9.3.3), in nats.
struct BernoulliMixture: Model {
  let parameters: ParameterLayout
  let weights: Tensor, logits: Tensor  // [k], log pi up to a constant; [k, pixels], of pixels that are on

  init(_ section: ConfigurationSection, _ data: DataSplit) {
    if !data.isBinary { section.report("name", "a bernoulli-mixture is for pixels 0 and 1") }
    let components = section.integer("components", default: 16, in: 2...1024, "Products of Bernoullis in the mixture.")
    let scope = ParameterScope()
    weights = scope.parameter("weights", shape: [components], .zeros)
    let shape = [components, data.exampleShape.reduce(1, *)]
    logits = scope.parameter("logits", shape: shape, .normal(standardDeviation: 1))
    parameters = scope.layout
  }

  /// log p(x), [count]; without the constant that makes the weights sum to 1 it is not a probability, but a control.
  func logProb(_ batch: Batch, normalized: Bool = true) -> Tensor {
    let x = batch.examples.reshape([batch.count, logits.shape[1]])
    let logJoint = matmul(x, logits.transpose()) - softplus(logits).sum(axes: [1]) + weights
    return logJoint.logSumExp() - (normalized ? weights.logSumExp() : .constant(0))
  }

  func losses(_ batch: Batch) -> Tensor? { -logProb(batch) }

  func objective(_ batch: Batch) -> Objective { Objective("nll", -logProb(batch).mean()) }

  func samples(_ count: Int, from trained: Trained) throws -> Samples {
    let values = try trained.values(of: [exp(weights - weights.logSumExp()), sigmoid(logits)])
    let pixels = logits.shape[1]
    let images = (0..<count).flatMap { sample -> [Double] in
      let key = RandomKey(seed: trained.seed).folding(.sampling).folding(UInt64(sample))
      let component = key.index(weightedBy: values[0], at: 0)
      return (0..<pixels).map { key.uniform(at: UInt64($0 + 1)) < values[1][component * pixels + $0] ? 1 : 0 }
    }
    return Samples(images, of: trained.data)
  }

  func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    guard let rows = trained.data.rows else { return Evaluation([]) }
    let nll = Statistics.mean(try losses(of: rows, trained.inDouble())).mean
    return Evaluation([.init("nll", nll, "mean -log p(x) over the training images, nats")])
  }

  func claims(_ trained: Trained) throws -> [Claim] {
    let theorem = Claim.Theorem(
      "M1", "the probabilities of all images sum to 1", formula: #"\sum_x p(x) = 1"#, .identity)
    let pixels = logits.shape[1]
    guard pixels <= 16 else { return [.notApplicable(theorem, "there are too many images")] }
    let images = (0..<1 << pixels).flatMap { code in (0..<pixels).map { Double(code >> $0 & 1) } }
    let batch = Batch(count: 1 << pixels, exampleShape: [pixels])
    let masses = [exp(logProb(batch)).sum(), exp(logProb(batch, normalized: false)).sum()]
    let values = try trained.values(of: masses, inputs: [Batch.inputName: images]).map { $0[0] }
    let control = Claim.Control("without the constant of the weights", changed: "the model", measured: values[1])
    return [Claim(theorem, "sum", measured: values[0], .equal, 1, tolerance: 1e-12, control: control)]
  }
}
