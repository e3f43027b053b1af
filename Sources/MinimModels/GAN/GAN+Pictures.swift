import MinimAutodiff
import MinimDrawing
import MinimNN

extension GAN {
  /// Returns the critic's values over the plane with draws over them, and the eigenvalues of the field.
  public func pictures(_ trained: Trained) throws -> [Picture] {
    var plots: [Plot] = exampleShape == [2] ? [try criticMap(trained)] : []
    if let spectrum = try FieldSpectrum(self, trained) { plots.append(spectrum.plot) }
    return plots.isEmpty ? [] : [Picture("field", plots: plots, columns: plots.count)]
  }

  /// The plane is in the unit of the nets.
  private func criticMap(_ trained: Trained) throws -> Plot {
    let samples = scaling.normalized(try draws(2000, trained))
    let density = trained.data.distribution?.density
    let window = Plot.squared(density.map { ($0.window[0], $0.window[1]) } ?? Plot.window(of: samples))
    let cells = 100
    func middles(_ range: ClosedRange<Double>) -> [Double] {
      (0..<cells).map { range.lowerBound + (Double($0) + 0.5) * (range.upperBound - range.lowerBound) / Double(cells) }
    }
    let xs = middles(window.x)
    let points = middles(window.y).flatMap { y in xs.flatMap { [$0, y] } }
    let chunk = 250
    let critic = value(.input("x", shape: [chunk, 2]))
    let evaluator = try BatchEvaluator([[critic]], chunk: chunk, trained)
    let values = evaluator.values(of: points, columns: 2, to: "x", width: 1)
    return .plane(
      "draws of the generator over the critic, yellow: like data", window,
      [
        .init(
          .field(
            .init(values, named: "value of the critic", columns: cells, x: window.x, y: window.y, palette: .viridis))),
        .init(.points(Plot.points(samples, atMost: 1000)), color: 1),
      ])
  }
}
