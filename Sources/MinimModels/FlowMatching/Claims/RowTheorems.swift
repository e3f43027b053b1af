import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// What is known of a finite number of rows: the field that ends in them, and its floor, below that of their distribution. A field
/// that reaches it has learned its rows by heart (FM9). In Double.
struct RowTheorems {
  let model: FlowMatching
  private let trained: Trained
  private let excesses: Excesses

  /// The most values of all rows together.
  private static let most = 4096
  private static let count = 4096

  /// The squared errors of drawn ways to rows, each time with its weight in the loss.
  private struct Excesses {
    /// |v - Y|^2 - |v - u|^2 - |u - Y|^2, whose mean is 0, with u the field that ends in the rows.
    let cross: [Double]
    /// The same with the noise of another draw in Y.
    let otherCross: [Double]
    /// |u - Y|^2, |v - Y|^2.
    let memorizing: [Double], own: [Double]
    /// The same of the velocity, whatever the net predicts, and the times.
    let plain: (memorizing: [Double], own: [Double]), times: [Double]
  }

  /// - Returns: nil if the data are not a few rows of numbers.
  /// - Throws: `KernelError` if there is not enough memory.
  init?(_ model: FlowMatching, _ trained: Trained) throws {
    guard model.levels == nil, let rows = trained.data.rows, rows.count > 1, rows.values.count <= Self.most else {
      return nil
    }
    (self.model, self.trained) = (model, trained)
    excesses = try Self.excesses(model, model.scaling.normalized(rows.values.map(Double.init)), trained)
  }

  private static func excesses(_ model: FlowMatching, _ rows: [Double], _ trained: Trained) throws -> Excesses {
    let d = model.dimensions, path = model.configuration.path, n = rows.count / d
    let field = MarginalField(
      path, means: (0..<n).map { Array(rows[$0 * d..<($0 + 1) * d]) },
      covariances: (0..<n).map { _ in .scaledIdentity(d, 0) }, weights: (0..<n).map { _ in 1 / Double(n) })
    let batch = DrawnBatch(256, d, path)
    let (v, u) = (model.field.velocity(batch.x, batch.t), field.velocity(batch.x, batch.t))
    func parts(_ target: Tensor) -> [Tensor] {
      let own = square(v - target).sum(axes: [1]), rest = square(u - target).sum(axes: [1])
      return [own - square(v - u).sum(axes: [1]) - rest, rest, own]
    }
    let terms = parts(batch.target) + parts(batch.otherTarget).prefix(1)
    let evaluator = try BatchEvaluator(
      [[concatenate(terms.map { $0.reshape([256, 1]) }, axis: 1)]], chunk: 256, trained)
    let key = RandomKey(seed: 0).folding(.evaluation)
    let draws = FieldDraws(
      data: (0..<count).flatMap { rows[$0 % n * d..<($0 % n + 1) * d] },
      noise: (0..<UInt64(count * d)).map { key.folding(1).normal(at: $0) },
      times: (0..<UInt64(count)).map { key.folding(2).uniform(at: $0) }, dimensions: d)
    let times = draws.times.map { model.configuration.times.quantile($0) }
    let values = evaluator.gather(count, width: 4) { range, worker, results in
      batch.write(range, of: draws, times, to: worker)
      let values = worker.run()
      for index in results.indices { results[index] = values[index] }
    }
    func column(_ place: Int) -> [Double] {
      times.indices.map { model.configuration.predicted.weight(path, times[$0]) * values[4 * $0 + place] }
    }
    func plain(_ place: Int) -> [Double] { times.indices.map { values[4 * $0 + place] } }
    return Excesses(
      cross: column(0), otherCross: column(3), memorizing: column(1), own: column(2), plain: (plain(1), plain(2)),
      times: times)
  }

  /// The mean squared errors of the velocity on the rows in equal parts of time: the least one, of a field that knows the rows by
  /// heart, and the field's own.
  func errors(bins: Int) -> [(time: Double, floor: Double, own: Double)] {
    (0..<bins).compactMap { bin in
      let places = excesses.times.indices.filter { Int(excesses.times[$0] * Double(bins)) == bin }
      guard !places.isEmpty else { return nil }
      func mean(_ values: [Double]) -> Double { places.reduce(0) { $0 + values[$1] } / Double(places.count) }
      return ((Double(bin) + 0.5) / Double(bins), mean(excesses.plain.memorizing), mean(excesses.plain.own))
    }
  }

  /// The squared error of rows is that of the field against theirs, plus their floor.
  func claim() -> Claim {
    let theorem = Claim.Theorem(
      "FM9",
      "on the rows themselves the squared error is the distance from the field that ends in them, plus their floor",
      formula: #"\mathbb{E} \|v - Y\|^2 = \mathbb{E} \|v - u\|^2 + \mathbb{E} \|u - Y\|^2"#,
      .statistical)
    let (mean, error) = Statistics.mean(excesses.cross)
    let other = Statistics.mean(excesses.otherCross).mean, z = error > 0 ? mean / error : 0
    return Claim(
      theorem, "mean of what is left of |v - Y|^2, \(Self.count) draws", measured: mean, .equal, 0,
      tolerance: 4.5 * error,
      standardError: error, z: z, pValue: Statistics.normalTail(z), samples: Self.count,
      control: .init("the noise of another draw in Y", changed: "Y", measured: other))
  }

  /// The two floors, and where the field lies between them.
  ///
  /// - Parameter newError: the squared error on new draws of a known density.
  func metrics(newError: Double) -> [Evaluation.Metric] {
    let (floor, floorError) = Statistics.mean(excesses.memorizing), (own, ownError) = Statistics.mean(excesses.own)
    return [
      .init(
        "memorizingFloor", floor,
        "the least squared error of a field that knows its rows by heart, +- \(floorError.roundedToMillionths)"),
      .init("rowError", own, "the squared error on these rows, +- \(ownError.roundedToMillionths)"),
      .init("newError", newError, "the squared error on new draws, floor + fit"),
      .init(
        "generalization", (own - floor) / (newError - floor),
        "where the error on rows lies between their floor, 0, and the error on new draws, 1"),
    ]
  }
}
