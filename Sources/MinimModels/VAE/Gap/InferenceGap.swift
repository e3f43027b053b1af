import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// The gap between log p(x) and a VAE's bound, example by example, split by its cause (Cremer, Li and Duvenaud 2018,
/// "Inference Suboptimality in Variational Autoencoders", section 3):
///   log p(x) - L(q_phi) = [log p(x) - L(q*)] + [L(q*) - L(q_phi)],
/// the approximation gap of the family's best member q*, and the amortization gap of the encoder. In nats.
public struct InferenceGap: Sendable {
  /// log p(x) from `VAE.logProbSource`; NaN if the source has none: importance sampling that is not reliable, or a
  /// closed form without digits.
  public let logProb: Double
  /// The difference of two grids, or the standard error of importance sampling; 0 for a closed form.
  public let logProbError: Double
  /// log p(x) by importance sampling from the best normal with any covariance and the prior: either the source, or a
  /// check of the estimator.
  public let importance: ImportanceEstimate
  /// The bounds of the encoder's q, of the best normal with independent variables, and of the best with any covariance,
  /// by points that no search has seen.
  public let encoderBound: Double, meanFieldBound: Double, fullBound: Double
  /// The difference of two sets of points on the encoder's bound and on the best one with independent variables.
  public let boundError: Double
  /// The slope at the end of the search for independent variables, in units of the normal's own deviations.
  public let gradientNorm: Double
  /// The number of searches for independent variables that ended within a thousandth of a nat of the best, and their
  /// total (see `VAE.bestNormals`): from the encoder, from the tops of a survey or the best normal with any covariance, and
  /// from draws of the prior. If only one ended there, nothing confirms that the best was found.
  public let agreeingStarts: Int, starts: Int

  /// Whether there is a log p(x), and therefore an approximation gap.
  public var isEstimated: Bool { !logProb.isNaN }
  /// log p(x) - L(q*), which no member of the family can close.
  public var approximation: Double { logProb - meanFieldBound }
  /// L(q*) - L(q_phi), the loss of the encoder. Needs no log p(x).
  public var amortization: Double { meanFieldBound - encoderBound }
  /// log p(x) - L(q_phi)
  public var inference: Double { logProb - encoderBound }
}

extension VAE {
  /// The reason why no gap can be measured; nil if it can: the objective must be a bound, and the search supports up to
  /// 16 variables.
  public var gapProblem: String? {
    if configuration.latent > 16 {
      return "the best normals are searched for up to 16 latent variables, and the model has \(configuration.latent)"
    }
    return configuration.isBound
      ? nil : "with beta or freeBits the objective is not a bound, so there is no gap to measure"
  }

  /// The gap of each row.
  ///
  /// - Parameters:
  ///   - data: the rows.
  ///   - trained: the parameters, and all that is needed to compute with them.
  ///   - randomStarts: the number of searches that start from draws of the prior, in addition to that from the encoder. With
  ///     one or two latent variables, searches also start from the peaks of a survey of all normals. The default, nil, is
  ///     none with a survey and two without. An example whose searches disagree gets a few more in any case.
  ///   - draws: the number of importance samples per row; nil: 2,000, or 10,000 if they are the source of log p(x).
  /// - Precondition: `gapProblem` is nil.
  /// - Throws: `KernelError` if there is not enough memory.
  public func inferenceGaps(
    _ data: Dataset, _ trained: Trained, randomStarts: Int? = nil, draws: Int? = nil
  ) throws -> [InferenceGap] {
    let encoder = try encoderCodes(data, trained)
    let best = try trained.activity.during("search of the best normals") {
      try bestNormals(data, from: encoder, randomStarts: randomStarts ?? (hasLatentGrid ? 0 : 2), trained)
    }
    let judges = [NormalPoints.Use.judge, .finer].map { NormalPoints($0, dimensions: configuration.latent) }
    let encoderBounds = try judges.map { try bounds(of: encoder, data, $0, trained) }
    let meanFieldBounds = try judges.map { try bounds(of: best.meanField.map(\.code), data, $0, trained) }
    let fullBounds = try bounds(of: best.full.map(\.code), data, judges[1], trained)
    let importance = try trained.activity.during("importance sampling") {
      try importanceEstimates(
        data, codes: best.full.map(\.code), draws: draws ?? (logProbSource == .importanceSampling ? 10_000 : 2000),
        trained)
    }
    let logProbs = try trained.activity.during("log p(x)") { try self.logProbs(data, importance, trained) }
    return (0..<data.count).map { row in
      // A result that the independent points find worse than the start is not taken as better.
      let least = max(encoderBounds[1][row], meanFieldBounds[1][row])
      return InferenceGap(
        logProb: logProbs[row].value, logProbError: logProbs[row].error, importance: importance[row],
        encoderBound: encoderBounds[1][row], meanFieldBound: meanFieldBounds[1][row],
        fullBound: max(fullBounds[row], least),
        boundError: max(
          abs(encoderBounds[0][row] - encoderBounds[1][row]), abs(meanFieldBounds[0][row] - meanFieldBounds[1][row])),
        gradientNorm: best.meanField[row].gradientNorm, agreeingStarts: best.agreeingStarts[row],
        starts: best.starts[row])
    }
  }

  /// The bounds of given normals, one per row, in Double, by points that no search has seen.
  package func judgedBounds(of codes: [[Double]], _ data: Dataset, _ trained: Trained) throws -> [Double] {
    try bounds(of: codes, data, NormalPoints(.finer, dimensions: configuration.latent), trained)
  }

  /// The bounds of given normals by any points.
  func bounds(
    of codes: [[Double]], _ data: Dataset, _ points: NormalPoints, _ trained: Trained
  ) throws -> [Double] {
    // At most as many points in total as sixteen examples have in the larger product rule.
    let chunk = min(16, max(1, 12_544 / points.count))
    let rows = try trained.inDouble().rows(of: data, chunk: chunk, with: (NormalCode.inputName, codes)) { x in
      let code = Tensor.input(NormalCode.inputName, shape: [x.shape[0], NormalCode.width(configuration.latent)])
      return ["bound": elbo(x, code: code, points)]
    }
    return rows["bound"]
  }
}
