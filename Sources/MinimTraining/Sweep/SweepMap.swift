import MinimDrawing
import MinimKernels
import MinimNN

/// The last losses of a sweep over its keys: as shades over two lists of values, as lines across an axis for each of several keys.
struct SweepMap {
  private let grid: SweepGrid
  private let members: [(member: SweepGrid.Member, loss: Double?)]
  /// The name of the losses, and that with its unit; nil if there are none.
  let lossName: String?, lossLabel: String?
  /// The keys with several values, except for the seed.
  private let keys: [SweepGrid.Axis]

  /// The most lines: more hide each other, and a page is at most 1 MB.
  private static let most = 2000

  init(_ grid: SweepGrid, _ members: [(member: SweepGrid.Member, entry: RunComparison.Entry)]) {
    self.grid = grid
    self.members = members.map { ($0.member, $0.entry.record.loss?.value) }
    lossName = members.lazy.compactMap(\.entry.metrics?.lossName).first
    lossLabel = lossName.flatMap { name in RunComparison.label(name, members.lazy.map(\.entry)) }
    keys = grid.axes.filter { $0.values.count != 1 && $0.key != "seed" }
  }

  /// The mean of the last losses over two keys, the first along x; nil if there are not two, each with a list of values.
  var shades: Plot? {
    guard keys.count == 2, keys.allSatisfy({ !$0.values.isEmpty }), let lossName, let lossLabel else { return nil }
    let (across, up) = (keys[0], keys[1])
    var losses: [[String]: [Double]] = [:]  // never iterated
    for (member, loss) in members {
      guard let x = member.value(of: across.key), let y = member.value(of: up.key), let loss else { continue }
      losses[[x, y], default: []].append(loss)
    }
    let values = up.values.flatMap { y in
      across.values.map { x in losses[[x, y]].map { Statistics.mean($0).mean } ?? .nan }
    }
    let isMean = losses.contains { $0.value.count > 1 }
    return Plot(
      isMean ? "mean of the last \(lossName)" : "last \(lossName)", xLabel: across.key, yLabel: up.key,
      xNames: across.values, yNames: up.values,
      [
        .init(
          .field(
            .init(
              values, named: lossLabel, columns: across.values.count, x: 0.5...Double(across.values.count) + 0.5,
              y: 0.5...Double(up.values.count) + 0.5, palette: .viridis)))
      ])
  }

  /// A line for each run across its values; nil for fewer than two keys, or if shades show them.
  var parallel: ParallelCoordinates? {
    guard keys.count > 1, shades == nil, let lossLabel else { return nil }
    let shown = members.prefix(Self.most)
    let axes = keys.map { axis -> ParallelCoordinates.Axis in
      let texts = shown.map { $0.member.value(of: axis.key) ?? "" }
      switch axis.choices {
      case .list(let values):
        let places = texts.map { text in values.firstIndex(of: text).map { Double($0 + 1) } ?? .nan }
        return .init(axis.key, places, names: values)
      case .uniform: return .init(axis.key, texts.map { Double($0) ?? .nan })
      case .logUniform:
        return .init(
          axis.key, texts.map { Double($0).map { Elementary.log10($0) } ?? .nan }, scale: .powersOfTen)
      }
    }
    return ParallelCoordinates(axes + [.init(lossLabel, shown.map { $0.loss ?? .nan })])
  }
}
