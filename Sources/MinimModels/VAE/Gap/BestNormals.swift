import MinimData
import MinimNN

/// The normals that bound log p(x) best, one row per example, as found by searches.
struct BestNormals {
  /// With independent variables, and with any covariance.
  let meanField: [PosteriorSearch.Result], full: [PosteriorSearch.Result]
  /// The number of searches for independent variables that ended within a thousandth of a nat of the best, and their
  /// total, for each row.
  let agreeingStarts: [Int], starts: [Int]
}

extension VAE {
  /// Searches from the encoder's normals and others, and takes the best result: a posterior may have several modes, and
  /// a search ends in one. Where no two searches meet at the best result, more are made from draws of the prior. The best goes on
  /// for a few small steps by a finer rule, if that makes it better by the rule that judges.
  ///
  /// With one or two latent variables the others are the tops of a survey of all normals (`LatentSurvey`), and draws of the
  /// prior. With more, a search among normals with independent variables may not arrive: if the posterior is correlated such a
  /// normal is narrow, so its steps are short and its valley is steep. A search with covariances arrives, and the other search
  /// begins at the independent normal nearest to its end.
  func bestNormals(
    _ data: Dataset, from encoder: [[Double]], randomStarts: Int, _ trained: Trained
  ) throws -> BestNormals {
    let all = Array(0..<data.count)
    var meanField = SearchEnds(rows: data.count), full = [PosteriorSearch.Result]()
    func search(_ rows: [Int], _ starts: [[Double]], hasCovariance: Bool) throws -> [PosteriorSearch.Result] {
      try PosteriorSearch(hasCovariance: hasCovariance)
        .search(self, data.selecting(rows, name: data.name), from: starts, trained)
    }
    func judged(_ rows: [Int], _ ends: [PosteriorSearch.Result]) throws -> [Double] {
      let judge = NormalPoints(.judge, dimensions: configuration.latent)
      return try bounds(of: ends.map(\.code), data.selecting(rows, name: data.name), judge, trained)
    }
    func add(_ rows: [Int], _ starts: [[Double]]) throws {
      let ends = try search(rows, starts, hasCovariance: false)
      meanField.add(rows, ends, bounds: try judged(rows, ends))
    }
    func addDraws(_ rows: [Int], number: Int) throws {
      let draws = priorCodes(data, start: number, trained)
      var starts = rows.map { draws[$0] }
      if !hasLatentGrid {
        let ends = try search(rows, starts, hasCovariance: true)
        for (row, end) in zip(rows, ends) where end.bound > full[row].bound { full[row] = end }
        starts = independent(ends)
      }
      try add(rows, starts)
    }

    try add(all, encoder)
    if hasLatentGrid {
      let tops = try surveyCodes(data, trained)
      for rank in 0..<(tops.map(\.count).max() ?? 0) {
        let rows = all.filter { tops[$0].count > rank }
        try add(rows, rows.map { tops[$0][rank] })
      }
    } else {
      full = try search(all, encoder, hasCovariance: true)
    }
    for number in 0..<randomStarts { try addDraws(all, number: number) }
    if !hasLatentGrid {
      // Once more, with the rate of a start.
      full = try search(all, full.map(\.code), hasCovariance: true)
      try add(all, independent(full))
    }
    for number in randomStarts..<randomStarts + Self.moreStarts {
      let rows = all.filter { meanField.agreeing($0) < 2 }
      if rows.isEmpty { break }
      try addDraws(rows, number: number)
    }
    let found = meanField.best
    full =
      try hasLatentGrid
      ? search(all, found.map(\.code), hasCovariance: true) : zip(full, found).map { $0.bound >= $1.bound ? $0 : $1 }
    let polish = PosteriorSearch(
      steps: 50, rate: 0.03, points: NormalPoints(.polish, dimensions: configuration.latent), hasCovariance: false)
    let (agreeing, starts) = (all.map(meanField.agreeing), all.map(meanField.count))
    let polished = try polish.search(self, data, from: found.map(\.code), trained)
    meanField.add(all, polished, bounds: try judged(all, polished))
    return BestNormals(meanField: meanField.best, full: full, agreeingStarts: agreeing, starts: starts)
  }

  /// The most further searches for an example whose searches do not agree.
  private static let moreStarts = 6

  /// The normals with independent variables that are nearest to the ends of searches with covariances.
  private func independent(_ results: [PosteriorSearch.Result]) -> [[Double]] {
    results.map { NormalCode.nearestIndependent($0.code, dimensions: configuration.latent) }
  }
}
