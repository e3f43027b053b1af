import MinimFiles
import MinimNN

/// Dots with error bars. Dots whose place is no finite number are left out.
package enum ScatterPlot {
  package static let dotColor = Image.Color(31, 119, 180)

  /// The picture, with both axes alike where its diagonal matters.
  package static func draw(_ picture: Picture) -> Image {
    let points = picture.points.filter { $0.x.isFinite && $0.y.isFinite && !$0.error.isNaN }
    let xs = points.map(\.x), ys = points.flatMap { [$0.y, $0.y - $0.error, $0.y + $0.error] }
    var frame = PlotFrame(
      title: picture.title, xLabel: picture.xLabel, yLabel: picture.yLabel,
      x: .init(picture.hasDiagonal ? xs + ys : xs), y: .init(picture.hasDiagonal ? xs + ys : ys))
    if picture.hasDiagonal {
      let (least, most) = (frame.x.range.lowerBound, frame.x.range.upperBound)
      frame.line(from: (least, least), to: (most, most), .grey(120))
    }
    for point in points {
      frame.line(from: (point.x, point.y - point.error), to: (point.x, point.y + point.error), dotColor)
      frame.dot(point.x, point.y, dotColor)
    }
    return frame.canvas.image
  }
}
