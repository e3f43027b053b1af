import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// The source of a VAE's log p(x).
public enum LogProbSource: String, Sendable {
  /// A sum over a grid of one or two latent variables, exact to rounding if two grids agree.
  case grid = "a grid"
  /// The closed form of a linear decoder with a Gaussian likelihood.
  case closedForm = "the closed form"
  /// Draws, with a standard error, if the tail of the weights is light enough to believe it.
  case importanceSampling = "importance sampling"
}

extension VAE {
  /// The source of log p(x): importance sampling if there is nothing better.
  public var logProbSource: LogProbSource {
    if hasLatentGrid { return .grid }
    return configuration.decoder.isEmpty && configuration.likelihood == .gaussian ? .closedForm : .importanceSampling
  }

  /// log p(x) of each row and its error, in Double: NaN if importance sampling is the source and not reliable, or if
  /// the noise is so small compared with the variation that the closed form has lost its digits.
  func logProbs(
    _ data: Dataset, _ importance: [ImportanceEstimate], _ trained: Trained
  ) throws -> [(value: Double, error: Double)] {
    switch logProbSource {
    case .grid:
      return try bounds(data, trained).map { ($0.logProb ?? .nan, $0.gridError ?? .nan) }
    case .closedForm:
      let model = try linearGaussian(trained)
      // Half of the digits must be left; with none there is no factor either.
      guard model.condition < 1e8 else { return (0..<data.count).map { _ in (.nan, .nan) } }
      let theory = LinearGaussianTheory(model)
      return (0..<data.count).map { (logProb(of: data.example($0), theory), 0) }
    case .importanceSampling:
      return importance.map { $0.isReliable ? ($0.logProb, $0.standardError) : (.nan, .nan) }
    }
  }

  /// log p(x) of an example in nats, by the closed forms of a linear model of values in the unit of the nets.
  func logProb(of example: ArraySlice<Float>, _ theory: LinearGaussianTheory) -> Double {
    theory.logProb(scaling.normalized(example.map(Double.init))) - scaling.logDeterminant
  }

  /// The trained decoder and likelihood of a linear model, in the unit of the nets: the decoder's output for 0 is the bias, and that for a unit
  /// vector adds a column of the weights.
  func linearGaussian(_ trained: Trained) throws -> LinearGaussian {
    let d = configuration.latent
    let units = [Double](repeating: 0, count: d) + (0..<d * d).map { $0 % (d + 1) == 0 ? 1 : 0 }
    let output = decode(.constant(units, shape: [d + 1, d])).reshape([(d + 1) * inputs])
    let evaluator = try BatchEvaluator(
      [[concatenate([output, standardDeviation], axis: 0)]], chunk: 1, trained.inDouble())
    let size = (d + 1) * inputs + 1
    let values = evaluator.gather(1, width: size) { _, worker, results in
      let values = worker.run()
      for index in results.indices { results[index] = values[index] }
    }
    let bias = Array(values[..<inputs])
    let weights = Matrix(inputs, d) { values[($1 + 1) * inputs + $0] - bias[$0] }
    return LinearGaussian(weights: weights, bias: bias, variance: values[size - 1] * values[size - 1])
  }
}
