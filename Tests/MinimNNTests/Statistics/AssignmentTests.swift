import MinimNN
import TestSupport
import Testing

@Suite struct AssignmentTests {
  /// The least sum over all orders, by trying each of them.
  private static func least(_ cost: [Double], _ count: Int) -> Double {
    func best(_ row: Int, _ free: [Int]) -> Double {
      if row == count { return 0 }
      return free.map { column in cost[row * count + column] + best(row + 1, free.filter { $0 != column }) }.min()
        ?? .infinity
    }
    return best(0, Array(0..<count))
  }

  private static func solved(_ cost: [Double], _ count: Int, most: Int) -> Assignment {
    var assignment = Assignment(most: most)
    cost.withUnsafeBufferPointer { buffer in
      if let start = buffer.baseAddress { assignment.solve(count, start) }
    }
    return assignment
  }

  @Test("no order of up to six rows costs less", arguments: [1, 2, 3, 4, 5, 6]) func least(_ count: Int) {
    for seed in 0..<40 {
      // Some costs are equal, some negative.
      let scale: Double = seed % 2 == 0 ? 1 : 3
      let cost = values(count * count, seed: UInt64(seed)).map { seed % 4 < 2 ? $0 : (scale * $0).rounded() }
      let assignment = Self.solved(cost, count, most: 6)
      let columns = assignment.columns.prefix(count)
      #expect(Set(columns) == Set(0..<count))
      let sum = columns.enumerated().reduce(0) { $0 + cost[$1.0 * count + $1.1] }
      #expect(abs(sum - Self.least(cost, count)) < 1e-12, "\(cost)")
      let wrong = cost.reduce(0, +) / Double(count)
      #expect(count == 1 || sum <= wrong + 1e-12)
    }
  }

  @Test("prices prove that an assignment of many rows is the best") func prices() {
    let count = 60, cost = values(count * count, seed: 9)
    let assignment = Self.solved(cost, count, most: 64)
    func slack(_ row: Int, _ column: Int) -> Double {
      cost[row * count + column] - assignment.rowPrices[row] - assignment.columnPrices[column]
    }
    #expect((0..<count).allSatisfy { abs(slack($0, assignment.columns[$0])) < 1e-12 })
    #expect((0..<count * count).allSatisfy { slack($0 / count, $0 % count) > -1e-12 })
    // The memory of an assignment is used again.
    var again = assignment
    let other = values(25, seed: 4)
    other.withUnsafeBufferPointer { buffer in
      if let start = buffer.baseAddress { again.solve(5, start) }
    }
    #expect(Array(again.columns.prefix(5)) == Array(Self.solved(other, 5, most: 5).columns))
  }
}
