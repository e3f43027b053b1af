import MinimConfiguration
import MinimFiles
import MinimNN

/// Curves over the steps of a run.
struct CurvePlot {
  /// A name and its points.
  struct Curve {
    let name: String
    let points: [(x: Double, y: Double)]
  }

  let title: String
  let yLabel: String
  let curves: [Curve]
  /// A step to mark; nil for none.
  let mark: Int?

  private static let colors = [Image.Color(31, 119, 180), Image.Color(255, 127, 14), Image.Color(44, 160, 44)]

  /// The losses on whole parts of the data, from the lines of `metrics.jsonl` that have them; nil if none has.
  init?(metrics lines: [UInt8], metric: String, mark: Int?) {
    let rows = lines.split(separator: UInt8(ascii: "\n")).compactMap { try? JSONParser.parse(Array($0)).json }
    curves = ["training", "validation"].map { part in
      Curve(
        name: part,
        points: rows.compactMap { row in
          guard let step = row["step"]?.integer, let value = row[HeldOutLoss.key(part, metric)]?.number else {
            return nil
          }
          return (Double(step), value)
        })
    }
    guard curves.allSatisfy({ $0.points.count > 1 }) else { return nil }
    title = "\(metric) on training and on validation examples" + (mark.map { ", kept step \($0) marked" } ?? "")
    yLabel = metric
    self.mark = mark
  }

  /// The picture. What a loss is before it has learned anything would squeeze the rest: the highest tenth is cut off.
  func draw() -> Image {
    let values = curves.flatMap { $0.points.map(\.y) }.filter(\.isFinite).sorted()
    let shown = Array(values.prefix(max(2, values.count * 9 / 10)))
    var frame = PlotFrame(
      title: title, xLabel: "step", yLabel: yLabel, x: .init(curves.flatMap { $0.points.map(\.x) }), y: .init(shown))
    if let mark {
      let range = frame.y.range
      frame.line(from: (Double(mark), range.lowerBound), to: (Double(mark), range.upperBound), .grey(150))
    }
    for (curve, color) in zip(curves, Self.colors) {
      for (start, end) in zip(curve.points, curve.points.dropFirst()) {
        frame.line(from: start, to: end, thickness: 2, color)
      }
    }
    frame.legend(zip(curves, Self.colors).map { ($0.name, $1) })
    return frame.canvas.image
  }
}
