/// How much of each pixel a shape covers, exactly: edges add their signed areas, and a sum from the left turns these into
/// coverage. The order of additions is that of the edges, so the same shape has the same pixels on every machine.
struct Coverage {
  private let width: Int, height: Int
  private var areas: [Float]
  /// The rows and columns that edges have touched.
  private var rows: Range<Int> = 0..<0
  private var columns: Range<Int> = 0..<0

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    areas = [Float](repeating: 0, count: (width + 2) * height)
  }

  /// Adds a closed contour.
  mutating func add(_ points: [Shape.Point]) {
    guard var before = points.last else { return }
    for point in points {
      add(from: before, to: point)
      before = point
    }
  }

  private mutating func add(from start: Shape.Point, to end: Shape.Point) {
    guard start.y != end.y, (start.x + start.y + end.x + end.y).isFinite else { return }
    let direction: Double = start.y < end.y ? 1 : -1
    let (top, bottom) = start.y < end.y ? (start, end) : (end, start)
    let slope = (bottom.x - top.x) / (bottom.y - top.y)
    let first = max(0, top.y), last = min(Double(height), bottom.y)
    guard first < last else { return }
    let (firstRow, endRow) = (Int(first), min(height, Int(last.rounded(.up))))
    rows = rows.isEmpty ? firstRow..<endRow : min(rows.lowerBound, firstRow)..<max(rows.upperBound, endRow)
    for row in firstRow..<endRow {
      let (y0, y1) = (max(first, Double(row)), min(last, Double(row + 1)))
      let x0 = top.x + (y0 - top.y) * slope, x1 = top.x + (y1 - top.y) * slope
      add(row, min(x0, x1), max(x0, x1), direction * (y1 - y0))
    }
  }

  /// Adds a piece of an edge within a row: its height, signed, between two places.
  private mutating func add(_ row: Int, _ low: Double, _ high: Double, _ height: Double) {
    let start = row * (width + 2)
    let (low, high) = (min(max(0, low), Double(width)), min(max(0, high), Double(width)))
    let (first, last) = (Int(low), Int(high))
    columns =
      columns.isEmpty ? first..<last + 2 : min(columns.lowerBound, first)..<max(columns.upperBound, last + 2)
    if first == last {
      // The part of the pixel to the right of the piece is covered; of those after it, all.
      let share = 1 - ((low + high) / 2 - Double(first))
      areas[start + first] += Float(height * share)
      areas[start + first + 1] += Float(height * (1 - share))
      return
    }
    var covered = 0.0
    for column in first...last {
      let right = min(high, Double(column + 1))
      // The area right of the piece within this column, from the mean of both ends.
      let left = max(low, Double(column))
      let own = (right - left) / (high - low)
      let before = (left - low) / (high - low)
      let total = before + own * (1 - ((left + right) / 2 - Double(column)))
      areas[start + column] += Float(height * (total - covered))
      covered = total
    }
    areas[start + last + 1] += Float(height * (1 - covered))
  }

  /// Calls `body` with each pixel that is covered and its coverage in 0...1, row by row, and forgets the shape. Where contours
  /// of one direction overlap, the pixel is covered once.
  mutating func drain(_ body: (_ x: Int, _ y: Int, _ share: Float) -> Void) {
    for y in rows {
      let start = y * (width + 2)
      var sum: Float = 0
      for x in columns {
        sum += areas[start + x]
        areas[start + x] = 0
        let share = min(1, abs(sum))
        if x < width, share > 1 / 512 { body(x, y, share) }
      }
    }
    (rows, columns) = (0..<0, 0..<0)
  }
}
