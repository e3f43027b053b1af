import MinimDrawing
import MinimKernels
import MinimNN

// Rates over step sizes, rules and momentum: measured on games, and predicted by theory.

extension Bilinear {
  /// The rate of each rule over the step size, and a map over step size and momentum next to its prediction.
  func phaseDiagram(_ trained: Trained) throws -> Picture {
    let momentum = try momentumMaps(trained)
    return Picture("phase", plots: momentum + [try ratesOfRules(trained)], columns: 2)
  }

  private static let stepsOfGame = 200

  /// The rates as lines, by theory, and as dots, by games.
  private func ratesOfRules(_ trained: Trained) throws -> Plot {
    let largest = try singularValues().first ?? 1
    let singular = try singularValues()
    let rates = (1...120).map { 0.02 * Double($0) / largest }
    var least = 0.9
    let series = try LinearRule.all(rate: 1).enumerated().flatMap { index, rule -> [Plot.Series] in
      let games = rates.map { rate -> GameFamily.Parameters in
        var game = GameFamily.Parameters(rate: rate, consensus: rule.consensus)
        if case .momentum(let momentum) = rule.descent { game.momentum = momentum }
        return game
      }
      let found = try GameFamily(rule, matrix: configuration.matrix, n: n, trained)
        .growth(games, from: start, steps: Self.stepsOfGame)
      let exact = try rates.map { rate in
        try GameRates(LinearRule(rate: rate, rule.descent, rule.dynamics, consensus: rule.consensus))
          .spectralRadius(singular)
      }
      least = min(least, exact.min() ?? least)
      // Each rule has its marks at other rates: where factors agree they would hide each other.
      let dots = zip(rates, found).enumerated().filter { $0.offset % 6 == index % 6 && $0.element.1.isFinite }.map {
        (x: $0.element.0 * largest, y: $0.element.1, error: 0.0)
      }
      return [
        .init(.line(zip(rates, exact).map { ($0 * largest, $1) }), name: rule.name, color: index),
        .init(.dots(dots), color: index),
      ]
    }
    return Plot(
      "factor per step; lines: theory (spectral radius), marks: games", xLabel: "rate times the largest singular value",
      yLabel: "factor per step", yRange: max(0, least)...1.5, series)
  }

  /// Alternating steps with momentum: the factor per step over the step size (horizontal) and the momentum (vertical).
  private func momentumMaps(_ trained: Trained) throws -> [Plot] {
    let grid = MomentumGrid(columns: 400, rows: 250)
    let measured = try grid.growth(self, trained, steps: Self.stepsOfGame)
    let exact = try grid.radii(self, .alternating())
    let fields = [measured, exact].map { values in
      Plot.Field(
        values.map { min($0, 2) }, named: "factor per step", columns: grid.columns, x: MomentumGrid.sizes,
        y: MomentumGrid.momenta, range: 0.8...1.2, palette: .viridis)
    }
    let edge = Plot.Series(.lines(fields[1].line(at: 1)), name: "factor 1, by theory", color: 0)
    return zip(["measured on \(Readable.grouped(grid.count)) games", "the spectral radius"], fields).map {
      title, field in
      Plot(
        "alternating with momentum, \(title): dark shrinks, light grows",
        xLabel: "rate times the largest singular value", yLabel: "momentum", xRange: MomentumGrid.sizes,
        yRange: MomentumGrid.momenta, [.init(.field(field)), edge])
    }
  }

  /// The eigenvalues of each rule's step, which converges if all are inside the circle. Marks hide each other, so the legend has the
  /// largest modulus.
  func spectra(_ rate: Double) throws -> Plot {
    let circle = (0...200).map { index -> (x: Double, y: Double) in
      let angle = 2 * Double.pi * Double(index) / 200
      return (Elementary.cos(angle), Elementary.sin(angle))
    }
    let dots = try LinearRule.all(rate: rate).enumerated().map { index, rule in
      let exact = ExactGame(rule, matrix)
      let values = try exact.step.eigenvalues()
      let radius = Readable.significant(values.map(\.modulus).max() ?? .nan)
      return Plot.Series(
        .dots(values.map { (x: $0.real, y: $0.imaginary, error: 0.0) }), name: "\(rule.name): \(radius)", color: index)
    }
    return .plane(
      "eigenvalues of a step and their largest modulus, which decides: below 1 it converges",
      labels: ("real", "imaginary"),
      (x: -1.3...1.3, y: -1.3...1.3), [.init(.line(circle), color: Plot.background)] + dots)
  }
}

/// Equally spaced step sizes and momenta, with a game of alternating steps for each pair.
struct MomentumGrid {
  let columns: Int, rows: Int

  /// Step sizes times the largest singular value.
  static let sizes = 0.0...2.5
  static let momenta = -1.0...1.0

  var count: Int { columns * rows }

  /// The games, from the lowest momentum up and from the smallest step.
  private func games(_ largest: Double) -> [GameFamily.Parameters] {
    func middle(_ range: ClosedRange<Double>, _ index: Int, of count: Int) -> Double {
      range.lowerBound + (Double(index) + 0.5) / Double(count) * (range.upperBound - range.lowerBound)
    }
    return (0..<rows).flatMap { row in
      (0..<columns).map { column in
        GameFamily.Parameters(
          rate: middle(Self.sizes, column, of: columns) / largest, momentum: middle(Self.momenta, row, of: rows))
      }
    }
  }

  /// The measured factor per step of each game.
  func growth(_ game: Bilinear, _ trained: Trained, steps: Int) throws -> [Double] {
    try GameFamily(
      LinearRule(rate: 1, .momentum(0), .alternating()), matrix: game.configuration.matrix, n: game.n, trained
    ).growth(games(game.singularValues().first ?? 1), from: game.start, steps: steps)
  }

  /// The predicted factor per step of each game, for these dynamics.
  func radii(_ game: Bilinear, _ dynamics: Dynamics) throws -> [Double] {
    let singular = try game.singularValues()
    return try games(singular.first ?? 1).map {
      try GameRates(LinearRule(rate: $0.rate, .momentum($0.momentum), dynamics)).spectralRadius(singular)
    }
  }
}
