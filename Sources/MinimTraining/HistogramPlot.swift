import MinimFiles

/// How values are spread: for each series the share of its values in equal bins.
package enum HistogramPlot {
  private static let colors = [Image.Color(31, 119, 180), Image.Color(255, 127, 14), Image.Color(44, 160, 44)]
  private static let bins = 40

  /// The picture. The bins end where one value in a hundred is left, which the last bin takes: a long tail would squeeze the
  /// rest.
  package static func draw(title: String, xLabel: String, series: [(name: String, values: [Double])]) -> Image {
    let all = series.flatMap(\.values).filter(\.isFinite).sorted()
    let least = all.first ?? 0
    let most = max(all.isEmpty ? 1 : all[(all.count - 1) * 99 / 100], least + 1e-12)
    let width = (most - least) / Double(bins)
    let shares = series.map { share($0.values, from: least, width: width) }
    var frame = PlotFrame(
      title: title, xLabel: xLabel, yLabel: "share", x: .init([least, most]), y: .init([0] + shares.flatMap { $0 }))
    for (share, color) in zip(shares, colors) {
      var last = 0.0
      for (bin, value) in share.enumerated() {
        let (start, end) = (least + Double(bin) * width, least + Double(bin + 1) * width)
        frame.line(from: (start, last), to: (start, value), thickness: 2, color)
        frame.line(from: (start, value), to: (end, value), thickness: 2, color)
        last = value
      }
      frame.line(from: (most, last), to: (most, 0), thickness: 2, color)
    }
    frame.legend(zip(series, colors).map { ($0.name, $1) })
    return frame.canvas.image
  }

  private static func share(_ values: [Double], from least: Double, width: Double) -> [Double] {
    var counts = [Int](repeating: 0, count: bins)
    for value in values where value.isFinite {
      counts[min(bins - 1, max(0, Int(min(1e9, (value - least) / width))))] += 1
    }
    return counts.map { Double($0) / Double(max(1, values.count)) }
  }
}
