import MinimAutodiff
import MinimData
import MinimNN

/// The representations of a trained SimSiam. Batch normalization uses the statistics of views of the training images,
/// as in training, so that an image's representation does not depend on the images that it is compared with.
package struct TrainedEncoder: Sendable {
  /// The widths of a representation and of a projection.
  let width: Int, projectionWidth: Int
  private let evaluator: BatchEvaluator

  private static let chunk = 64
  /// The most training images that statistics are taken over.
  static let most = 2048

  /// - Throws: `KernelError` if there is not enough memory.
  package init(_ model: SimSiam, _ trained: Trained) throws {
    (width, projectionWidth) = (model.configuration.outputs, model.projectionWidth)
    var statistics = NormStatistics(try Self.statistics(model, trained))
    let batch = Batch(count: Self.chunk, exampleShape: model.exampleShape)
    let y = model.represent(model.images(batch), &statistics)
    let z = model.project(y, &statistics)
    evaluator = try BatchEvaluator([[y], [z]], chunk: Self.chunk, trained)
  }

  /// The statistics of all layers before the predictor, as constants.
  static func statistics(_ model: SimSiam, _ trained: Trained) throws -> [BatchNorm.Statistics] {
    guard let data = trained.data.rows else { return [] }
    let rows = data.first(most), count = rows.count
    let batch = Batch(count: count, exampleShape: model.exampleShape)
    var asked = NormStatistics.ofBatch
    let y = model.represent(model.configuration.augmentation.views(model.images(batch), 2), &asked)
    _ = model.project(y, &asked)
    let tensors = asked.used.flatMap { [$0.mean, $0.variance] }
    guard !tensors.isEmpty else { return [] }
    let values = try BatchEvaluator([tensors], chunk: count, trained)
      .outputs(of: rows, counts: tensors.map(\.shape.elementCount))
    let constants = zip(tensors, values).map { Tensor.constant($1, shape: $0.shape) }
    return stride(from: 0, to: constants.count, by: 2).map { .init(mean: constants[$0], variance: constants[$0 + 1]) }
  }

  /// The representations, [count, width], row-major.
  package func representations(of data: Dataset) -> [Double] { values(data, 0, width) }

  /// The projections, which training compares, [count, projectionWidth], row-major.
  package func projections(of data: Dataset) -> [Double] { values(data, 1, projectionWidth) }

  private func values(_ data: Dataset, _ expression: Int, _ width: Int) -> [Double] {
    evaluator.gather(data.count, width: width) { range, worker, results in
      worker.input(expression)?.write(ArraySlice(range), of: data)
      let values = worker.run(expression)
      for index in results.indices { results[index] = values[index] }
    }
  }
}
