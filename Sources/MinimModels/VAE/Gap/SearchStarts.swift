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
    let rows = try trained.rows(of: data, chunk: 256) { x in
      let q = posterior(x)
      return ["mean": q.mean, "logDeviation": q.logStandardDeviation]
    }
    return (0..<data.count).map {
      NormalCode.independent(mean: Array(rows["mean", $0]), logDeviations: Array(rows["logDeviation", $0]))
    }
  }

  /// The point of the highest posterior density on a grid for each row.
  func modeCodes(_ data: Dataset, _ trained: Trained) throws -> [[Double]] {
    let d = configuration.latent
    let grid = LatentGrid(side: 61, reach: 4)
    let points = grid.points(latent: d)
    let rows = try trained.rows(of: data, chunk: 16) { x in ["logJoint": logJoint(x, points)] }
    return (0..<data.count).map { row in
      let logs = rows["logJoint", row]
      let best = logs.indices.max { logs[$0] < logs[$1] } ?? logs.startIndex
      return NormalCode.independent(
        mean: grid.point(best - logs.startIndex, latent: d), logDeviations: .init(repeating: Self.narrow, count: d))
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
