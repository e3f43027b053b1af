import MinimDrawing
import MinimFiles

/// The curves of runs in groups, such as those with one value of a key: the mean of each group with the room of its runs, and a panel with every
/// run for each group.
struct CurveGroups {
  typealias Curve = [(x: Double, y: Double)]

  private let metric: String
  private let groups: [(name: String, curves: [Curve])]
  /// Whether the runs of a group differ only by chance, so that they have a mean.
  private let areRepeats: Bool

  /// The most points of all curves together: a page is at most 1 MB.
  private static let most = 30_000
  /// The most groups: further ones have colors that others have, and panels that nobody compares.
  private static let mostGroups = 10

  /// Takes the curves with more than one point.
  ///
  /// - Parameters:
  ///   - metric: the name of what the curves show.
  ///   - groups: the curves of each group.
  ///   - areRepeats: whether the runs of a group differ only by chance, as by their seeds.
  ///   - panels: in how many sets of plots the page shows these curves.
  init(_ metric: String, _ groups: [(name: String, curves: [Curve])], areRepeats: Bool = true, sharing panels: Int = 1)
  {
    (self.metric, self.areRepeats) = (metric, areRepeats)
    let count = groups.reduce(0) { $0 + $1.curves.count }
    let most = max(2, Self.most / max(1, count * panels))
    self.groups = groups.map { name, curves in
      (name, curves.filter { $0.count > 1 }.map { ThinnedCurve($0, most: most).points })
    }.filter { !$0.curves.isEmpty }
  }

  private var isNamed: Bool { (2...Self.mostGroups).contains(groups.count) }
  private var count: Int { groups.reduce(0) { $0 + $1.curves.count } }

  /// All groups in one plot: the mean and the room of a group of several runs, and the curve of a single one. Where there are
  /// too many groups to name, every curve.
  var overview: Plot? {
    guard !groups.isEmpty else { return nil }
    let title = "\(metric) of \(Readable.count(count, "run"))"
    guard groups.count <= Self.mostGroups else {
      return Plot(title, xLabel: "step", yLabel: metric, [.init(.lines(groups.flatMap(\.curves)))])
    }
    let means = groups.map { areRepeats ? CurveMean($0.curves) : nil }
    let bands = means.enumerated().compactMap { index, mean in
      mean.map { Plot.Series(.band($0.band), color: Plot.classColor(index)) }
    }
    let lines = groups.enumerated().map { index, group -> Plot.Series in
      let name = isNamed ? group.name : nil, color = Plot.classColor(index)
      if let mean = means[index] { return .init(.line(mean.line), name: name, color: color) }
      return group.curves.count == 1
        ? .init(.line(group.curves[0]), name: name, color: color)
        : .init(.lines(group.curves), name: name, color: color)
    }
    let hasMeans = means.contains { $0 != nil }
    return Plot(
      title + (hasMeans ? ": means, between the lowest and the highest run" : ""), xLabel: "step", yLabel: metric,
      bands + lines)
  }

  /// A panel for each group with every run and the mean, all with the same scales; none if no group has several runs.
  var panels: [Plot] {
    guard areRepeats, groups.count <= Self.mostGroups, groups.contains(where: { $0.curves.count > 1 }) else {
      return []
    }
    let all = groups.flatMap { $0.curves.flatMap { $0 } }.filter { $0.y.isFinite }
    let x = Plot.range(of: all.map(\.x)), y = Plot.range(of: all.map(\.y))
    return groups.enumerated().map { index, group in
      let color = Plot.classColor(index)
      let mean = CurveMean(group.curves).map { [Plot.Series(.line($0.line), color: color)] } ?? []
      return Plot(
        "\(group.name): \(Readable.count(group.curves.count, "run"))", xLabel: "step", yLabel: metric, xRange: x,
        yRange: y,
        [.init(.lines(group.curves), color: Plot.background)] + mean)
    }
  }
}
