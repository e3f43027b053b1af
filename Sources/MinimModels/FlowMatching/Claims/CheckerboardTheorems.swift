import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// The theorems of a checkerboard: the field that moves noise to it is known in closed form, by numbers instead of expressions.
/// FM1 to FM3. In Double.
struct CheckerboardTheorems {
  let model: FlowMatching
  let trained: Trained
  private let board: Checkerboard
  private let noisy: NoisyCheckerboard

  init(_ model: FlowMatching, _ board: Checkerboard, _ trained: Trained) {
    (self.model, self.board, self.trained) = (model, board, trained)
    noisy = NoisyCheckerboard(model.configuration.path, board)
  }

  private var path: ProbabilityPath { model.configuration.path }

  func claims() throws -> [Claim] {
    try trained.checking("FM1") { closedClaims() }
      + trained.checking("FM3") {
        let fit = try model.fit(board, trained)
        return [fit.partsClaim(), try drawnClaim(fit)]
      }
  }

  // MARK: - FM1, FM2

  private func closedClaims() -> [Claim] {
    let count = 1000, draws = FieldDraws(of: board, count), times = draws.times.map { 0.01 + 0.98 * $0 }
    let points = draws.points(path, at: times)
    var residual = (own: 0.0, given: 0.0), difference = (own: 0.0, late: 0.0)
    for row in 0..<count {
      let f = path.factors(times[row]), (x, y) = (points[2 * row], points[2 * row + 1])
      let point = noisy.posterior(x, y, at: times[row]), scale = abs(point.rate) + abs(point.divergence) + 1
      func left(_ u: (Double, Double), _ divergence: Double) -> Double {
        let flow: Double = u.0 * point.score.0 + u.1 * point.score.1
        return abs(point.rate + divergence + flow) / scale
      }
      // Given both ends, the field is alpha' x1 + sigma' x0, and its divergence d sigma' / sigma.
      let given = (0..<2).map { f.alphaRate * draws.data[2 * row + $0] + f.sigmaRate * draws.noise[2 * row + $0] }
      residual.own = max(residual.own, left(point.velocity, point.divergence))
      residual.given = max(residual.given, left((given[0], given[1]), 2 * f.sigmaRate / f.sigma))
      /// sigma (alpha' x - alpha u) / (sigma (alpha sigma' - alpha' sigma)), against sigma times the score.
      func off(_ u: (Double, Double)) -> Double {
        let turn = f.alpha * f.sigmaRate - f.alphaRate * f.sigma
        let first: Double = (f.alphaRate * x - f.alpha * u.0) / turn - f.sigma * point.score.0
        let second: Double = (f.alphaRate * y - f.alpha * u.1) / turn - f.sigma * point.score.1
        return max(abs(first), abs(second))
      }
      difference.own = max(difference.own, off(point.velocity))
      difference.late = max(difference.late, off(noisy.posterior(x, y, at: 1 - times[row]).velocity))
    }
    return [
      Claim(
        MixtureTheorems.continuity, "largest residual at \(count) draws, over the sum of the terms",
        measured: residual.own,
        .equal, 0, tolerance: 1e-10, samples: count,
        control: .init("the field given both ends of a draw", changed: "the field", measured: residual.given)),
      Claim(
        MixtureTheorems.velocityScore, "largest difference from the gradient, times sigma, at \(count) draws",
        measured: difference.own, .equal, 0, tolerance: 1e-9, samples: count,
        control: .init("the velocity at 1 - t", changed: "the time", measured: difference.late)),
    ]
  }

  // MARK: - FM3

  private func drawnClaim(_ fit: FieldFit) throws -> Claim {
    let chunk = 1000, draws = FieldDraws(of: board, 50_000)
    let times = draws.times.map { model.configuration.times.quantile($0) }
    let batch = DrawnBatch(chunk, 2, path)
    let evaluator = try BatchEvaluator(
      [[concatenate([model.field.velocity(batch.x, batch.t), batch.x, batch.target, batch.otherTarget], axis: 1)]],
      chunk: chunk, trained)
    let excesses = evaluator.gather(draws.count, width: 2) { range, worker, results in
      batch.write(range, of: draws, times, to: worker)
      let values = worker.run()
      for (slot, index) in range.enumerated() {
        // v, x_t, Y, and Y with the noise of another draw.
        let row = (0..<8).map { values[8 * slot + $0] }
        let u = noisy.posterior(row[2], row[3], at: times[index]).velocity
        func square(_ a: Double, _ b: Double) -> Double { a * a + b * b }
        let own = square(row[0] - u.0, row[1] - u.1)
        results[2 * slot] = square(row[0] - row[4], row[1] - row[5]) - own
        results[2 * slot + 1] = square(row[0] - row[6], row[1] - row[7]) - own
      }
    }
    return fit.drawnClaim(excesses, times, model.configuration)
  }
}
