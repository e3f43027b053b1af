import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// The starts of searches: codes of normals, one per row.

extension VAE {
  /// The logarithm of the deviations of starts that are only points: narrow ones, 0.22.
  private static let narrow = -1.5

  /// The encoder's q for each row.
  package func encoderCodes(_ data: Dataset, _ trained: Trained) throws -> [[Double]] {
    let d = configuration.latent
    let chunk = min(256, data.count)
    let q = posterior(Batch(count: chunk, exampleShape: exampleShape).examples)
    let code = concatenate([q.mean, q.logStandardDeviation], axis: 1)
    let values = try BatchEvaluator([[code]], chunk: chunk, trained).values(of: data, width: 2 * d)
    return (0..<data.count).map { row in
      let (mean, end) = (row * 2 * d, (row + 1) * 2 * d)
      return NormalCode.independent(
        mean: Array(values[mean..<mean + d]), logDeviations: Array(values[mean + d..<end]))
    }
  }

  /// The point of the highest posterior density on a grid for each row.
  func modeCodes(_ data: Dataset, _ trained: Trained) throws -> [[Double]] {
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
      return NormalCode.independent(
        mean: grid.point(best - range.lowerBound, latent: d), logDeviations: .init(repeating: Self.narrow, count: d))
    }
  }

  /// A point drawn from the prior for each row and number of start: a function of the seed, the row and that number.
  func priorCodes(_ data: Dataset, start: Int, _ trained: Trained) -> [[Double]] {
    let d = configuration.latent
    let key = RandomKey(seed: trained.seed).folding(.evaluation).folding(UInt64(start))
    return (0..<data.count).map { row in
      let key = key.folding(UInt64(row))
      return NormalCode.independent(
        mean: (0..<d).map { key.normal(at: UInt64($0)) }, logDeviations: .init(repeating: Self.narrow, count: d))
    }
  }
}
