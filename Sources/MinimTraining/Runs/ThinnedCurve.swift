/// A curve of any length in bounded memory: of many points only the lowest and the highest of each of so many pieces of
/// equal numbers. What it keeps depends on the points alone.
package struct ThinnedCurve: Sendable {
  package typealias Point = (x: Double, y: Double)

  /// A piece: the points with its lowest and its highest value, in their order. Values that are not numbers give way.
  private struct Piece {
    var low: Point, high: Point
    /// The number of points.
    var count = 1

    var points: [Point] {
      if low.x == high.x { return [low] }
      return low.x <= high.x ? [low, high] : [high, low]
    }

    mutating func add(_ other: Piece) {
      if low.y.isNaN || other.low.y < low.y, !other.low.y.isNaN { low = other.low }
      if high.y.isNaN || other.high.y > high.y, !other.high.y.isNaN { high = other.high }
      count += other.count
    }
  }

  /// The most points that are kept.
  private let most: Int
  private var pieces: [Piece] = []
  /// The number of points per piece.
  private var size = 1

  /// - Parameter most: the most points to keep, at least 4; a screen has about a thousand columns.
  package init(most: Int = 2000) { self.most = max(4, most) }

  /// Thins a curve that is there already.
  package init(_ points: [Point], most: Int) {
    self.init(most: most)
    for point in points { append(point) }
  }

  /// Adds the next point.
  package mutating func append(_ point: Point) {
    while isFull, (pieces.count + 1) * min(size, 2) > most { halve() }
    let piece = Piece(low: point, high: point)
    if let last = pieces.indices.last, !isFull { pieces[last].add(piece) } else { pieces.append(piece) }
  }

  /// Whether the last piece has all its points.
  private var isFull: Bool { pieces.last.map { $0.count >= size } ?? true }

  /// Makes each two pieces one.
  private mutating func halve() {
    var halved: [Piece] = []
    for index in stride(from: 0, to: pieces.count, by: 2) {
      var piece = pieces[index]
      if index + 1 < pieces.count { piece.add(pieces[index + 1]) }
      halved.append(piece)
    }
    (pieces, size) = (halved, 2 * size)
  }

  /// The points that are kept, in their order: all of them if they are few.
  package var points: [Point] { pieces.flatMap(\.points) }
}
