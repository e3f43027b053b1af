import MinimKernels

/// The bounds of all normals on a lattice of means and deviations, for one example with one or two latent variables: a look at
/// the whole of them, since each search sees only its own hill. Two searches that meet may both have missed a higher one: a
/// wide normal that holds several modes, or a narrow one elsewhere.
///
/// The bound of a normal is the expectation of log p(x, z) plus the normal's entropy. The expectations of all normals of the same
/// deviations at once are log p(x, z) on a grid, smoothed by their density.
struct LatentSurvey {
  private let grid: LatentGrid
  private let dimensions: Int
  /// The normals' density at the distances of grid points, for each deviation; from the middle outward, adding up to 1.
  private let kernels: [[Double]]
  /// The steps from a point to those next to it.
  private let neighbors: [[Int]]

  /// A survey's window and spacing; the narrowest normals are as wide as the spacing.
  static let grid = LatentGrid(side: 61, reach: 4)
  private static let deviations = [0.125, 0.25, 0.5, 1]
  /// Tops that are further below the highest are not worth a search: the lattice misses less than that of a normal.
  private static let reach = 1.5
  private static let most = 4

  init(dimensions: Int) {
    (grid, self.dimensions) = (Self.grid, dimensions)
    neighbors =
      dimensions == 1
      ? [[-1], [1]] : (0..<9).map { [$0 / 3 - 1, $0 % 3 - 1] }.filter { $0 != [0, 0] }
    kernels = Self.deviations.map { deviation in
      let taps = (0...Int(5 * deviation / Self.grid.spacing)).map { step in
        let distance = Double(step) * Self.grid.spacing / deviation
        return Elementary.exp(-distance * distance / 2)
      }
      let sum = 2 * taps.reduce(0, +) - taps[0]
      return taps.map { $0 / sum }
    }
  }

  /// The tops of the lattice as codes of normals, the highest first.
  ///
  /// - Parameter logJoint: log p(x, z) at the points of the grid.
  func tops(_ logJoint: [Double]) -> [[Double]] {
    let levels = levels(logJoint)
    let least = (levels.compactMap { $0.max() }.max() ?? .infinity) - Self.reach
    var tops: [(place: Int, level: Int)] = []
    for level in levels.indices {
      for place in levels[level].indices where levels[level][place] >= least && isTop(place, level, levels) {
        tops.append((place, level))
      }
    }
    tops.sort { levels[$0.level][$0.place] > levels[$1.level][$1.place] }
    return tops.prefix(Self.most).map { top in
      NormalCode.independent(
        mean: grid.point(top.place, latent: dimensions),
        logDeviations: deviations(top.level).map { Elementary.log(Self.deviations[$0]) })
    }
  }

  /// The bounds at each point, up to a constant, for each choice of deviations: one number for one variable, the first slowest
  /// for two.
  private func levels(_ logJoint: [Double]) -> [[Double]] {
    let count = kernels.count
    // The last variable is next to itself, the first is a row away.
    let alongLast = kernels.map { smoothed(logJoint, $0, stride: 1) }
    func entropy(_ level: Int) -> Double { deviations(level).reduce(0) { $0 + Elementary.log(Self.deviations[$1]) } }
    if dimensions == 1 { return (0..<count).map { level in alongLast[level].map { $0 + entropy(level) } } }
    return (0..<count * count).map { level in
      smoothed(alongLast[level % count], kernels[level / count], stride: grid.side).map { $0 + entropy(level) }
    }
  }

  /// The deviations of a level, by number, one for each variable.
  private func deviations(_ level: Int) -> [Int] {
    dimensions == 1 ? [level] : [level / kernels.count, level % kernels.count]
  }

  /// Values smoothed along one variable; what is outside of the grid is as at its edge.
  private func smoothed(_ values: [Double], _ kernel: [Double], stride: Int) -> [Double] {
    let side = grid.side
    return values.withUnsafeBufferPointer { values in
      [Double](unsafeUninitializedCapacity: values.count) { result, initialized in
        for place in values.indices {
          let at = place / stride % side
          let start = place - at * stride
          var sum = kernel[0] * values[place]
          for step in 1..<max(1, kernel.count) {
            let (below, above) = (max(0, at - step), min(side - 1, at + step))
            sum += kernel[step] * (values[start + below * stride] + values[start + above * stride])
          }
          result.initializeElement(at: place, to: sum)
        }
        initialized = values.count
      }
    }
  }

  /// A point's place along each variable.
  private func point(_ place: Int) -> [Int] {
    dimensions == 1 ? [place] : [place / grid.side, place % grid.side]
  }

  /// Whether no neighbor is higher: a point next to it at the same deviations, or the same point at the next deviations.
  private func isTop(_ place: Int, _ level: Int, _ levels: [[Double]]) -> Bool {
    let value = levels[level][place], (side, count) = (grid.side, kernels.count)
    func isHigher(_ other: Double) -> Bool { other > value }
    for shift in neighbors {
      let other = zip(point(place), shift).map { $0 + $1 }
      guard other.allSatisfy({ (0..<side).contains($0) }) else { continue }
      if isHigher(levels[level][other.reduce(0) { $0 * side + $1 }]) { return false }
    }
    let choice = deviations(level)
    for variable in choice.indices {
      for step in [-1, 1] {
        var next = choice
        next[variable] += step
        guard (0..<count).contains(next[variable]) else { continue }
        if isHigher(levels[next.reduce(0) { $0 * count + $1 }][place]) { return false }
      }
    }
    return true
  }
}
