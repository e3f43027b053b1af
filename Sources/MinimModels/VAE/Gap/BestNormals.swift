import MinimData
import MinimNN

/// The normals that bound log p(x) best, one row per example, as found by searches.
struct BestNormals {
  /// With independent variables, and with any covariance.
  let meanField: [PosteriorSearch.Result], full: [PosteriorSearch.Result]
  /// The number of searches for independent variables that ended within a thousandth of a nat of the best, and their
  /// total.
  let agreeingStarts: [Int], starts: Int
}

extension VAE {
  /// Searches from the encoder's normals and others, and takes the best result: a posterior may have several modes, and
  /// a search ends in one.
  ///
  /// With one or two latent variables the others are the posterior's mode on a grid, and draws of the prior. With more,
  /// a search among normals with independent variables may not arrive: if the posterior is correlated such a normal is
  /// narrow, so its steps are short and its valley is steep. A search with covariances arrives, and the other search
  /// begins at the independent normal nearest to its end.
  func bestNormals(
    _ data: Dataset, from encoder: [[Double]], randomStarts: Int, _ trained: Trained
  ) throws -> BestNormals {
    func search(_ starts: [[Double]], hasCovariance: Bool) throws -> [PosteriorSearch.Result] {
      try PosteriorSearch(hasCovariance: hasCovariance).search(self, data, from: starts, trained)
    }
    func independent(_ results: [PosteriorSearch.Result]) -> [[Double]] {
      results.map { NormalCode.nearestIndependent($0.code, dimensions: configuration.latent) }
    }
    let random = (0..<randomStarts).map { priorCodes(data, start: $0, trained) }
    var (starts, full) = ([encoder], [PosteriorSearch.Result]?.none)
    if hasLatentGrid {
      starts += [try modeCodes(data, trained)] + random
    } else {
      let ends = try ([encoder] + random).map { try search($0, hasCovariance: true) }
      let best = try search(Self.best(ends).map(\.code), hasCovariance: true)
      starts += ([best] + ends.dropFirst()).map(independent)
      full = best
    }
    let ends = try starts.map { try search($0, hasCovariance: false) }
    let meanField = Self.best(ends)
    return BestNormals(
      meanField: meanField,
      full: try full.map { Self.best([$0, meanField]) } ?? search(meanField.map(\.code), hasCovariance: true),
      agreeingStarts: (0..<data.count).map { row in ends.count { $0[row].bound > meanField[row].bound - 1e-3 } },
      starts: ends.count)
  }

  /// The result with the highest bound for each row, the first one at a tie.
  private static func best(_ searches: [[PosteriorSearch.Result]]) -> [PosteriorSearch.Result] {
    searches[0].indices.map { row in
      searches.dropFirst().reduce(searches[0][row]) { $0.bound >= $1[row].bound ? $0 : $1[row] }
    }
  }
}
