extension Plot {
  /// A histogram: for each series the share of its values in equal bins. The bins end where one value in a hundred
  /// remains, which the last bin takes: a long tail would squeeze the rest.
  ///
  /// - Parameters:
  ///   - title: the title.
  ///   - xLabel: what the values are.
  ///   - bins: the number of bins.
  ///   - range: an explicit range for the bins; the first and the last one take what lies beyond.
  ///   - series: values with their names in the legend.
  public static func histogram(
    _ title: String, xLabel: String, bins: Int = 40, range: ClosedRange<Double>? = nil,
    _ series: [(name: String, values: [Double])]
  ) -> Plot {
    let all = series.flatMap(\.values).filter(\.isFinite).sorted()
    let least = range?.lowerBound ?? all.first ?? 0
    let most = max(range?.upperBound ?? (all.isEmpty ? 1 : all[(all.count - 1) * 99 / 100]), least + 1e-12)
    let width = (most - least) / Double(bins)
    return Plot(
      title, xLabel: xLabel, yLabel: "share",
      series.map { name, values in
        var counts = [Int](repeating: 0, count: bins)
        for value in values where value.isFinite {
          counts[min(bins - 1, Int(min(1e9, max(0, (value - least) / width))))] += 1
        }
        let outline = counts.enumerated().flatMap { bin, count in
          [bin, bin + 1].map { (least + Double($0) * width, Double(count) / Double(max(1, values.count))) }
        }
        return Series(.line([(least, 0)] + outline + [(most, 0)]), name: name)
      })
  }
}
