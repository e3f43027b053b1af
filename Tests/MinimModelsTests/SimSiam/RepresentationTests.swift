import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// What representations are judged by, on ones whose worth is known.
@Suite struct RepresentationTests {
  /// Nothing is trained: threads and kernels alone.
  private static func nothing() throws -> Trained {
    let layout = ParameterScope().layout
    return trained(try ParameterVector(layout, precision: .float64), data: patternData(3, 3))
  }

  /// Rows around a direction for each class.
  private static func cones(_ count: Int, spread: Double, seed: UInt64) -> (rows: [Double], labels: [Int]) {
    let key = RandomKey(seed: seed)
    let labels = (0..<count).map { $0 % 3 }
    let rows = labels.enumerated().flatMap { index, label in
      (0..<4).map { column -> Double in
        let middle: Double = column == label ? 1 : 0
        return middle + spread * key.normal(at: UInt64(4 * index + column))
      }
    }
    return (rows, labels)
  }

  @Test("the nearest by cosine, by brute force") func neighbors() throws {
    let (known, labels) = Self.cones(41, spread: 1, seed: 1)
    let (queries, right) = Self.cones(17, spread: 1, seed: 2)
    let nearest = try NearestRepresentations(known, width: 4, labels: labels, classes: 3, Self.nothing())
    func cosine(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
      let dot = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
      return dot / (a.reduce(0) { $0 + $1 * $1 } * b.reduce(0) { $0 + $1 * $1 }).squareRoot()
    }
    let found = nearest.neighbors(of: queries, k: 5)
    var correct = 0
    for query in 0..<17 {
      let x = queries[4 * query..<4 * query + 4]
      let order = (0..<41).sorted { cosine(x, known[4 * $0..<4 * $0 + 4]) > cosine(x, known[4 * $1..<4 * $1 + 4]) }
      #expect(found[query] == Array(order.prefix(5)))
      let votes = order.prefix(5).map { labels[$0] }
      let most = (0..<3).map { label in votes.count { $0 == label } }.max() ?? 0
      correct += votes.first { vote in votes.count { $0 == vote } == most } == right[query] ? 1 : 0
    }
    #expect(nearest.accuracy(of: queries, right) == Double(correct) / 17)
    // Lengths do not count, and rows of zeros are near to nothing.
    #expect(nearest.neighbors(of: queries.map { 1000 * $0 }, k: 5) == found)
    #expect(nearest.cosines(of: [0, 0, 0, 0]).allSatisfy { $0 == 0 })
  }

  @Test("one row a class: the nearest of them") func oneLabel() throws {
    let known: [Double] = [1, 0, 0.9, 0.1, 0, 1]
    let nearest = try NearestRepresentations(known, width: 2, labels: [0, 1, 1], classes: 2, Self.nothing())
    let queries: [Double] = [1, 0.06, 0.1, 1]
    // By rows 0 and 2 both are right; by rows 0 and 1 the second is nearest to row 1, which is right too; the first is by either.
    #expect(nearest.accuracy(of: queries, [0, 1], byChoices: [[0, 2]]) == 1)
    #expect(nearest.accuracy(of: queries, [1, 1], byChoices: [[0, 2], [0, 1]]) == 0.75)
  }

  @Test("a linear probe tells what a plane separates, and finds nothing in noise") func probe() throws {
    let (rows, labels) = Self.cones(300, spread: 0.2, seed: 3)
    let (queries, right) = Self.cones(150, spread: 0.2, seed: 4)
    let far = rows.map { 1e6 * ($0 + 3) }
    for (known, asked) in [(rows, queries), (far, queries.map { 1e6 * ($0 + 3) })] {
      let probe = try #require(LinearProbe(known, width: 4, labels: labels, classes: 3))
      #expect(probe.accuracy(of: asked, right) > 0.97)
    }
    let key = RandomKey(seed: 5)
    let noise = (0..<1200).map { key.normal(at: UInt64($0)) }
    let blind = try #require(LinearProbe(noise, width: 4, labels: labels, classes: 3))
    #expect(blind.accuracy(of: queries, right) < 0.6)
    #expect(LinearProbe([Double](repeating: .nan, count: 8), width: 4, labels: [0, 1], classes: 2) == nil)
  }

  @Test("principal components: uncorrelated coordinates of falling variance that keep distances") func components()
    throws
  {
    let (rows, _) = Self.cones(200, spread: 0.5, seed: 6)
    let mixed = stride(from: 0, to: 800, by: 4).flatMap { start -> [Double] in
      let x = rows[start..<start + 4].map { $0 }
      return [3 * x[0] + x[1], x[1] - 2 * x[2] + 7, 0.3 * x[2], x[3] + x[0]]
    }
    let found = try PrincipalComponents(mixed, width: 4)
    let y = TestSupport.rows(found.coordinates(of: mixed, 4), 4)
    let (mean, covariance) = moments(y)
    #expect(mean.allSatisfy { abs($0) < 1e-12 })
    for i in 0..<4 {
      #expect(
        abs(covariance[i][i] - found.variances[i]) < 1e-10 && (i == 0 || found.variances[i] <= found.variances[i - 1]))
      for j in 0..<i { #expect(abs(covariance[i][j]) < 1e-10) }
    }
    let x = TestSupport.rows(mixed, 4)
    for (i, j) in [(0, 1), (5, 100), (7, 8)] {
      #expect(abs(distance2(x[i], x[j]) - distance2(y[i], y[j])) < 1e-9)
    }
  }

  private func distance2(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  @Test("images move, and what moves in is black") func moves() throws {
    let image = Dataset(name: "one", exampleShape: [2, 3, 1], values: [1, 2, 3, 4, 5, 6], labels: [1], classes: 2)
    let moved = image.moved(by: [(0, 0), (1, 0), (0, -1), (-1, 1)])
    #expect(moved.values == [1, 2, 3, 4, 5, 6, 0, 0, 0, 1, 2, 3, 2, 3, 0, 5, 6, 0, 0, 4, 5, 0, 0, 0])
    #expect(moved.labels == [1, 1, 1, 1] && moved.exampleShape == [2, 3, 1])
  }

  /// Stripes whose class is whether they lie or stand: as pixels they are told apart as they are, and worse when they are
  /// moved; by the sums of rows and columns they are told in any place; as one point they are not.
  @Test("scores of representations that are known") func scores() throws {
    func stripes(_ count: Int, _ seed: UInt64) -> Dataset {
      let key = RandomKey(seed: seed)
      let labels = (0..<count).map { $0 % 2 }
      let values = labels.enumerated().flatMap { index, label in
        (0..<36).map { place -> Float in
          let line = label == 0 ? place / 6 : place % 6
          let stripe: Double = line == 2 ? 1 : 0
          return Float(stripe + 0.1 * key.normal(at: UInt64(36 * index + place)))
        }
      }
      return Dataset(name: "stripes", exampleShape: [6, 6, 1], values: values, labels: labels, classes: 2)
    }
    let data = DataSplit(
      name: "stripes", training: .rows(stripes(60, 1)), test: stripes(40, 2), classNames: ["lie", "stand"])
    let vector = try ParameterVector(ParameterScope().layout, precision: .float64)
    let test = try #require(RepresentationTest(trained(vector, data: data)))
    func pixels(_ data: Dataset) -> [Double] { data.values.map(Double.init) }
    let own = try test.scores(width: 36, pixels)
    #expect(own.clean == 1 && own.noisy == 1 && own.oneLabel > 0.95 && own.probe == 1)
    let spread = try test.scores(width: 2) { data in
      (0..<data.count).flatMap { index -> [Double] in
        let image = data.example(index).map(Double.init)
        let rows = (0..<6).map { row in (0..<6).reduce(0) { $0 + image[6 * row + $1] } }
        let columns = (0..<6).map { column in (0..<6).reduce(0) { $0 + image[6 * $1 + column] } }
        return [rows, columns].map { ($0.max() ?? 0) - ($0.min() ?? 0) }
      }
    }
    #expect(spread.clean == 1 && spread.moved?.clean == 1 && (own.moved?.clean ?? 1) < 1)
    // Nearly one point: told apart as they are, by differences that a hundredth of their length drowns.
    let collapsed = try test.scores(width: 36) { pixels($0).map { 1e4 + $0 } }
    #expect(collapsed.clean > 0.95 && collapsed.noisy < 0.8)
    #expect(RepresentationTest(trained(vector, data: patternData(3, 3))) == nil)
  }
}
