import MinimData
import MinimKernels
import MinimNN

/// The value of a representation of labeled images: how well the classes of held-out images are found by the angles to
/// training images, for images as they are, for images moved by up to a pixel, and with noise on the representations.
/// Clean accuracy shows little, since pixels themselves have it.
package struct RepresentationTest: Sendable {
  /// Shares of held-out images whose class was found.
  package struct Scores: Sendable {
    /// By the five nearest training examples.
    package let clean: Double, noisy: Double
    /// By the nearest of one labeled example per class, the mean over draws of these.
    package let oneLabel: Double
    /// By a linear map.
    package let probe: Double
    /// Of moved images, by the five nearest training images and by the linear map; nil if the examples are not images.
    package let moved: (clean: Double, probe: Double)?
  }

  private let training: Dataset, test: Dataset
  /// The test images moved in all ways by at most one pixel along each axis, one after the other; nil if the examples are not
  /// images.
  private let shifted: Dataset?
  private let trained: Trained

  /// Nil if there are no labels, or if nothing is held out for the test.
  package init?(_ trained: Trained) {
    guard let training = trained.data.rows, let test = trained.data.test, !training.labels.isEmpty,
      test.classes == training.classes
    else { return nil }
    (self.training, self.test, self.trained) = (training, test, trained)
    shifted =
      test.exampleShape.count == 3
      ? test.moved(by: (-1...1).flatMap { row in (-1...1).map { (row, $0) } }, filling: trained.data.black) : nil
  }

  var queries: Int { test.count }

  private static let draws: UInt64 = 5

  /// - Parameter represent: returns the representations of a data set, [count, width], row-major.
  package func scores(width: Int, _ represent: (Dataset) -> [Double]) throws -> Scores {
    let (known, clean) = (represent(training), represent(test))
    let nearest = try neighbors(known, width)
    let probe = LinearProbe(known, width: width, labels: training.labels, classes: training.classes)
    return Scores(
      clean: nearest.accuracy(of: clean, test.labels), noisy: try noisyAccuracy(known, clean, width),
      oneLabel: nearest.accuracy(of: clean, test.labels, byChoices: oneLabelChoices()),
      probe: probe?.accuracy(of: clean, test.labels) ?? .nan,
      moved: shifted.map { shifted in
        let rows = represent(shifted)
        return (
          nearest.accuracy(of: rows, shifted.labels), probe?.accuracy(of: rows, shifted.labels) ?? .nan
        )
      })
  }

  private func neighbors(_ rows: [Double], _ width: Int, labels: [Int]? = nil) throws -> NearestRepresentations {
    try NearestRepresentations(
      rows, width: width, labels: labels ?? training.labels, classes: training.classes, trained)
  }

  /// The accuracy on the test images as they are.
  package func accuracy(_ known: [Double], _ queries: [Double], _ width: Int) throws -> Double {
    try neighbors(known, width).accuracy(of: queries, test.labels)
  }

  /// The accuracy on the moved test images; nil if the examples are not images.
  package func shiftedAccuracy(width: Int, _ represent: (Dataset) -> [Double]) throws -> Double? {
    try shifted.map { try neighbors(represent(training), width).accuracy(of: represent($0), $0.labels) }
  }

  /// The accuracy with normal noise of 1 % of the mean norm on every number of every representation: the mean over some
  /// draws.
  package func noisyAccuracy(_ known: [Double], _ queries: [Double], _ width: Int) throws -> Double {
    let key = RandomKey(seed: trained.seed).folding(.evaluation)
    let norms = stride(from: 0, to: known.count, by: width).reduce(0) {
      $0 + euclideanNorm(Array(known[$1..<$1 + width]))
    }
    let deviation = 0.01 * norms * Double(width) / Double(max(1, known.count))
    func noisy(_ rows: [Double], _ key: RandomKey) -> [Double] {
      rows.enumerated().map { $1 + deviation * key.normal(at: UInt64($0)) }
    }
    return try (0..<Self.draws).reduce(0) { sum, draw in
      let key = key.folding(draw)
      let near = try neighbors(noisy(known, key.folding(0)), width)
      return sum + near.accuracy(of: noisy(queries, key.folding(1)), test.labels)
    } / Double(Self.draws)
  }

  /// The accuracy with other labels of the training images: what chance finds.
  package func accuracyByChance(_ known: [Double], _ queries: [Double], _ width: Int) throws -> Double {
    let order = RandomKey(seed: trained.seed).folding(.evaluation).folding(100).permutation(count: training.count)
    return try neighbors(known, width, labels: order.map { training.labels[$0] }).accuracy(of: queries, test.labels)
  }

  package func representations(_ represent: (Dataset) -> [Double]) -> (known: [Double], queries: [Double]) {
    (represent(training), represent(test))
  }

  /// Draws of one training image per class.
  private func oneLabelChoices() -> [[Int]] {
    let key = RandomKey(seed: trained.seed).folding(.evaluation).folding(101)
    let members = (0..<training.classes).map { label in training.labels.indices.filter { training.labels[$0] == label }
    }
    return (0..<50 as Range<UInt64>).map { draw in
      members.enumerated().compactMap { label, rows in
        rows.isEmpty ? nil : rows[key.folding(draw).index(below: rows.count, at: UInt64(label))]
      }
    }
  }
}

extension Dataset {
  /// All images moved by the given rows and columns, then by the next; pixels that move in are `black`.
  package func moved(by moves: [(rows: Int, columns: Int)], filling black: Float = 0) -> Dataset {
    let (height, width) = (exampleShape[0], exampleShape[1])
    let values = moves.flatMap { move in
      (0..<count).flatMap { index -> [Float] in
        let image = Array(example(index))
        return (0..<height * width).map { place in
          let (row, column) = (place / width - move.rows, place % width - move.columns)
          return (0..<height).contains(row) && (0..<width).contains(column) ? image[row * width + column] : black
        }
      }
    }
    return Dataset(
      name: "\(name), moved", exampleShape: exampleShape, values: values,
      labels: moves.flatMap { _ in labels }, classes: classes)
  }
}
