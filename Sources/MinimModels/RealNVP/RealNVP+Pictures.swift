import MinimData
import MinimDrawing
import MinimKernels
import MinimNN

// Pictures of a flow in the plane.

extension RealNVP {
  /// Returns, for flows in the plane, the density next to that of the data, a grid of the base as the flow bends it,
  /// and samples layer by layer. Standardized data are shown as the couplings see them.
  public func pictures(_ trained: Trained) throws -> [Picture] {
    guard exampleShape == [2] else { return [] }
    let precise = try trained.inDouble()
    let flow = try TrainedFlow(self, precise)
    let samples = try draws(4000, precise)
    let data = scaling.normalized(trained.data.rows?.values.map(Double.init) ?? samples)
    let density = trained.data.distribution?.density
    let window = density.map { (x: $0.window[0], y: $0.window[1]) } ?? Plot.window(of: data)
    let grid = GridLines()
    let bent = grid.lines(scaling.normalized(flow.forward(grid.points).points))
    let densities = density.map { [FlowPictures.densities(window, model: flow.logProbs, target: $0.logProbs)] } ?? []
    return densities + [
      FlowPictures.warpedGrid(first: bent.first, second: bent.second, over: data, window),
      FlowPictures.filmStrip(try layers(precise)),
    ]
  }

  /// Samples of the base, and their images after each layer.
  private func layers(_ trained: Trained) throws -> [[Double]] {
    let key = RandomKey(seed: trained.seed).folding(.sampling)
    let base = (0..<UInt64(2 * 2000)).map { key.normal(at: $0) }
    let all = (flow as? Chain)?.bijectors ?? [flow]
    let layers = scaling == nil ? all : all.dropLast()
    return try layers.reduce(into: [base]) { states, layer in
      let flow = try TrainedFlow(layer, dimensions: dimensions, trained)
      states.append(flow.forward(states.last ?? base).points)
    }
  }
}
