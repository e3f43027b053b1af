/// The assignment of the rows of a square matrix to its columns whose costs have the least sum, by shortest augmenting paths
/// (Jonker and Volgenant 1987, "A Shortest Augmenting Path Algorithm for Dense and Sparse Linear Assignment Problems"). Takes
/// n^3 operations. Its memory is made once.
package struct Assignment: Sendable {
  /// The column of each row.
  package private(set) var columns: [Int]
  /// One price per row and one per column. For no pair are both together more than its cost, and for those that are
  /// assigned they are the cost: so no other assignment costs less.
  package private(set) var rowPrices: [Double], columnPrices: [Double]
  // With a place 0 in front that stands for no row, or for the column where a path begins.
  private var row: [Int], previous: [Int], isReached: [Bool]
  private var distance: [Double], u: [Double], v: [Double]

  /// Prepares assignments of up to `most` rows.
  package init(most: Int) {
    columns = [Int](repeating: 0, count: most)
    (rowPrices, columnPrices) = ([Double](repeating: 0, count: most), [Double](repeating: 0, count: most))
    (row, previous) = ([Int](repeating: 0, count: most + 1), [Int](repeating: 0, count: most + 1))
    isReached = [Bool](repeating: false, count: most + 1)
    distance = [Double](repeating: 0, count: most + 1)
    (u, v) = (distance, distance)
  }

  /// Finds the assignment of `count` rows. Among assignments of equal cost the choice depends on the costs alone.
  ///
  /// - Parameter cost: [count, count], row-major, finite.
  package mutating func solve(_ count: Int, _ cost: UnsafePointer<Double>) {
    for place in 0...count { (row[place], u[place], v[place]) = (0, 0, 0) }
    for next in 0..<count { assign(next + 1, count, cost) }
    for column in 0..<count {
      columns[row[column + 1] - 1] = column
      (rowPrices[column], columnPrices[column]) = (u[column + 1], v[column + 1])
    }
  }

  /// Gives one more row a column: along the shortest path of exchanges to a column that is free.
  private mutating func assign(_ next: Int, _ count: Int, _ cost: UnsafePointer<Double>) {
    row[0] = next
    for place in 0...count { (distance[place], isReached[place]) = (.infinity, false) }
    var column = 0
    repeat {
      isReached[column] = true
      let own = row[column], first = (own - 1) * count - 1
      var (least, nearest) = (Double.infinity, 0)
      for other in 1...count where !isReached[other] {
        let reduced = cost[first + other] - u[own] - v[other]
        if reduced < distance[other] { (distance[other], previous[other]) = (reduced, column) }
        if distance[other] < least { (least, nearest) = (distance[other], other) }
      }
      for place in 0...count {
        if isReached[place] {
          u[row[place]] += least
          v[place] -= least
        } else {
          distance[place] -= least
        }
      }
      column = nearest
    } while row[column] != 0
    while column != 0 {
      row[column] = row[previous[column]]
      column = previous[column]
    }
  }
}
