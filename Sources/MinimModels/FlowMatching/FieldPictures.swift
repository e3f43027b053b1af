import MinimAutodiff
import MinimData
import MinimDrawing
import MinimKernels
import MinimNN

/// Pictures of a field in the plane: where it points, how far it is from the closed one, and what a solver makes of it.
enum FieldPictures {
  private static let times = [0.05, 0.25, 0.5, 0.75, 0.95]

  /// The field at five times, and the closed one below if there is one. Each line goes from a point along the
  /// field, to a dot at its end.
  static func arrows(
    _ model: FlowMatching, _ mixture: GaussianMixture?, _ window: Plot.Window, _ trained: Trained
  ) throws -> Picture {
    let side = 15
    let window = (
      x: min(window.x.lowerBound, -2.5)...max(window.x.upperBound, 2.5),
      y: min(window.y.lowerBound, -2.5)...max(window.y.upperBound, 2.5)
    )
    func axis(_ range: ClosedRange<Double>) -> [Double] {
      (0..<side).map { range.lowerBound + (Double($0) + 0.5) / Double(side) * (range.upperBound - range.lowerBound) }
    }
    let points = axis(window.y).flatMap { y in axis(window.x).map { [$0, y] } }
    let cell = (window.x.upperBound - window.x.lowerBound) / Double(side)
    let fields =
      [("learned", model.field.velocity)]
      + (mixture.map { [("closed", MarginalField(model.configuration.path, $0).velocity)] } ?? [])
    let plots = try fields.flatMap { name, velocity in
      try times.map { time in
        let values = try velocities(of: velocity, points, at: time, trained)
        let lengths = values.map { ($0[0] * $0[0] + $0[1] * $0[1]).squareRoot() }
        // The longest is as long as a cell and a half.
        let scale = 1.5 * cell / max(1e-12, lengths.reduce(0, max))
        let lines = zip(points, values).map { point, v in
          [(x: point[0], y: point[1]), (x: point[0] + scale * v[0], y: point[1] + scale * v[1])]
        }
        return Plot.plane(
          "\(name), t = \(time)", window,
          [
            .init(.lines(lines), color: Plot.background),
            .init(.points(lines.map { $0[1] }), color: name == "learned" ? 0 : 1),
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

  /// The fit and the floor at each time, in powers of ten: where a field errs does not show in its loss.
  static func fit(_ model: FlowMatching, _ mixture: GaussianMixture, _ trained: Trained) throws -> Picture {
    let moments = try FieldFit(model, mixture, times: .uniform, predicted: .velocity, trained.inDouble()).moments
    func line(_ value: (FieldFit.Moment) -> Double) -> Plot.Layer {
      .line(moments.map { (x: $0.time, y: Elementary.log10(max(1e-12, value($0)))) })
    }
    return Picture(
      "fit",
      Plot(
        "squared error of the velocity at each time", xLabel: "t", yLabel: "log10 of the squared error",
        [.init(line(\.fit), name: "fit: the field's own"), .init(line(\.floor), name: "floor: no field is below")]))
  }

  /// The errors of the three rules on the closed field over the number of steps.
  static func solvers(_ model: FlowMatching, _ mixture: GaussianMixture, _ trained: Trained) throws -> Picture {
    let theorems = MixtureTheorems(model, mixture, try trained.inDouble())
    let counts = [8, 16, 32, 64, 128]
    let names = [SolverRule.euler: "Euler", .heun: "Heun", .rungeKutta: "Runge and Kutta"]
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
        "errors at t = 1 on the closed field, of orders 1, 2 and 4", xLabel: "log10 of the steps",
        yLabel: "log10 of the error", series))
  }
}
