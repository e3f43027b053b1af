import MinimConfiguration
import MinimKernels

/// The two-dimensional Ising model on a grid with free boundary: spins s = 2x - 1 of pixels x in {0, 1}, and
///     p(x) = exp(beta * sum over the bonds of s_i s_j) / Z,
/// a bond for each pair of horizontal or vertical neighbors. Everything about it is exact, by the transfer matrix
/// (Kramers and Wannier 1941, "Statistics of the two-dimensional ferromagnet"), taken pixel by pixel in reading order.
///
/// The *frontier* of a pixel is the `width` pixels before it: given these it does not depend on any earlier one. A
/// state of the frontier is a number whose bit k is the pixel k + 1 places back. The first pixels have shorter
/// frontiers.
public struct Ising: Sendable {
  /// Rows and columns of an image.
  public let height: Int, width: Int
  /// The strength of a bond; positive favors equal neighbors. Without a unit: energies are divided by the temperature.
  public let beta: Double
  /// ln Z, in nats.
  public let logPartition: Double
  /// The pairs of neighbors by their places in reading order, the earlier one first. For each pixel the bond to its
  /// left, then the bond upward.
  public let bonds: [(Int, Int)]
  /// E[s_i s_j] of each bond, in the order of `bonds`.
  public let bondCorrelations: [Double]

  /// p(x_i = 1 | state of the frontier), at i 2^width + state. By symmetry p(x_i = 0 | state) is that of the state with
  /// all bits flipped, to the bit, which is accurate even where 1 - p would not be.
  let probabilities: [Double]
  /// The probabilities as whole numbers: a pixel is 1 if 53 random bits are below.
  let thresholds: [Int]

  /// The allowed extents and strengths: the transfer matrix has 2^width states.
  public static let heights = 1...64, widths = 1...10, betas = -2.0...2.0

  /// Creates a model of the given extents and strength, within `heights`, `widths` and `betas`.
  public init(height: Int, width: Int, beta: Double) {
    precondition(Self.heights.contains(height), "an Ising model has \(Self.heights) rows, not \(height)")
    precondition(Self.widths.contains(width), "an Ising model has \(Self.widths) columns, not \(width)")
    precondition(Self.betas.contains(beta), "beta is in \(Self.betas), not \(beta)")
    self.height = height
    self.width = width
    self.beta = beta
    var bonds: [(Int, Int)] = []
    for pixel in 0..<height * width {
      if pixel % width > 0 { bonds.append((pixel - 1, pixel)) }
      if pixel >= width { bonds.append((pixel - width, pixel)) }
    }
    self.bonds = bonds
    let transfer = IsingTransfer(height: height, width: width, beta: beta)
    logPartition = transfer.logPartition
    probabilities = transfer.probabilities
    thresholds = probabilities.map(Self.threshold)
    bondCorrelations = FrontierMessage.bondCorrelations(probabilities, height: height, width: width)
  }

  /// Reads the section "data" of a config.
  public init(_ section: ConfigurationSection) {
    self.init(
      height: section.integer("height", default: 5, in: Self.heights, "Rows of an image."),
      width: section.integer(
        "width", default: 5, in: Self.widths, "Columns of an image; the transfer matrix has 2^width states."),
      beta: section.number(
        "beta", default: 0.44, in: Self.betas,
        "Strength of the bonds between neighbors: positive favors equal ones, 0 means fair coins."))
  }

  /// The extents of an image.
  public var exampleShape: [Int] { [height, width, 1] }

  /// The number of pixels of an image.
  var pixels: Int { height * width }

  /// The expected sum of s_i s_j over the bonds.
  public var bondSum: Double { bondCorrelations.reduce(0, +) }

  /// The entropy of an image, in nats.
  public var entropy: Double { logPartition - beta * bondSum }

  /// The logarithm of an image's probability, in nats; -infinity for anything but a binary image of these extents.
  public func logProb(_ image: ArraySlice<Float>) -> Double {
    guard image.count == pixels, image.allSatisfy({ $0 == 0 || $0 == 1 }) else { return -.infinity }
    let start = image.startIndex
    let equal = bonds.count { image[start + $0.0] == image[start + $0.1] }
    return beta * Double(2 * equal - bonds.count) - logPartition
  }
}
