import MinimDrawing
import MinimKernels
import MinimNN

// Where runs end, and at which weight decay they begin to collapse.

extension LinearSimSiam {
  /// SL4, if the equilibria are known.
  func equilibriumClaims(_ trained: Trained) throws -> [Claim] {
    guard let equilibria, let (edge, stable) = equilibria.predictors, let p = matrices(trained).predictor else {
      return []
    }
    let symmetric = p.adding(p.transposed).scaled(by: 0.5)
    let eigenvalues = try symmetric.symmetricEigenvalues()
    func largest(_ expected: Double) -> Double { eigenvalues.map { abs($0 - expected) }.max() ?? .nan }
    return [
      Claim(
        Claim.Theorem(
          "SL4", "the predictor ends at p+ I, p+ = (1 + sqrt(1 - 4 eta (1 + sigma^2))) / (2 (1 + sigma^2))",
          formula: #"W_p = \frac{1 + \sqrt{1 - 4 \eta (1 + \sigma^2)}}{2 (1 + \sigma^2)} I"#, .outcome),
        "largest difference of an eigenvalue from p+", measured: largest(stable), .equal, 0, tolerance: 1e-6,
        details: [("stable", stable)],
        control: .init(
          "the difference from p-, the edge", changed: "the equilibrium", measured: largest(edge),
          cannotFailIf: "both equilibria coincide"))
    ]
  }

  /// SL7, SL7b: the weight decays at which runs begin to collapse, by bisection, for a large and a small start.
  func boundaryClaims(_ trained: Trained) throws -> [Claim] {
    guard configuration.phaseDiagram else { return [] }
    let variance = configuration.augmentation[0, 0]
    let starts = [
      ("SL7", 0.9 / (1 + variance), "large", #"\eta_c = \frac{1}{4 (1 + \sigma^2)}"#),
      ("SL7b", 0.125 / (1 + variance), "small", #"\eta_c = p (1 - (1 + \sigma^2) p)"#),
    ]
    let ends = try starts.map { try SimSiamBoundary.find(from: $0.1, augmentation: variance, trained) }
    return starts.enumerated().map { index, start in
      let expected = SimSiamEquilibria.collapse(from: start.1, augmentation: variance)
      return Claim(
        Claim.Theorem(
          start.0, "a \(start.2) start collapses from the weight decay on that theory gives", formula: start.3, .outcome
        ),
        "weight decay, by bisection on runs", measured: ends[index], .equal, expected, tolerance: 0.01 * expected,
        details: [("predictor", start.1)],
        control: .init("the other start", changed: "the start", measured: ends[1 - index]))
    }
  }

  /// The collapse of a start on the parabola, over the augmentation and the weight decay: games, and the two curves.
  func phaseDiagram(_ trained: Trained) throws -> Plot {
    let (columns, rows) = (60, 60)
    let (variances, decays) = (0.0...1.0, 0.0...0.3)
    func middle(_ range: ClosedRange<Double>, _ index: Int, of count: Int) -> Double {
      range.lowerBound + (Double(index) + 0.5) / Double(count) * (range.upperBound - range.lowerBound)
    }
    let p = 0.2
    let games = (0..<rows).flatMap { row in
      (0..<columns).map { column in
        SimSiamFamily.Game(
          predictor: p, augmentation: middle(variances, column, of: columns), weightDecay: middle(decays, row, of: rows)
        )
      }
    }
    let ends = try SimSiamFamily(trained).predictors(games)
    let axis = (0...100).map { Double($0) / 100 }
    func curve(_ value: (Double) -> Double) -> Plot.Layer { .line(axis.map { ($0, value($0)) }) }
    return Plot(
      "runs from a predictor of \(p) I: 0 at the end is a collapse", xLabel: "variance of the augmentation",
      yLabel: "weight decay", xRange: variances, yRange: decays,
      [
        .init(
          .field(
            .init(
              ends, named: "predictor at the end", columns: columns, x: variances, y: decays, range: 0...1,
              palette: .viridis))),
        .init(
          curve { SimSiamEquilibria(augmentation: $0, weightDecay: 0).criticalWeightDecay },
          name: "above, all collapse", color: 1),
        .init(curve { p * (1 - (1 + $0) * p) }, name: "edge for this start", color: 3),
      ])
  }
}

/// The weight decay at which an isotropic start begins to collapse.
enum SimSiamBoundary {
  /// Finds it by bisection on runs of the engine: one value of the representation is enough if all are alike. A run
  /// ends when its predictor is below a hundredth of its start, or when it no longer moves.
  static func find(from p: Double, augmentation: Double, _ trained: Trained) throws -> Double {
    func collapses(_ decay: Double) throws -> Bool {
      let model = LinearSimSiam(.isotropic(predictor: p, augmentation: augmentation, weightDecay: decay))
      let rule = LinearRule(rate: 0.1).updateRule(steps: Self.stretch)
      let objective = model.objective(model.expectation)
      let play = try Trajectories(model.parameters, rule, trained) { _ in objective }
      var z = model.start.values
      for _ in 0..<400 {
        let next = play.trajectory(from: z, steps: Self.stretch).last ?? z
        if next[1] < p / 100 { return true }
        if abs(next[1] - z[1]) < 1e-9 { return false }
        z = next
      }
      return false
    }
    var (low, high) = (0.0, 1.0)
    while high - low > 1e-4 {
      let middle = (low + high) / 2
      if try collapses(middle) { high = middle } else { low = middle }
    }
    return (low + high) / 2
  }

  private static let stretch = 500
}
