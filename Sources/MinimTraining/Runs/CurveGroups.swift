import MinimDrawing
import MinimFiles

/// The curves of runs in groups, such as those with one value of a key: the mean of each group with the range of its runs, and a panel
/// of its runs for each group.
struct CurveGroups {
  typealias Curve = [(x: Double, y: Double)]

  private let metric: String, label: String
  private let groups: [(name: String, curves: [Curve])]
  /// Whether the runs of a group differ only by chance, so that they have a mean.
  private let areRepeats: Bool
  /// The most points of a curve that is drawn.
  private let mostPoints: Int

  /// The most groups: further ones have colors that others have, and panels that nobody compares.
  static let mostGroups = 10
  /// The most points of all curves together, since a page is at most 1 MB, and the most curves, since they hide each other.
  private static let most = (points: 30_000, curves: 300)

  /// Takes the curves with more than one point.
  ///
  /// - Parameters:
  ///   - metric: the name of what the curves show.
  ///   - label: the same with its unit, for an axis.
  ///   - groups: the curves of each group.
  ///   - areRepeats: whether the runs of a group differ only by chance, as by their seeds.
  ///   - panels: in how many sets of plots the page shows these curves.
  init(
    _ metric: String, label: String, _ groups: [(name: String, curves: [Curve])], areRepeats: Bool = true,
    sharing panels: Int = 1
  ) {
    (self.metric, self.label, self.areRepeats) = (metric, label, areRepeats)
    self.groups = groups.map { name, curves in (name, curves.filter { $0.count > 1 }) }.filter { !$0.curves.isEmpty }
    let count = self.groups.reduce(0) { $0 + $1.curves.count }
    mostPoints = Self.most.points / max(1, min(count, Self.most.curves) * panels)
  }

  private var isNamed: Bool { (2...Self.mostGroups).contains(groups.count) }
  private var count: Int { groups.reduce(0) { $0 + $1.curves.count } }

  /// The first curves, thinned, and words for those that are left out.
  private func drawn(_ curves: [Curve], most: Int) -> (curves: [Curve], note: String) {
    let shown = curves.prefix(max(1, most)).map { ThinnedCurve($0, most: mostPoints).points }
    return (shown, shown.count < curves.count ? ", the first \(shown.count) drawn" : "")
  }

  /// All groups in one plot: the mean and the range of a group of several runs, and the curve of a single one. Where there are
  /// too many groups to name, the curves alone.
  var overview: Plot? {
    guard !groups.isEmpty else { return nil }
    let title = "\(metric) of \(Readable.count(count, "run"))"
    guard groups.count <= Self.mostGroups else {
      let all = drawn(groups.flatMap(\.curves), most: Self.most.curves)
      return Plot(title + all.note, xLabel: "step", yLabel: label, [.init(.lines(all.curves))])
    }
    var bands: [Plot.Series] = [], lines: [Plot.Series] = [], notes = ""
    for (index, group) in groups.enumerated() {
      let name = isNamed ? group.name : nil, color = Plot.classColor(index)
      if areRepeats, let mean = CurveMean(group.curves) {
        bands.append(.init(.band(mean.band), color: color))
        lines.append(.init(.line(mean.line), name: name, color: color))
        continue
      }
      let own = drawn(group.curves, most: Self.most.curves / groups.count)
      lines.append(.init(own.curves.count == 1 ? .line(own.curves[0]) : .lines(own.curves), name: name, color: color))
      notes = own.note.isEmpty ? notes : own.note + (isNamed ? " of each group" : "")
    }
    return Plot(
      title + (bands.isEmpty ? notes : ": means, between the lowest and the highest run"), xLabel: "step",
      yLabel: label, bands + lines)
  }

  /// A panel for each group with its runs and their mean, all with the same scales; none if no group has several runs.
  var panels: [Plot] {
    guard areRepeats, groups.count <= Self.mostGroups, groups.contains(where: { $0.curves.count > 1 }) else {
      return []
    }
    let all = groups.flatMap { $0.curves.flatMap { $0 } }.filter { $0.y.isFinite }
    let x = Plot.range(of: all.map(\.x)), y = Plot.range(of: all.map(\.y))
    return groups.enumerated().map { index, group in
      let own = drawn(group.curves, most: Self.most.curves / groups.count)
      let mean = CurveMean(group.curves).map { [Plot.Series(.line($0.line), color: Plot.classColor(index))] } ?? []
      return Plot(
        "\(group.name): \(Readable.count(group.curves.count, "run"))\(own.note)", xLabel: "step", yLabel: label,
        xRange: x, yRange: y, [.init(.lines(own.curves), color: Plot.background)] + mean)
    }
  }
}
