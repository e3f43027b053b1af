import MinimDrawing
import MinimKernels
import MinimNN

extension Bilinear {
  /// Returns the players' paths, and their distance from equilibrium, under the run's rule and under others.
  public func pictures(_ trained: Trained) throws -> [Picture] {
    guard let rule = trained.rule else { return [] }
    let shown = LinearRule.all(rate: rule.schedule.peak)
    let paths = try shown.map {
      (rule: $0, path: try Trajectories(self, $0.updateRule(steps: 200), trained).trajectory(from: start, steps: 200))
    }
    // In the colors and dashes that its rule has in all panels.
    let name = LinearRule(rule)?.name
    let color = shown.firstIndex { $0.name == name } ?? 8
    let own = try Trajectories(self, rule, trained).trajectory(from: start, steps: min(rule.steps, 400))
    return [
      Picture(
        "game",
        plots: [
          plane("path of the run" + (name.map { ", \($0)" } ?? ""), [(name: nil, path: own, color: color)]),
          try distances(paths), plane("paths under other rules", others(paths, except: color)),
          try spectra(rule.schedule.peak),
        ],
        columns: 2)
    ] + (configuration.phaseDiagram ? [try phaseDiagram(trained)] : [])
  }

  /// The paths that do not leave the others' scale.
  private func others(
    _ paths: [(rule: LinearRule, path: [[Double]])], except own: Int
  ) -> [(name: String?, path: [[Double]], color: Int)] {
    let limit = 3 * euclideanNorm(start)
    return paths.enumerated().filter { $0.offset != own }.map {
      ($0.element.rule.name, Array($0.element.path.prefix { euclideanNorm($0) < limit }), $0.offset)
    }
  }

  /// The first value of each player, one over the other; a ring at the start.
  private func plane(_ title: String, _ paths: [(name: String?, path: [[Double]], color: Int)]) -> Plot {
    let lines = paths.map { Plot.Series(.line($0.path.map { ($0[0], $0[n]) }), name: $0.name, color: $0.color) }
    let which = n > 1 ? ", first value" : ""
    return Plot(
      title, xLabel: "critic" + which, yLabel: "generator" + which, isSquare: true,
      lines + [.init(.dots([(start[0], start[n], 0)]), name: "start", color: 7)])
  }

  /// The norm over the steps, and as dots the prediction of the spectral radius from the same start.
  private func distances(_ paths: [(rule: LinearRule, path: [[Double]])]) throws -> Plot {
    let singular = try singularValues()
    let perDecade = Elementary.log(10)
    var (least, most) = (0.0, 0.0)
    let series = try paths.enumerated().flatMap { index, it -> [Plot.Series] in
      let logs = it.path.map { Elementary.log(max(euclideanNorm($0), 1e-300)) / perDecade }
      let slope = Elementary.log(max(1e-12, try GameRates(it.rule).spectralRadius(singular))) / perDecade
      let dots = stride(from: 0, to: logs.count, by: 20).map {
        (x: Double($0), y: logs[0] + slope * Double($0), error: 0.0)
      }
      (least, most) = (min(least, logs.min() ?? 0), max(most, logs.max() ?? 0))
      return [
        .init(.line(logs.enumerated().map { (Double($0), $1) }), name: it.rule.name, color: index),
        .init(.dots(dots), color: index),
      ]
    }
    return Plot(
      "distance from 0; marks: as the spectral radius predicts", xLabel: "step", yLabel: "|z|",
      // What has converged to rounding, or diverges, would squeeze the rest.
      yRange: max(least, -12)...min(most, 12), yScale: .powersOfTen, series)
  }
}
