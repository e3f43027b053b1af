import MinimKernels

/// A uniform density on every second square of a board around the origin. It has edges, which no continuous map of a
/// normal reaches.
public struct Checkerboard: KnownDensity {
  /// The number of squares along a side of the board.
  public let squares: Int
  /// The length of a square.
  public let side: Double
  /// The lower left corners of the squares that have mass: the first square, and those connected to it by corners.
  public let corners: [[Double]]

  /// - Parameters:
  ///   - squares: two or more; with one there is no pattern.
  ///   - side: the length of a side of a square.
  public init(squares: Int = 4, side: Double = 1) {
    precondition((2...16).contains(squares) && side > 0, "no board has \(squares) squares of \(side)")
    self.squares = squares
    self.side = side
    let low = -Double(squares) * side / 2
    corners = (0..<squares).flatMap { i in
      (0..<squares).filter { (i + $0) % 2 == 0 }.map { [low + Double(i) * side, low + Double($0) * side] }
    }
  }

  /// The name in reports.
  public var name: String { "checkerboard, \(squares)x\(squares)" }
  /// The number of dimensions: a plane.
  public var dimensions: Int { 2 }
  /// The board.
  public var bounds: [ClosedRange<Double>] {
    let reach = Double(squares) * side / 2
    return [-reach...reach, -reach...reach]
  }
  /// Each cell lies in one square, also in a grid of half as many: its sums are exact.
  public var cells: [Int] { [16 * squares, 16 * squares] }

  private var logArea: Double { Elementary.log(Double(corners.count) * side * side) }

  /// A square includes its edges, so that a draw that is rounded to an edge still counts.
  public func logProb(_ x: [Double]) -> Double {
    let isInside = corners.contains { corner in
      (0..<2).allSatisfy { corner[$0] <= x[$0] && x[$0] <= corner[$0] + side }
    }
    return isInside ? -logArea : -.infinity
  }

  /// Draws the square by counter 0, the place by the counters 1 and 2: no nearer to an edge than 2^-20 of a side, which
  /// rounding to a Float does not cross.
  public func draw(_ key: RandomKey, into row: inout [Double]) {
    let corner = key.index(below: corners.count, at: 0)
    for i in 0..<2 {
      row[i] = corners[corner][i] + side * min(max(key.uniform(at: UInt64(i + 1)), 0x1p-20), 1 - 0x1p-20)
    }
  }

  /// The origin, about which the board is symmetric.
  public var mean: [Double] { [0, 0] }

  /// The covariance of the squares' centers plus that of a place in a square.
  public var covariance: [[Double]] {
    let centers = corners.map { $0.map { $0 + side / 2 } }
    return (0..<2).map { i in
      (0..<2).map { j in
        centers.reduce(0) { $0 + $1[i] * $1[j] } / Double(centers.count) + (i == j ? side * side / 12 : 0)
      }
    }
  }

  /// The logarithm of the area.
  public func entropy() -> QuadratureEstimate? { QuadratureEstimate(logArea) }
}
