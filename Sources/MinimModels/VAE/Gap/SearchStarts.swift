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

  /// The tops of a survey of all normals on a lattice, the highest first, for each row.
  func surveyCodes(_ data: Dataset, _ trained: Trained) throws -> [[[Double]]] {
    let d = configuration.latent
    let survey = LatentSurvey(dimensions: d)
    let points = LatentSurvey.grid.points(latent: d)
    let rows = try trained.rows(of: data, chunk: 16) { x in ["logJoint": logJoint(x, points)] }
    return trained.activity.counting(data.count, "example") { done in
      trained.pool.map(data.count) { row, _ in
        defer { done.add() }
        return survey.tops(Array(rows["logJoint", row]))
      }
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
