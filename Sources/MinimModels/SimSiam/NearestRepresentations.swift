import MinimKernels
import MinimAutodiff
import MinimNN

/// Labeled examples compared by the angle between their representations: the usual test of what was learned, since only
/// distances enter it.
package struct NearestRepresentations: Sendable {
  private let labels: [Int], classes: Int
  private let width: Int, known: Int
  private let evaluator: BatchEvaluator

  private static let inputName = "queries"
  private static let chunk = 64

  /// - Parameters:
  ///   - rows: [count, width], row-major.
  ///   - labels: the label of each row; none if only neighbors are needed.
  /// - Throws: `KernelError` if there is not enough memory.
  package init(_ rows: [Double], width: Int, labels: [Int], classes: Int, _ trained: Trained) throws {
    (self.labels, self.classes, self.width) = (labels, classes, width)
    known = rows.count / width
    let columns = Tensor.constant(Self.unit(rows, width), shape: [known, width]).transpose()
    let queries = Tensor.input(Self.inputName, shape: [Self.chunk, width])
    evaluator = try BatchEvaluator([[matmul(queries, columns)]], chunk: Self.chunk, trained)
  }

  /// The cosine between each query and each row, [queries, rows], row-major.
  package func cosines(of queries: [Double]) -> [Double] {
    evaluator.values(of: Self.unit(queries, width), columns: width, to: Self.inputName, width: known)
  }

  /// The nearest k rows of each query, the nearest first; the first one at a tie.
  package func neighbors(of queries: [Double], k: Int) -> [[Int]] {
    let cosines = cosines(of: queries)
    return stride(from: 0, to: cosines.count, by: known).map { start in
      cosines[start..<start + known].withUnsafeBufferPointer { Self.largest($0, k) }
    }
  }

  /// The share of queries for which the most frequent label of the nearest k is right; at a tie the nearest decides.
  package func accuracy(of queries: [Double], _ right: [Int], k: Int = 5) -> Double {
    let votes = neighbors(of: queries, k: k).map { near -> Int in
      var counts = [Int](repeating: 0, count: classes)
      for index in near { counts[labels[index]] += 1 }
      let most = counts.max() ?? 0
      return near.first { counts[labels[$0]] == most }.map { labels[$0] } ?? 0
    }
    return Self.share(of: votes, right)
  }

  /// The share of queries for which the nearest of one row per class is right: the mean over some choices of these
  /// rows.
  package func accuracy(of queries: [Double], _ right: [Int], byChoices choices: [[Int]]) -> Double {
    let cosines = cosines(of: queries)
    let sum = choices.reduce(0) { sum, rows in
      let votes = right.indices.map { query in
        rows.max { cosines[query * known + $0] < cosines[query * known + $1] }.map { labels[$0] } ?? 0
      }
      return sum + Self.share(of: votes, right)
    }
    return sum / Double(max(1, choices.count))
  }

  private static func share(of votes: [Int], _ right: [Int]) -> Double {
    Double(zip(votes, right).count { $0 == $1 }) / Double(max(1, right.count))
  }

  private static func largest(_ values: UnsafeBufferPointer<Double>, _ k: Int) -> [Int] {
    var best: [Int] = []
    for index in values.indices where best.count < k || values[index] > values[best[best.count - 1]] {
      let place = best.firstIndex { values[index] > values[$0] } ?? best.count
      best.insert(index, at: place)
      if best.count > k { best.removeLast() }
    }
    return best
  }

  /// Rows scaled to length 1; rows of length 0 stay as they are.
  private static func unit(_ rows: [Double], _ width: Int) -> [Double] {
    var unit = rows
    for start in stride(from: 0, to: rows.count, by: width) {
      let norm = euclideanNorm(Array(rows[start..<start + width]))
      for index in start..<start + width { unit[index] = norm > 0 ? rows[index] / norm : 0 }
    }
    return unit
  }
}
