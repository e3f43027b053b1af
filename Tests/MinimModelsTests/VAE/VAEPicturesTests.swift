import MinimData
import MinimDrawing
import MinimKernels
import MinimNN
import TestSupport
import Testing

@Suite struct VAEPicturesTests {
  private static func pictures(_ it: SmallVAE, _ data: Dataset) throws -> [String: Picture] {
    let split = DataSplit(name: data.name, training: .rows(data))
    let pictures = try it.model.pictures(trained(it.vector, data: split))
    return Dictionary(uniqueKeysWithValues: pictures.map { ($0.name, $0) })
  }

  @Test(
    "images: each reconstruction stands beside its image, and the manifold is what the prior's quantiles are decoded to"
  )
  func images() throws {
    let it = try SmallVAE(
      #"{"latent": 2, "encoder": [6], "decoder": [5], "likelihood": "bernoulli"}"#, exampleShape: [3, 3, 1])
    let data = patterns(3, 3).dataset()
    let pictures = try Self.pictures(it, data)
    guard case .sheet(let sheet)? = pictures["reconstructions"]?.content,
      case .sheet(let manifold)? = pictures["manifold"]?.content
    else {
      Issue.record("\(pictures.keys)")
      return
    }
    #expect(sheet.count == data.count && sheet.neighbors == data.values)
    let rows = (0..<data.count).map { data.example($0).map(Double.init) }
    let x = it.batch(data.count).examples
    let logits = try it.evaluated([it.model.decode(it.model.posterior(x).mean)], rows)[0]
    for (pixel, logit) in zip(sheet.pixels, logits) { #expect(abs(Double(pixel) - Elementary.sigmoid(logit)) < 1e-6) }
    // The upper left corner: the first variable's lowest quantile, the second's highest.
    #expect(manifold.count == 400 && manifold.columns == 20)
    let corner = try it.evaluated([it.model.decode(.constant([-1.959964, 1.959964], shape: [1, 2]))])[0]
    for (pixel, logit) in zip(manifold.pixels, corner) {
      #expect(abs(Double(pixel) - Elementary.sigmoid(logit)) < 1e-5)
    }
  }

  @Test("posteriors: the densest place of a linear decoder's is its mean, and the best full normal lies on it")
  func posteriors() throws {
    let it = try SmallVAE.linear()
    let data = LinearGaussian.example.sigmaPoints()
    guard case .plots(let plots, _)? = try Self.pictures(it, data)["posteriors"]?.content else {
      Issue.record("no plots")
      return
    }
    #expect(plots.count == 4)
    let theory = LinearGaussianTheory(.example)
    for (row, plot) in plots.enumerated() {
      let mean = theory.posteriorMean(data.example(row).map(Double.init))
      guard case .field(let field) = plot.series[0].layer, case .line(let ellipse) = plot.series[5].layer else {
        Issue.record("a posterior is a field with lines")
        return
      }
      let best = field.values.indices.max { field.values[$0] < field.values[$1] } ?? 0
      let spacing = (field.x.upperBound - field.x.lowerBound) / Double(field.columns)
      func place(_ index: Int, _ range: ClosedRange<Double>) -> Double {
        range.lowerBound + (Double(index) + 0.5) * spacing
      }
      // The grid reaches to 3.5: means beyond lie on its edge.
      guard mean.allSatisfy({ abs($0) < 3.4 }) else { continue }
      #expect(abs(place(best % field.columns, field.x) - mean[0]) < 0.15, "\(row)")
      #expect(abs(place(best / field.columns, field.y) - mean[1]) < 0.15, "\(row)")
      let center = ellipse.dropLast().reduce((0.0, 0.0)) { ($0.0 + $1.x / 96, $0.1 + $1.y / 96) }
      #expect(abs(center.0 - mean[0]) < 1e-2 && abs(center.1 - mean[1]) < 1e-2)
      // Its widths are the posterior's deviations.
      let width = (ellipse.map { $0.x }.max() ?? 0) - (ellipse.map { $0.x }.min() ?? 0)
      #expect(abs(width / 2 - theory.posteriorCovariance[0, 0].squareRoot()) < 0.01)
    }
  }
}
