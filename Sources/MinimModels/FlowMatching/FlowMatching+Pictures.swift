import MinimData
import MinimDrawing
import MinimKernels
import MinimNN

// Pictures of a field in the plane.

extension FlowMatching {
  /// Returns, for points of the plane, the density next to that of the data, samples on their way at five times, the ways of a
  /// few, and the field; for a mixture of normals also the closed field, the fit at each time, and the errors of the rules.
  /// Standardized data are shown as the net sees them.
  package func pictures(_ trained: Trained) throws -> [Picture] {
    guard exampleShape == [2] else { return [] }
    let density = scaling == nil ? trained.data.distribution?.density : nil
    let rows = trained.data.rows.map { scaling.normalized($0.values.map(Double.init)) }
    let window = density.map { (x: $0.window[0], y: $0.window[1]) } ?? Plot.window(of: rows ?? [-3, -3, 3, 3])
    let mixture = density as? GaussianMixture
    // The closed field is that of independent noise.
    let known = configuration.coupling == .independent ? density as? any KnownField : nil
    let closed = known.flatMap { FieldPictures.closed($0, configuration.path) }
    var pictures: [Picture] = []
    if let density { pictures.append(try densities(window, density, trained)) }
    if let mixture { pictures += try guidance(mixture, window, trained) }
    pictures.append(
      FlowPictures.filmStrip(
        try states(2000, at: Self.times, trained), titles: Self.times.map { "t = \(Readable.number($0))" }))
    pictures.append(try trajectories(window, trained))
    pictures.append(try FieldPictures.arrows(self, closed, window, trained))
    if let known { pictures += try FieldPictures.errors(self, known, trained) }
    if let mixture { pictures.append(try FieldPictures.solvers(self, mixture, trained)) }
    return pictures
  }

  private static let times = [0, 0.25, 0.5, 0.75, 1]

  private func densities(_ window: Plot.Window, _ density: any Density, _ trained: Trained) throws -> Picture {
    let flow = try FieldFlow(self, steps: configuration.steps / 2, trained)
    return FlowPictures.densities(window, cells: 80, model: flow.logProbs, target: { density.logProbs($0) })
  }

  /// The same samples at several times, in the unit of the net.
  private func states(_ count: Int, at times: [Double], _ trained: Trained) throws -> [[Double]] {
    let key = RandomKey(seed: trained.seed).folding(.sampling)
    let noise = (0..<UInt64(count * dimensions)).map { key.normal(at: $0) }
    let steps = max(1, configuration.steps / max(1, times.count - 1))
    let flow = try FieldFlow(
      of: field.velocity, dimensions: dimensions, steps: steps, divergences: .skipped, trained)
    return zip(times, times.dropFirst()).reduce(into: [noise]) { states, ends in
      states.append(flow.flow(states[states.count - 1], from: ends.0, to: ends.1).points)
    }
  }

  /// The ways of some samples, and a film of more.
  private func trajectories(_ window: Plot.Window, _ trained: Trained) throws -> Picture {
    let times = (0...32).map { Double($0) / 32 }
    let states = try states(60, at: times, trained)
    let ways = (0..<60).map { index in states.map { (x: $0[2 * index], y: $0[2 * index + 1]) } }
    let whole = (
      x: min(window.x.lowerBound, -3)...max(window.x.upperBound, 3),
      y: min(window.y.lowerBound, -3)...max(window.y.upperBound, 3)
    )
    return Picture(
      "trajectories",
      .plane(
        "from noise to data", whole,
        [
          .init(.lines(ways), name: "ways", color: Plot.background),
          .init(.points(ways.compactMap(\.first)), name: "t = 0", color: 0),
          .init(.points(ways.compactMap(\.last)), name: "t = 1", color: 1),
        ]), film: Film(try self.states(250, at: (0...16).map { Double($0) / 16 }, trained).map { Plot.points($0) }))
  }

  /// The density of the first class with guidance, next to the tilted one, p(x given class)^(1 + w) p(x)^-w, and the class's own.
  private func guidance(_ mixture: GaussianMixture, _ window: Plot.Window, _ trained: Trained) throws -> [Picture] {
    guard isConditional, configuration.guidance != 0, mixture.components == configuration.classes else { return [] }
    let cells = 80, w = configuration.guidance
    let flow = try FieldFlow(self, of: 0, steps: configuration.steps / 2, trained)
    let own = GaussianMixture(name: "class", means: [mixture.means[0]], covariances: [mixture.covariances[0]])
    let square = Plot.squared(window)
    let area = (square.x.upperBound - square.x.lowerBound) / Double(cells)
    let class0 = FlowPictures.logProbs(window, cells) { own.logProbs($0) }
    let all = FlowPictures.logProbs(window, cells) { mixture.logProbs($0) }
    let tilted = zip(class0, all).map { (1 + w) * $0 - w * $1 }
    let mass = tilted.reduce(0) { $0 + Elementary.exp($1) * area * area }
    return [
      FlowPictures.densities(
        window, cells: cells, columns: 3, named: "guidance",
        [
          (
            "samples of the first class, guided by \(Readable.number(w))",
            FlowPictures.logProbs(window, cells, flow.logProbs)
          ),
          ("the tilted density", tilted.map { $0 - Elementary.log(mass) }), ("the class itself", class0),
        ])
    ]
  }
}
