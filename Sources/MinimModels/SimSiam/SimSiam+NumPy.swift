import MinimNN

extension SimSiam: NumPyExpressible {
  /// The representations and projections of examples, whose layers are normalized by the training data.
  package func numpyMethods(_ batch: Batch, _ trained: Trained) throws -> [NumPyMethod] {
    // The statistics are those of the training data, which may have been moved.
    guard trained.data.rows != nil else { return [] }
    var statistics = NormStatistics(try TrainedEncoder.statistics(self, trained))
    let y = represent(images(batch), &statistics), z = project(y, &statistics)
    return [
      NumPyMethod("represent", "The representations of examples: [n, \(configuration.outputs)].", [y]),
      NumPyMethod("project", "Their projections, which training compares: [n, \(projectionWidth)].", [z]),
    ]
  }
}
