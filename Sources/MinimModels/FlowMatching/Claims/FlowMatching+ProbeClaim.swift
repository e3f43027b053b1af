import MinimAutodiff
import MinimKernels
import MinimNN

extension FlowMatching {
  /// FM8: v^T J v over all vectors of signs has the trace as its mean, and its variance is known (Hutchinson 1990, "A Stochastic
  /// Estimator of the Trace of the Influence Matrix for Laplacian Smoothing Splines").
  func probeClaim(_ trained: Trained) throws -> Claim {
    let theorem = Claim.Theorem(
      "FM8",
      "a divergence by random signs is right on average, with variance 2 (|S|^2 - sum S_ii^2), S = (J + J^T) / 2",
      formula:
        #"\epsilon^\top J \epsilon: \quad \mathbb{E} = \operatorname{tr} J, \quad \operatorname{Var} = 2 \sum_{i \ne j} S_{i j}^2"#,
      .identity)
    let (d, count) = (dimensions, 4)
    guard (2...Self.allSigns).contains(d) else {
      return .notApplicable(
        theorem, "all vectors of signs are tried for 2 to \(Self.allSigns) values, and there are \(d)")
    }
    let (x, t) = (Tensor.input("x", shape: [count, d]), Tensor.input("t", shape: [count, 1]))
    let v = field.velocity(x, t)
    let rows = (0..<d).map { gradient(of: v.slice([0, $0], shape: [count, 1]).sum(), withRespectTo: [x])[0] }
    let signs = (0..<1 << d).map { bits in (0..<d).map { bits >> $0 & 1 == 1 ? 1.0 : -1.0 } }
    let probes = signs.map { probed(v, x, .constant($0, shape: [1, d]).broadcast(to: [count, d])) }
    let key = RandomKey(seed: 0).folding(.evaluation).folding(9)
    let values = try trained.values(
      of: rows + probes,
      inputs: [
        "x": (0..<UInt64(count * d)).map { key.normal(at: $0) }, "t": (0..<count).map { (Double($0) + 0.5) / 4 },
      ])
    var (own, wrong, scale) = (0.0, 0.0, 1.0)
    for point in 0..<count {
      let jacobian = Matrix(d, d) { i, j in values[i][point * d + j] }
      let found = (0..<signs.count).map { values[d + $0][point] }
      let mean = found.reduce(0, +) / Double(found.count)
      let variance = found.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(found.count)
      let trace = jacobian.trace
      own = Swift.max(own, Swift.abs(mean - trace), Swift.abs(variance - Self.probeVariance(jacobian, symmetric: true)))
      wrong = Swift.max(wrong, Swift.abs(variance - Self.probeVariance(jacobian, symmetric: false)))
      scale = Swift.max(scale, variance, Swift.abs(trace))
    }
    return Claim(
      theorem, "largest difference of mean and variance over all signs, at \(count) points", measured: own, .equal, 0,
      tolerance: 1e-10 * scale, samples: count * signs.count,
      control: .init(
        "J in the place of S", changed: "the variance", measured: wrong, cannotFailIf: "the Jacobians are symmetric"))
  }

  /// 2 (|S|^2 - sum S_ii^2) for S = (J + J^T) / 2, or for S = J.
  package static func probeVariance(_ jacobian: Matrix, symmetric: Bool) -> Double {
    let d = jacobian.rows
    var sum = 0.0
    for i in 0..<d {
      for j in 0..<d where i != j {
        let value: Double = symmetric ? (jacobian[i, j] + jacobian[j, i]) / 2 : jacobian[i, j]
        sum += value * value
      }
    }
    return 2 * sum
  }

  /// The most values for which all vectors of signs are tried.
  private static let allSigns = 6
}
