import MinimDrawing
import MinimNN

extension FixedPosterior {
  /// Returns the objective of each q next to log p(x), and the ascent of EM.
  public func pictures(_ trained: Trained) throws -> [Picture] {
    let model = model(trained.parameters)
    guard model.logProb(rows).isFinite else { return [] }
    return [Picture("ecll", plots: [objectives(model), climb(model)], columns: 2)]
  }

  /// log p(theta) and E_q log p(x, z) + H(q) = log p(theta) - KL of each q, over theta: shifted by H(q), each curve
  /// touches log p(theta) where q is the posterior.
  private func objectives(_ model: OneFactor) -> Plot {
    let learned = configuration.learned
    var curves: [(name: String, q: LinearNormal)] = [
      ("posterior at the maximum", best.posterior), ("posterior at the start", start.posterior), ("prior", .prior),
    ]
    if configuration.posterior == .normal { curves.append(("normal", q(at: model))) }
    func raised(_ q: LinearNormal, _ theta: Double) -> Double {
      start.with(learned, theta).expectedLogJoint(q, rows) + q.entropy
    }
    let tops = curves.map { curve in
      let theta = maximum(curve.q)[learned]
      return (x: theta, y: raised(curve.q, theta), error: 0.0)
    }
    // Covers all marks, with a margin; of steep curves only the part near their tops.
    let marked = tops.map(\.x) + [start[learned], best[learned], model[learned]]
    let (left, right) = (marked.min() ?? 0, marked.max() ?? 0)
    let margin = max(0.25 * (right - left), 0.25)
    let width = right - left + 2 * margin
    let grid = (0...240).map { index -> Double in left - margin + width * Double(index) / 240 }
    let top = best.logProb(rows)
    let low = min(start.logProb(rows), model.logProb(rows), tops.map(\.y).min() ?? top)
    let range = low - 0.4 * max(top - low, 0.01)...top + 0.35 * max(top - low, 0.01)
    func line(_ value: (Double) -> Double) -> Plot.Layer {
      .line(grid.map { ($0, value($0)) })
    }
    let shown = line { start.with(learned, $0).logProb(rows) }
    return Plot(
      "log p(x), and its bound by each q; marks: maxima", xLabel: "\(learned)",
      yLabel: "log p(x) and bounds, nats per example", yRange: range,
      [.init(.mark(x: model[learned]), name: "where training ended"), .init(shown, name: "log p(x)", color: 0)]
        + curves.enumerated().map { index, curve in
          .init(line { raised(curve.q, $0) }, name: "q: \(curve.name)", color: index + 1)
        } + [.init(.dots([(best[learned], top, 0)]), color: 0)]
        + tops.enumerated().map { .init(.dots([$1]), color: $0 + 1) })
  }

  /// log p(x) after each round of EM, as far as a picture can show it, with its maximum and where training ended.
  private func climb(_ model: OneFactor) -> Plot {
    let top = best.logProb(rows)
    let all = ExpectationMaximization(configuration.learned, rows).rounds(from: start, atMost: 200)
      .map { $0.logProb(rows) }
    let near = all.firstIndex { top - $0 < 1e-3 * (top - all[0]) } ?? all.count - 1
    let climbed = all.prefix(max(near, 5) + 1).enumerated().map { (x: Double($0), y: $1, error: 0.0) }
    let end = model.logProb(rows)
    let low = min(all[0], end), room = max(top - low, 0.01)
    return Plot(
      "EM from the start", xLabel: "rounds", yLabel: "log p(x), nats per example",
      // Room for the legend above the maximum.
      yRange: low - 0.1 * room...top + 0.35 * room,
      [
        .init(.level(y: end), name: "where training ended"),
        .init(.line([0, Double(climbed.count - 1)].map { ($0, top) }), name: "maximum", color: 5),
        .init(.line(climbed.map { ($0.x, $0.y) }), name: "EM", color: 0), .init(.dots(climbed), color: 0),
      ])
  }
}
