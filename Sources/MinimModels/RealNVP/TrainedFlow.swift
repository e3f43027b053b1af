import MinimAutodiff
import MinimNN

/// A flow with its trained parameters, for any number of points, on all workers and in the precision of the parameters.
package struct TrainedFlow: PointFlow {
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
  package func forward(_ u: [Double]) -> FlowImages { images(u, expression: 0) }

  /// F^-1 of points x, [count, d] row-major, and log |det dF^-1/dx| at each.
  package func inverse(_ x: [Double]) -> FlowImages { images(x, expression: 1) }

  private func images(_ input: [Double], expression: Int) -> FlowImages {
    let (d, count) = (dimensions, input.count / dimensions)
    // Outputs are packed at multiples of sixteen elements, and a chunk of points is one.
    let offset = Self.chunk * d
    let chunks = evaluator.mapChunks(count) { range, worker in
      let source = worker.input(named: Self.inputName, expression)
      for index in 0..<range.count * d { source?[index] = input[range.lowerBound * d + index] }
      let values = worker.run(expression)
      return FlowImages(
        points: (0..<range.count * d).map { values[$0] }, logDets: (0..<range.count).map { values[offset + $0] })
    }
    return FlowImages(points: chunks.flatMap(\.points), logDets: chunks.flatMap(\.logDets))
  }
}
