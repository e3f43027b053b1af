import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// The theorems of noise that is paired with data, see `Pairing`. In Double.
struct TransportTheorems {
  let model: FlowMatching
  let trained: Trained
  private let pairing: Pairing

  /// - Returns: nil if noise and data are independent.
  init?(_ model: FlowMatching, _ trained: Trained) {
    guard let pairing = model.pairing else { return nil }
    (self.model, self.trained, self.pairing) = (model, trained, pairing)
  }

  func claims() throws -> [Claim] {
    try [pairsClaim()].compactMap { $0 } + floorClaims()
  }

  // MARK: - FM10b

  static let pairs = Claim.Theorem(
    "FM10b", "no other pairs of the noise and the examples of a group have a smaller sum of squared distances",
    formula: #"\sum_i \|z_i - x_{\pi(i)}\|^2 = \min_{\rho} \sum_i \|z_i - x_{\rho(i)}\|^2"#,
    .identity)

  /// Prices u_i of the noise and v_j of the examples with u_i + v_j <= cost_ij bound the sum of any pairs from below; for the
  /// best ones the bound is their sum.
  private func pairsClaim() throws -> Claim? {
    let group = min(model.configuration.pairedExamples, 256), groups = 4, d = model.dimensions
    guard let rows = model.rows(group * groups, of: trained.data) else { return nil }
    let count = min(group, rows.count / 2)
    guard count >= 2 else { return nil }
    let kernels = try KernelTable(level: trained.level, precision: .float64)
    var (gap, otherGap, scale): (Double, Double, Double) = (0, 0, 0)
    var assignment = Assignment(most: count), before: [Int]?
    for first in stride(from: 0, through: rows.count - count, by: count) {
      let cost = try pairing.costs(
        of: count, model.exampleShape, rows.values[first * d..<(first + count) * d].map(Double.init),
        random: (trained.seed, 1, first), kernels: kernels)
      assignment.solve(count, cost)
      let prices = assignment.rowPrices.prefix(count).reduce(0, +) + assignment.columnPrices.prefix(count).reduce(0, +)
      let excess = (0..<count * count).reduce(0.0) { most, pair in
        max(most, assignment.rowPrices[pair / count] + assignment.columnPrices[pair % count] - cost[pair])
      }
      func sum(_ columns: [Int]) -> Double { columns.enumerated().reduce(0) { $0 + cost[$1.0 * count + $1.1] } }
      let columns = Array(assignment.columns.prefix(count))
      let missing = Double(count - Set(columns).count)
      gap = max(gap, abs(sum(columns) - prices) + Double(count) * excess + missing)
      if let before { otherGap = max(otherGap, abs(sum(before) - prices)) }
      scale = max(scale, sum(columns))
      before = columns
    }
    return Claim(
      Self.pairs, "largest distance from the bound by prices, over the sum, groups of \(count)", measured: gap / scale,
      .equal, 0, tolerance: 1e-9, samples: rows.count,
      control: .init("the pairs of the group before", changed: "the pairs", measured: otherGap / scale))
  }

  // MARK: - FM10c

  static let floor = Claim.Theorem(
    "FM10c", "the squared error of pairs is at least their floor, which is below that of independent noise",
    formula: #"\mathbb{E} \|v - Y\|^2 \ge \mathbb{E} \operatorname{Var}(Y | x_t)"#, .bound)

  /// In one dimension the best pairs are those in order, and their floor is known.
  private func floorClaims() throws -> [Claim] {
    guard model.dimensions == 1, model.scaling == nil, model.configuration.predicted == .velocity,
      let mixture = trained.data.distribution?.density as? GaussianMixture
    else { return [] }
    let group = model.configuration.pairedExamples, groups = max(8, 16_384 / group), count = group * groups
    let draws = FieldDraws(of: mixture, count)
    // In order within each group, by sorting both.
    let ordered = { (values: [Double]) in
      stride(from: 0, to: count, by: group).flatMap { values[$0..<$0 + group].sorted() }
    }
    let times = draws.times.map { model.configuration.times.quantile($0) }
    let pairs = FieldDraws(data: ordered(draws.data), noise: ordered(draws.noise), times: times, dimensions: 1)
    let batch = DrawnBatch(count, 1, model.configuration.path)
    let errors = try trained.values(
      of: [square(model.field.velocity(batch.x, batch.t) - batch.target).sum(axes: [1])],
      inputs: ["data": pairs.data, "noise": pairs.noise, "t": times])[0]
    // The pairs of a group depend on each other.
    let means = (0..<groups).map { errors[$0 * group..<($0 + 1) * group].reduce(0, +) / Double(group) }
    let (mean, error) = Statistics.mean(means)
    let floors = [group, 1].map { TransportFloor(mixture, group: $0).mean(over: model.configuration.times) }
    return [
      Claim(
        Self.floor, "mean squared error of \(groups) groups of \(group) pairs", measured: mean, .atLeast, floors[0],
        tolerance: 5 * error, standardError: error, samples: count, details: [("independentFloor", floors[1])],
        control: .init(
          "the floor of independent noise", changed: "the floor", expected: floors[1],
          cannotFailIf: "the field is far from the best one"))
    ]
  }
}

extension FlowMatching {
  /// The first training examples; nil if there are none.
  func rows(_ count: Int, of data: DataSplit) -> Dataset? {
    data.training.rows(drawing: count, name: data.name).map { $0.count > count ? $0.first(count) : $0 }
  }
}
