import MinimData
import MinimDrawing
import MinimKernels
import MinimNN

extension SimSiam {
  /// Returns held-out images by the first two principal components of their representations, and the spectrum before
  /// and after.
  public func pictures(_ trained: Trained) throws -> [Picture] {
    let encoder = try TrainedEncoder(self, trained)
    let before = try TrainedEncoder(self, untrained(trained))
    guard let data = trained.data.test ?? trained.data.rows else { return [] }
    return [
      Picture(
        "embedding",
        plots: [
          try embedding(before, data, "before training, on its own scale", trained.data.classNames),
          try embedding(encoder, data, "after training, on its own scale", trained.data.classNames),
          try spectra([("before training", before), ("after training", encoder)], trained),
        ], columns: 3)
    ]
  }

  /// Images by the first two principal components of their representations, colored by their class.
  func embedding(_ encoder: TrainedEncoder, _ data: Dataset, _ title: String, _ names: [String]) throws -> Plot {
    let rows = encoder.representations(of: data)
    let places = try PrincipalComponents(rows, width: encoder.width).coordinates(of: rows, 2)
    let dots = Plot.points(places, atMost: data.count).map { (x: $0.x, y: $0.y, error: 0.0) }
    let series: [Plot.Series] =
      data.labels.isEmpty
      ? [.init(.dots(dots))]
      : names.enumerated().map { label, name in
        .init(
          .dots(data.labels.indices.filter { data.labels[$0] == label }.map { dots[$0] }), name: name,
          color: Plot.classColor(label))
      }
    return .plane(title, labels: ("principal component 1", "principal component 2"), Plot.window(of: places), series)
  }

  /// The eigenvalues of the covariance of projections, as shares of their sum.
  private func spectra(_ encoders: [(name: String, encoder: TrainedEncoder)], _ trained: Trained) throws -> Plot {
    let lines = try encoders.map { name, encoder in
      let spectrum = try collapseMetrics(encoder, trained).spectrum
      let sum = max(1e-300, spectrum.reduce(0, +))
      return Plot.Series(
        .line(spectrum.enumerated().map { (Double($0 + 1), Elementary.log10(max($1 / sum, 1e-16))) }), name: name)
    }
    return Plot(
      "spectrum of the projections", xLabel: "index of the eigenvalue", yLabel: "share of the total", yRange: -8...0,
      yScale: .powersOfTen, lines)
  }
}
