import MinimAutodiff
import MinimData
import MinimDrawing
import MinimNN

extension PixelCNN {
  /// Returns the dependence of the center pixel on others, and for an Ising model the neighbors' correlations next to
  /// the exact ones.
  public func pictures(_ trained: Trained) throws -> [Picture] {
    let field = try trained.data.rows.map { [try receptiveFieldPicture($0, trained)] } ?? []
    guard let ising = trained.data.distribution as? Ising else { return field }
    return field + [try correlationPicture(ising, trained)]
  }

  /// The dependence of the center pixel on each pixel: the mean size of the derivative of its logit, or of its mean of more
  /// than two levels, over images of the data. Pixels hidden by the masks are 0, and white, whatever was learned.
  private func receptiveFieldPicture(_ data: Dataset, _ trained: Trained) throws -> Picture {
    let mean = try sensitivity(data, trained)
    let (row, column) = (height / 2, width / 2)
    let plot = Plot(
      "effect of each pixel on the pixel in row \(row + 1), column \(column + 1)", xLabel: "column",
      yLabel: "row", isSquare: true, xNames: (1...width).map { "\($0)" },
      yNames: (1...height).reversed().map { "\($0)" },
      [
        .init(
          .field(
            .init(
              (0..<height).reversed().flatMap { Array(mean[$0 * width..<($0 + 1) * width]) },
              named: "mean |d \(levels == 2 ? "logit" : "mean") / d pixel|", columns: width,
              x: 0.5...Double(width) + 0.5, y: 0.5...Double(height) + 0.5))),
        .init(.dots([(Double(column + 1), Double(height - row), 0)]), name: "the pixel itself", color: 1),
      ])
    return Picture("receptive-field", plot)
  }

  /// The mean size of the derivative of the center's logit, or of its mean of more than two levels, pixel by pixel.
  package func sensitivity(_ data: Dataset, _ trained: Trained) throws -> [Double] {
    let count = min(64, data.count), pixels = height * width
    let batch = Batch(count: count, exampleShape: data.exampleShape, classes: classes)
    let logits = logits(batch.examples, labels: configuration.isConditional ? batch.labels : nil)
    let outputs = levels == 2 ? 1 : levels
    let own = logits.slice([0, height / 2, width / 2, 0], shape: [count, 1, 1, outputs])
    let center =
      levels == 2 ? own : own.softmax() * Tensor.constant((0..<levels).map(Double.init), shape: [levels])
    var inputs = [Batch.inputName: (0..<count).flatMap { data.example($0).map(Double.init) }]
    if configuration.isConditional {
      inputs[Batch.labelName] = (0..<count).flatMap { row in
        (0..<classes).map { $0 == data.labels[row] ? 1.0 : 0 }
      }
    }
    let slopes = try trained.values(
      of: gradient(of: center.sum(), withRespectTo: [batch.examples]), inputs: inputs)[0]
    return (0..<pixels).map { pixel in
      (0..<count).reduce(0) { $0 + Swift.abs(slopes[$1 * pixels + pixel]) } / Double(count)
    }
  }
}
