import MinimAutodiff
import MinimData
import MinimDrawing
import MinimKernels
import MinimNN

/// Pictures of a field in the plane: where it points, how far it is from the closed one, and what a solver makes of it.
enum FieldPictures {
  private static let times = [0.05, 0.5, 0.95]

  /// The velocities of a field at points and a time.
  typealias Field = (_ points: [[Double]], _ time: Double, _ trained: Trained) throws -> [[Double]]

  /// The closed field of known data.
  static func closed(_ density: any KnownField, _ path: ProbabilityPath) -> Field? {
    if let mixture = density as? GaussianMixture {
      let field = MarginalField(path, mixture)
      return { try velocities(of: field.velocity, $0, at: $1, $2) }
    }
    guard let board = density as? Checkerboard else { return nil }
    let noisy = NoisyCheckerboard(path, board)
    return { points, time, _ in
      points.map { point in
        let u = noisy.posterior(point[0], point[1], at: time).velocity
        // So far from the board that p_t is below all numbers.
        return u.0.isFinite && u.1.isFinite ? [u.0, u.1] : [0, 0]
      }
    }
  }

  /// The field at three times, and the closed one below if there is one. Each line goes from a point along the
  /// field, to a dot at its end.
  ///
  /// - Parameter closed: the closed field at points and a time; nil if it is not known.
  static func arrows(
    _ model: FlowMatching, _ closed: Field?, _ window: Plot.Window, _ trained: Trained
  ) throws -> Picture {
    let side = 15
    let window = (
      x: min(window.x.lowerBound, -2.5)...max(window.x.upperBound, 2.5),
      y: min(window.y.lowerBound, -2.5)...max(window.y.upperBound, 2.5)
    )
    func axis(_ range: ClosedRange<Double>) -> [Double] {
      let length = range.upperBound - range.lowerBound
      return (0..<side).map { index -> Double in range.lowerBound + (Double(index) + 0.5) / Double(side) * length }
    }
    let points = axis(window.y).flatMap { y in axis(window.x).map { [$0, y] } }
    let cell = (window.x.upperBound - window.x.lowerBound) / Double(side)
    let learned: Field = { try velocities(of: model.field.velocity, $0, at: $1, $2) }
    let fields = [("learned", learned)] + (closed.map { [("exact", $0)] } ?? [])
    let plots = try fields.flatMap { name, field in
      try times.map { time in
        let values = try field(points, time, trained)
        let lengths = values.map { ($0[0] * $0[0] + $0[1] * $0[1]).squareRoot() }
        // The longest is as long as a cell and a half.
        let longest = max(1e-12, lengths.reduce(0, max)), scale = 1.5 * cell / longest
        let lines = zip(points, values).map { point, v in
          [(x: point[0], y: point[1]), (x: point[0] + scale * v[0], y: point[1] + scale * v[1])]
        }
        return Plot.plane(
          "\(name) velocity at t = \(time): lines to dots, the longest is \(Readable.significant(longest, digits: 2))",
          window,
          [
            // Without dashes, and dark enough to be seen between the dots.
            .init(.lines(lines), color: 0), .init(.points(lines.map { $0[1] }), color: name == "learned" ? 0 : 1),
          ])
      }
    }
    return Picture("fields", plots: plots, columns: times.count)
  }

  private static func velocities(
    of velocity: (Tensor, Tensor) -> Tensor, _ points: [[Double]], at time: Double, _ trained: Trained
  ) throws -> [[Double]] {
    let n = points.count, (x, t) = (Tensor.input("x", shape: [n, 2]), Tensor.input("t", shape: [1, 1]))
    let values = try trained.values(
      of: [velocity(x, t.broadcast(to: [n, 1]))], inputs: ["x": points.flatMap { $0 }, "t": [time]])[0]
    return (0..<n).map { [values[2 * $0], values[2 * $0 + 1]] }
  }

  /// The fit and the floor at each time; for a few rows also what memorizing them would reach.
  static func errors(_ model: FlowMatching, _ density: any KnownField, _ trained: Trained) throws -> [Picture] {
    let precise = try trained.inDouble(), fit = try model.fit(density, precise)
    return try [self.fit(fit)] + (RowTheorems(model, precise).map { [memorizing($0, fit)] } ?? [])
  }

  /// Over the time: where a field errs does not show in its loss.
  private static func fit(_ fit: FieldFit) -> Picture {
    func line(_ value: (FieldFit.Moment) -> Double) -> Plot.Layer {
      .line(fit.moments.map { (x: $0.time, y: Elementary.log10(max(1e-12, value($0)))) })
    }
    return Picture(
      "fit",
      Plot(
        "squared error of the velocity at each time", xLabel: "t", yLabel: "squared error",
        yScale: .powersOfTen,
        [.init(line(\.fit), name: "fit, beyond the floor"), .init(line(\.floor), name: "floor of the loss")]))
  }

  /// FM9: the squared errors on rows and on new draws, each with its floor.
  private static func memorizing(_ rows: RowTheorems, _ fit: FieldFit) -> Picture {
    func line(_ points: [(x: Double, y: Double)]) -> Plot.Layer { .line(points) }
    func known(_ value: (FieldFit.Moment) -> Double) -> Plot.Layer {
      line(fit.moments.map { (x: $0.time, y: value($0)) })
    }
    let drawn = rows.errors(bins: 24)
    return Picture(
      "memorizing",
      Plot(
        "squared error on the rows and on new draws", xLabel: "t", yLabel: "squared error",
        [
          .init(known { $0.floor + $0.fit }, name: "on new draws", color: 0),
          .init(known(\.floor), name: "floor on new draws", color: 1),
          .init(line(drawn.map { (x: $0.time, y: $0.own) }), name: "on the rows", color: 2),
          .init(line(drawn.map { (x: $0.time, y: $0.floor) }), name: "floor on the rows", color: 3),
        ]))
  }

  /// The errors of the three rules on the closed field over the number of steps.
  static func solvers(_ model: FlowMatching, _ mixture: GaussianMixture, _ trained: Trained) throws -> Picture {
    let theorems = MixtureTheorems(model, mixture, try trained.inDouble())
    let counts = [8, 16, 32, 64, 128]
    let names = [SolverRule.euler: "Euler", .heun: "Heun", .rungeKutta: "Runge-Kutta"]
    let runs = SolverRule.allCases.flatMap { rule in counts.map { (rule, $0) } }
    let errors = try theorems.solverErrors(runs)
    let series = SolverRule.allCases.enumerated().map { place, rule in
      let own = errors[place * counts.count..<(place + 1) * counts.count]
      return Plot.Series(
        .line(zip(counts, own).map { (x: Elementary.log10(Double($0)), y: Elementary.log10(max(1e-16, $1))) }),
        name: names[rule])
    }
    return Picture(
      "solvers",
      Plot(
        "solvers of orders 1, 2 and 4 on the exact field", xLabel: "steps",
        yLabel: "distance from the exact end at t = 1",
        xScale: .powersOfTen, yScale: .powersOfTen, series))
  }
}
