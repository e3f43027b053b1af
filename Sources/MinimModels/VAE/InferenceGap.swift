import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// How much of log p(x) a VAE's bound leaves, example by example, and whose fault it is (Cremer, Li and Duvenaud 2018,
/// "Inference Suboptimality in Variational Autoencoders", section 3):
///   log p(x) - L(q_phi) = [log p(x) - L(q*)] + [L(q*) - L(q_phi)],
/// the approximation gap of the family's best member q*, and the amortization gap of the encoder. Nats.
public struct InferenceGap: Sendable {
  /// log p(x), and by how much two grids differ there.
  public let logProb: Double, logProbError: Double
  /// The bounds of the encoder's q, of the best normal with independent variables, and of the best with any covariance; by
  /// a rule that no search has seen.
  public let encoderBound: Double, meanFieldBound: Double, fullBound: Double
  /// By how much two rules differ on the encoder's bound and on the best one with independent variables.
  public let boundError: Double
  /// The slope where the search for independent variables ended, in units of the normal's own deviations.
  public let gradientNorm: Double
  /// How many of the searches for independent variables, from the encoder and from the posterior's mode, ended within a
  /// thousandth of a nat of the best.
  public let agreeingStarts: Int

  /// log p(x) - L(q*): what no member of the family can reach.
  public var approximation: Double { logProb - meanFieldBound }
  /// L(q*) - L(q_phi): what the encoder leaves.
  public var amortization: Double { meanFieldBound - encoderBound }
  /// log p(x) - L(q_phi)
  public var inference: Double { logProb - encoderBound }
}

extension VAE {
  /// Whether the gap can be measured: log p(x) takes a grid, and the objective must be a bound.
  public var gapProblem: String? {
    if !hasLatentGrid { return "log p(x) takes one or two latent variables, and the model has \(configuration.latent)" }
    return configuration.isBound
      ? nil : "with beta or freeBits the objective is no bound, so there is no gap to measure"
  }

  /// The gap of each row.
  ///
  /// - Precondition: `gapProblem` is nil.
  /// - Throws: `KernelError` if there is not the memory.
  public func inferenceGaps(_ data: Dataset, _ trained: Trained) throws -> [InferenceGap] {
    let encoder = try encoderCodes(data, trained)
    // A posterior may have several modes, and a search ends in one: the best of two counts.
    let searches = try [encoder, modeCodes(data, trained)].map {
      try PosteriorSearch(hasCovariance: false).search(self, data, from: $0, trained)
    }
    let meanField = (0..<data.count).map { row in
      searches[0][row].bound >= searches[1][row].bound ? searches[0][row] : searches[1][row]
    }
    let full = try PosteriorSearch(hasCovariance: true).search(self, data, from: meanField.map(\.code), trained)
    let (judge, finer) = (GaussHermite(20), GaussHermite(28))
    let encoderBounds = try [judge, finer].map { try bounds(of: encoder, data, $0, trained) }
    let meanFieldBounds = try [judge, finer].map { try bounds(of: meanField.map(\.code), data, $0, trained) }
    let fullBounds = try bounds(of: full.map(\.code), data, finer, trained)
    let grids = try bounds(data, trained)
    return (0..<data.count).map { row in
      // What the independent rule finds worse than the start is not taken for better.
      let best = max(encoderBounds[1][row], meanFieldBounds[1][row])
      return InferenceGap(
        logProb: grids[row].logProb ?? .nan,
        logProbError: grids[row].gridError ?? .nan,
        encoderBound: encoderBounds[1][row], meanFieldBound: meanFieldBounds[1][row],
        fullBound: max(fullBounds[row], best),
        boundError: max(
          abs(encoderBounds[0][row] - encoderBounds[1][row]), abs(meanFieldBounds[0][row] - meanFieldBounds[1][row])),
        gradientNorm: meanField[row].gradientNorm,
        agreeingStarts: searches.count { $0[row].bound > meanField[row].bound - 1e-3 })
    }
  }

  /// The encoder's q for each row, as the code of a normal without covariances.
  package func encoderCodes(_ data: Dataset, _ trained: Trained) throws -> [[Double]] {
    let d = configuration.latent
    let chunk = min(256, data.count)
    let q = posterior(Batch(count: chunk, exampleShape: exampleShape).examples)
    let code = concatenate([q.mean, q.logStandardDeviation], axis: 1)
    let values = try BatchEvaluator([[code]], chunk: chunk, trained).values(of: data, width: 2 * d)
    let zeros = [Double](repeating: 0, count: d * (d - 1) / 2)
    return (0..<data.count).map { Array(values[$0 * 2 * d..<($0 + 1) * 2 * d]) + zeros }
  }

  /// The point of the highest posterior density on a grid for each row, as the code of a narrow normal.
  private func modeCodes(_ data: Dataset, _ trained: Trained) throws -> [[Double]] {
    let d = configuration.latent
    let grid = LatentGrid(side: 61, reach: 4)
    let chunk = min(16, data.count)
    let points = grid.points(latent: d)
    let count = points.shape[0]
    let joint = logJoint(Batch(count: chunk, exampleShape: exampleShape).examples, points)
    let values = try BatchEvaluator([[joint]], chunk: chunk, trained).values(of: data, width: count)
    return (0..<data.count).map { row in
      let range = row * count..<(row + 1) * count
      let best = range.max { values[$0] < values[$1] } ?? range.lowerBound
      return grid.point(best - range.lowerBound, latent: d) + [Double](repeating: -1.5, count: d)
        + [Double](repeating: 0, count: d * (d - 1) / 2)
    }
  }

  /// The bounds of given normals, one a row, in Double.
  private func bounds(
    of codes: [[Double]], _ data: Dataset, _ rule: GaussHermite, _ trained: Trained
  ) throws -> [Double] {
    let width = codes.first?.count ?? 0
    let chunk = min(16, data.count)
    let x = Batch(count: chunk, exampleShape: exampleShape).examples
    let code = Tensor.input("code", shape: [chunk, width])
    let evaluator = try BatchEvaluator([[elbo(x, code: code, rule)]], chunk: chunk, trained.inDouble())
    return [Double](unsafeUninitializedCapacity: data.count) { buffer, initialized in
      buffer.initialize(repeating: 0)
      let results = UnsafeSendableBuffer(buffer)
      evaluator.forEachChunk(data.count) { range, worker in
        worker.input()?.write(ArraySlice(range), of: data)
        if let input = worker.input(named: "code") {
          for (slot, row) in range.enumerated() {
            for index in 0..<width { input[slot * width + index] = codes[row][index] }
          }
        }
        let values = worker.run()
        for (slot, row) in range.enumerated() { results.buffer[row] = values[slot] }
      }
      initialized = data.count
    }
  }
}
