import MinimAutodiff
import MinimNN

/// A flow with its trained parameters, for any number of points, on all workers and in the precision of the parameters.
package struct TrainedFlow: Sendable {
  /// The mapped points, [count, d] row-major, and the log-det of each.
  package struct Images: Sendable {
    package let points: [Double], logDets: [Double]
  }

  /// The number of dimensions, d.
  package let dimensions: Int
  private let evaluator: BatchEvaluator

  private static let inputName = "points"
  private static let chunk = 256

  /// - Throws: `KernelError` if there is not enough memory.
  package init(_ flow: some Bijector, dimensions d: Int, _ trained: Trained) throws {
    dimensions = d
    let points = Tensor.input(Self.inputName, shape: [Self.chunk, d])
    let (x, logDet) = flow.forwardAndLogDet(points)
    let (u, inverseLogDet) = flow.inverseAndLogDet(points)
    // One evaluator per output: a table of both would have to be copied first.
    evaluator = try BatchEvaluator([[x, logDet], [u, inverseLogDet]], chunk: Self.chunk, trained)
  }

  /// Creates the flow of a model.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  package init(_ model: RealNVP, _ trained: Trained) throws {
    try self.init(model.flow, dimensions: model.dimensions, trained)
  }

  /// F of points u, [count, d] row-major, and log |det dF/du| at each.
  package func forward(_ u: [Double]) -> Images { images(u, expression: 0) }

  /// F^-1 of points x, [count, d] row-major, and log |det dF^-1/dx| at each.
  package func inverse(_ x: [Double]) -> Images { images(x, expression: 1) }

  /// log p(x) of points, [count, d] row-major; nats.
  package func logProbs(_ x: [Double]) -> [Double] {
    let images = inverse(x)
    return zip(baseLogProbs(images.points), images.logDets).map { $0 + $1 }
  }

  /// log N(u; 0, I) of points, [count, d] row-major; nats.
  package func baseLogProbs(_ u: [Double]) -> [Double] {
    let constant = Double(dimensions) * halfLogTwoPi
    return stride(from: 0, to: u.count, by: dimensions).map { start in
      var square = 0.0
      for index in start..<start + dimensions { square += u[index] * u[index] }
      return -square / 2 - constant
    }
  }

  private func images(_ input: [Double], expression: Int) -> Images {
    let (d, count) = (dimensions, input.count / dimensions)
    // Outputs are packed at multiples of sixteen elements, and a chunk of points is one.
    let offset = Self.chunk * d
    let chunks = evaluator.mapChunks(count) { range, worker in
      let source = worker.input(named: Self.inputName, expression)
      for index in 0..<range.count * d { source?[index] = input[range.lowerBound * d + index] }
      let values = worker.run(expression)
      return Images(
        points: (0..<range.count * d).map { values[$0] }, logDets: (0..<range.count).map { values[offset + $0] })
    }
    return Images(points: chunks.flatMap(\.points), logDets: chunks.flatMap(\.logDets))
  }
}
