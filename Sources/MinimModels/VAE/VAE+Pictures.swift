import MinimAutodiff
import MinimData
import MinimDrawing
import MinimKernels
import MinimNN

// Pictures of the latent space of a VAE.

extension VAE {
  /// Returns reconstructions of images and, with two latent variables, the decoded latent space and some posteriors
  /// with the encoder's q.
  public func pictures(_ trained: Trained) throws -> [Picture] {
    guard let data = trained.data.test ?? trained.data.rows else { return [] }
    var pictures: [Picture] = []
    let isImage = exampleShape.count == 3
    if isImage { pictures.append(Picture("reconstructions", try reconstructions(data, trained))) }
    guard configuration.latent == 2 else { return pictures }
    if isImage { pictures.append(Picture("manifold", try manifold(trained))) }
    pictures.append(try posteriorPicture(data, trained))
    return pictures
  }

  /// The decoded means of the encoder, each next to its image.
  private func reconstructions(_ data: Dataset, _ trained: Trained) throws -> SampleSheet {
    let part = data.selecting(Array(0..<min(32, data.count)), name: data.name)
    let values = try trained.rows(of: part) { x in ["mean": means(posterior(x).mean)] }["mean"]
    return SampleSheet(
      height: exampleShape[0], width: exampleShape[1], pixels: trained.data.brightness(values.map { Float($0) }),
      neighbors: trained.data.brightness(part.values), captions: ["decoded mean of q, and next to it the image"])
  }

  /// The decoded quantiles of the prior, all equally likely (Kingma and Welling 2014, figure 4): the first variable
  /// grows to the right, the second upward.
  private func manifold(_ trained: Trained) throws -> SampleSheet {
    let side = 20
    let quantiles = (0..<side).map { Statistics.normalQuantile((Double($0) + 0.5) / Double(side)) }
    let points = (0..<side * side).flatMap { [quantiles[$0 % side], quantiles[side - 1 - $0 / side]] }
    let images = try MinimAutodiff.evaluate(
      [means(.constant(points, shape: [side * side, 2]))], parameters: trained.parameters.values)
    return SampleSheet(
      height: exampleShape[0], width: exampleShape[1], pixels: trained.data.brightness(images[0].map { Float($0) }),
      columns: side, captions: ["z1 to the right, z2 upward: quantiles of the prior from 2.5 to 97.5 %"])
  }

  /// Posteriors of a few examples on a grid, with the lines of one and two deviations of the encoder's q and of the
  /// best normals.
  private func posteriorPicture(_ data: Dataset, _ trained: Trained) throws -> Picture {
    let part = data.selecting(Array(0..<min(4, data.count)), name: data.name)
    let encoder = try encoderCodes(part, trained)
    let best = try bestNormals(part, from: encoder, randomStarts: 0, trained)
    let normals = [
      ("encoder", encoder), ("best diagonal normal", best.meanField.map(\.code)),
      ("best normal", best.full.map(\.code)),
    ]
    let plots = try (0..<part.count).map { row in
      let area = Self.area(of: normals.map { $0.1[row] })
      let values = try relativePosterior(part.selecting([row], name: part.name), area, trained)
      return Plot(
        "posterior of example \(row + 1); lines at 1 and 2 standard deviations", xLabel: "z1", yLabel: "z2",
        [.init(.field(.init(values, named: "p(z | x) over its maximum", columns: Self.cells, x: area.x, y: area.y)))]
          + normals.enumerated().flatMap { place, normal in
            [1.0, 2].map {
              .init(
                .line(Self.ellipse(normal.1[row], deviations: $0)), name: $0 == 1 ? normal.0 : nil, color: place + 1)
            }
          })
    }
    return Picture("posteriors", plots: plots, columns: 2)
  }

  /// The cells of a posterior along each side.
  private static let cells = 121

  /// A square with three deviations of each of some normals.
  private static func area(of codes: [[Double]]) -> Plot.Window {
    let ends = codes.flatMap { ellipse($0, deviations: 3) }
    return Plot.squared((Plot.range(of: ends.map(\.x)), Plot.range(of: ends.map(\.y))))
  }

  /// p(z | x) of one example over its largest value, at the centers of the cells of a window, row by row from the lowest.
  private func relativePosterior(_ example: Dataset, _ area: Plot.Window, _ trained: Trained) throws -> [Double] {
    func middles(_ range: ClosedRange<Double>) -> [Double] {
      let step = (range.upperBound - range.lowerBound) / Double(Self.cells)
      return (0..<Self.cells).map { range.lowerBound + (Double($0) + 0.5) * step }
    }
    let xs = middles(area.x)
    let points = middles(area.y).flatMap { y in xs.flatMap { [$0, y] } }
    let count = Self.cells * Self.cells
    let rows = try trained.rows(of: example) { x in ["logJoint": logJoint(x, .constant(points, shape: [count, 2]))] }
    let logs = Array(rows["logJoint", 0]), most = logs.max() ?? 0
    return logs.map { Elementary.exp($0 - most) }
  }

  /// The line of `deviations` deviations of a two-dimensional normal.
  private static func ellipse(_ code: [Double], deviations: Double) -> [(x: Double, y: Double)] {
    let (first, second) = (Elementary.exp(code[2]), Elementary.exp(code[3]))
    return (0...96).map { step in
      let angle = 2 * Double.pi * Double(step) / 96
      let (u, v) = (deviations * Elementary.cos(angle), deviations * Elementary.sin(angle))
      return (code[0] + first * u, code[1] + code[4] * u + second * v)
    }
  }
}
