import MinimConfiguration
import MinimKernels

/// A sample of a known density, or draws of it without end, as a config asks for them.
struct DensitySample: Sendable {
  private let density: any KnownDensity
  /// 0 for draws without end.
  private let rows: Int
  /// The mixture whose components are classes; nil if rows have none.
  private let labeling: GaussianMixture?

  /// The default number of rows of a sample, and of the held-out rows if training draws without end.
  private static let defaultRows = 2000

  /// Creates a sample of `density`, which has read its own keys of the section; reads the number of rows.
  init(_ density: some KnownDensity, _ section: ConfigurationSection) {
    self.density = density
    rows = section.integer(
      "rows", default: Self.defaultRows, in: 0...1_000_000,
      "Rows of the sample, and as many for validation and for the test. 0: new draws in every step, and "
        + "\(Self.defaultRows) rows each for validation and for the test.")
    guard let mixture = density as? GaussianMixture, mixture.components <= Self.mostClasses else {
      labeling = nil
      return
    }
    let hasLabels = section.boolean("labels", default: false, "Whether each component is a class.")
    labeling = hasLabels ? mixture : nil
    if hasLabels, rows == 0 {
      section.report("labels", "new draws have no labels. Give \"rows\", or leave this out")
    }
  }

  /// The most components that can be classes.
  private static let mostClasses = 32

  /// Splits the data; each split is drawn with a key of its own.
  func split(key: RandomKey) -> DataSplit {
    let count = rows == 0 ? Self.defaultRows : rows
    let keys = (0..<3).map { key.folding($0) }
    let heldOut = keys.dropFirst().map { sample(count, $0) }
    return DataSplit(
      name: density.name,
      training: rows == 0 ? .draws(density, keys[0]) : .rows(sample(rows, keys[0])),
      validation: heldOut[0], test: heldOut[1], distribution: density,
      classNames: (labeling.map { 0..<$0.components } ?? 0..<0).map { "component \($0)" })
  }

  /// Rows, with the component of each as its label if these are classes.
  private func sample(_ count: Int, _ key: RandomKey) -> Dataset {
    let rows = density.dataset(rows: count, key: key)
    guard let labeling else { return rows }
    return Dataset(
      name: rows.name, exampleShape: rows.exampleShape, values: rows.values,
      labels: (0..<UInt64(count)).map { labeling.component(of: key.folding($0)) }, classes: labeling.components)
  }
}

/// The range of widths and lengths in a config.
private let lengths = 1e-2...1e2

extension GaussianMixture {
  /// Reads the section "data" of a config: any round components. Without any, the examples of one and two dimensions.
  public init(_ section: ConfigurationSection) {
    let d = section.integer("dimensions", default: 2, in: 1...16, "Values per row.")
    // `twoHumps` and `fourClusters`, written as in a config.
    let example: (centers: [Double], sigmas: [Double])? =
      switch d {
      case 1: ([-1, 1.5], [0.5, 0.7])
      case 2: ([1.5, 0, 0, 1.5, -1.5, 0, 0, -1.5], [0.35, 0.35, 0.35, 0.35])
      default: nil
      }
    let sigmas = section.numbers(
      "sigmas", default: example?.sigmas, in: lengths, count: 1...1000, "The standard deviation of each component.")
    let centers = section.numbers(
      "centers", default: example?.centers, in: -1e3...1e3, count: 1...16_000,
      "The centers, one component after the other.")
    let weights = section.numbers(
      "weights", default: [], in: 1e-6...1e6, count: 0...1000,
      "The weight of each component; equal by default.")
    let components = sigmas.count
    func check(_ key: String, _ found: Int, _ expected: Int, _ what: String) -> Bool {
      if found != expected { section.report(key, "expected \(expected) numbers, \(what), got \(found)") }
      return found == expected
    }
    let areRight = [
      check("centers", centers.count, d * components, "\(d) for each of \(components) deviations"),
      weights.isEmpty || check("weights", weights.count, components, "one for each deviation"),
    ]
    guard !areRight.contains(false), components > 0 else {
      self = .fourClusters
      return
    }
    self.init(
      name: "mixture of \(components) normals in \(d) dimensions",
      means: (0..<components).map { Array(centers[$0 * d..<($0 + 1) * d]) }, sigmas: sigmas,
      weights: weights.isEmpty ? nil : weights)
  }

  static func ring(_ section: ConfigurationSection) -> GaussianMixture {
    ring(
      components: section.integer("components", default: 8, in: 1...1000, "Clusters on the circle."),
      radius: section.number("radius", default: 2, in: lengths, "The radius of the circle."),
      sigma: section.number("sigma", default: 0.1, in: lengths, "The standard deviation of a cluster."))
  }

  static func correlatedNormal(_ section: ConfigurationSection) -> GaussianMixture {
    correlatedNormal(
      mean: section.numbers("mean", default: [1, -1], in: -1e3...1e3, count: 2...2, "The two means."),
      deviations: section.numbers(
        "deviations", default: [1, 1], in: lengths, count: 2...2, "The two standard deviations."),
      correlation: section.number("correlation", default: 0.8, in: -0.999...0.999, "The correlation of the two values.")
    )
  }

  static func twoMoons(_ section: ConfigurationSection) -> GaussianMixture {
    twoMoons(noise: noise(section))
  }

  static func spirals(_ section: ConfigurationSection) -> GaussianMixture {
    spirals(
      turns: section.number("turns", default: 1.5, in: 0.25...4, "Turns of each arm around the origin."),
      radius: section.number("radius", default: 3, in: 0.5...10, "The radius at which the arms end."),
      noise: noise(section))
  }

  private static func noise(_ section: ConfigurationSection) -> Double {
    section.number("noise", default: 0.1, in: 0.02...1, "The standard deviation of the points about the curve.")
  }
}

extension WarpedMixture {
  static func banana(_ section: ConfigurationSection) -> WarpedMixture {
    banana(
      deviation: section.number("deviation", default: 1, in: 0.1...10, "The standard deviation of the first value."),
      sigma: section.number(
        "sigma", default: 0.3, in: lengths, "The standard deviation of the second, given the first."),
      curvature: section.number(
        "curvature", default: 0.5, in: -10...10, "The factor of the first value's square in the mean of the second."))
  }

  static func pinwheel(_ section: ConfigurationSection) -> WarpedMixture {
    pinwheel(
      arms: section.integer("arms", default: 5, in: 3...100, "Arms around the origin."),
      radius: section.number(
        "radius", default: 1.8, in: 0.1...10, "The distance from the origin to the middle of an arm."),
      radialSigma: section.number("radialSigma", default: 0.4, in: lengths, "The standard deviation along an arm."),
      tangentialSigma: section.number(
        "tangentialSigma", default: 0.12, in: lengths, "Standard deviation across an arm."),
      twist: section.number(
        "twist", default: 0.2, in: -2...2, "The rotation angle of a point over its squared distance from the origin."))
  }
}

extension Checkerboard {
  init(_ section: ConfigurationSection) {
    self.init(
      squares: section.integer("squares", default: 4, in: 2...16, "Squares along a side of the board."),
      side: section.number("side", default: 1, in: lengths, "The length of a square."))
  }
}
