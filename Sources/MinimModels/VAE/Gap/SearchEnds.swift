/// The ends of several searches for each row, compared by a rule that the searches have not seen: their own may flatter a normal
/// that is narrow or wide.
struct SearchEnds {
  /// The best end of each row so far, the first one at a tie.
  private var leaders: [PosteriorSearch.Result?]
  /// The judged bounds of all ends of each row, and the highest.
  private var bounds: [[Double]], highest: [Double]

  init(rows: Int) {
    leaders = Array(repeating: nil, count: rows)
    bounds = Array(repeating: [], count: rows)
    highest = Array(repeating: -.infinity, count: rows)
  }

  /// Adds one search of each of some rows, and the bounds that its ends were judged to have.
  mutating func add(_ rows: [Int], _ ends: [PosteriorSearch.Result], bounds judged: [Double]) {
    for (index, row) in rows.enumerated() {
      bounds[row].append(judged[index])
      if leaders[row] == nil || judged[index] > highest[row] {
        (leaders[row], highest[row]) = (ends[index], judged[index])
      }
    }
  }

  /// The best end of each row.
  var best: [PosteriorSearch.Result] { leaders.compactMap(\.self) }

  /// The number of searches of a row that ended within a thousandth of a nat of the best.
  func agreeing(_ row: Int) -> Int { bounds[row].count { $0 > highest[row] - 1e-3 } }

  /// The number of searches of a row.
  func count(_ row: Int) -> Int { bounds[row].count }
}
