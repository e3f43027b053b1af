import MinimFiles
import MinimNN

/// Dots with error bars.
enum ScatterPlot {
  private static let color = Image.Color(31, 119, 180)

  /// The picture, with both axes alike where its diagonal matters.
  static func draw(_ picture: Picture) -> Image {
    let xs = picture.points.map(\.x), ys = picture.points.flatMap { [$0.y - $0.error, $0.y + $0.error] }
    var frame = PlotFrame(
      title: picture.title, xLabel: picture.xLabel, yLabel: picture.yLabel,
      x: .init(picture.hasDiagonal ? xs + ys : xs), y: .init(picture.hasDiagonal ? xs + ys : ys))
    if picture.hasDiagonal {
      let (least, most) = (frame.x.range.lowerBound, frame.x.range.upperBound)
      frame.line(from: (least, least), to: (most, most), .grey(120))
    }
    for point in picture.points {
      frame.line(from: (point.x, point.y - point.error), to: (point.x, point.y + point.error), color)
      frame.dot(point.x, point.y, color)
    }
    return frame.canvas.image
  }
}
