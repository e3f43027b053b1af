import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// A rule for steps of dx/dt = v(x, t).
package enum SolverRule: String, CaseIterable, Sendable {
  /// x + h v, of order 1.
  case euler
  /// The mean of the slopes at both ends of Euler's step, of order 2.
  case heun
  /// The classical rule of Runge and Kutta, of order 4.
  case rungeKutta
}

/// The flow of a field from t = 0 to t = 1 in equal steps, and log |det| of it, which is the integral of the divergence
/// (Chen, Rubanova, Bettencourt and Duvenaud 2018, "Neural Ordinary Differential Equations", section 4):
///
///     d/dt log |det dx/dx0| = div v
///
/// Point and integral are one system and take the same steps, so both have the order of the rule. Points are in the unit
/// of the data.
package struct FieldFlow: PointFlow {
  package let dimensions: Int
  private let steps: Int
  private let rule: SolverRule
  private let scaling: Scaling?
  private let hasLogDets: Bool
  private let evaluator: BatchEvaluator

  private static let chunk = 256
  private static let pointName = "points", timeName = "time"

  /// Creates the flow of an expression v(x, t), [n, d] and [n, 1] to [n, d].
  ///
  /// - Parameters:
  ///   - velocity: the field.
  ///   - d: the number of dimensions.
  ///   - steps: the number of steps.
  ///   - rule: the rule of a step.
  ///   - scaling: the map from the field's unit to that of points; nil if they are one.
  ///   - logDets: whether log-dets are computed, by the exact divergence; else they are 0.
  ///   - trained: the parameters, and all that is needed to compute with them.
  /// - Throws: `KernelError` if there is not enough memory.
  package init(
    of velocity: (Tensor, Tensor) -> Tensor, dimensions d: Int, steps: Int, rule: SolverRule = .rungeKutta,
    scaling: Scaling? = nil, logDets: Bool = true, _ trained: Trained
  ) throws {
    (dimensions, self.steps, self.rule, self.scaling, hasLogDets) = (d, steps, rule, scaling, logDets)
    let x = Tensor.input(Self.pointName, shape: [Self.chunk, d])
    let t = Tensor.input(Self.timeName, shape: [1, 1]).broadcast(to: [Self.chunk, 1])
    let v = velocity(x, t)
    evaluator = try BatchEvaluator([logDets ? [v, divergence(of: v, x)] : [v]], chunk: Self.chunk, trained)
  }

  /// Creates the flow of a model.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  package init(_ model: FlowMatching, steps: Int? = nil, logDets: Bool = true, _ trained: Trained) throws {
    try self.init(
      of: model.field.velocity, dimensions: model.dimensions, steps: steps ?? model.configuration.steps,
      scaling: model.scaling, logDets: logDets, trained)
  }

  /// The points at t = 1 of points at t = 0.
  package func forward(_ u: [Double]) -> FlowImages {
    let images = flow(u, from: 0, to: 1)
    guard let scaling else { return images }
    let points = images.points.enumerated().map { index, y in
      scaling.offset[index % dimensions] + scaling.scale[index % dimensions] * y
    }
    return FlowImages(points: points, logDets: images.logDets.map { $0 + scaling.logDeterminant })
  }

  /// The points at t = 0 of points at t = 1.
  package func inverse(_ x: [Double]) -> FlowImages {
    guard let scaling else { return flow(x, from: 1, to: 0) }
    let images = flow(scaling.normalized(x), from: 1, to: 0)
    return FlowImages(points: images.points, logDets: images.logDets.map { $0 - scaling.logDeterminant })
  }

  /// The points at another time, in the field's unit, and the log-dets of the map there.
  package func flow(_ points: [Double], from start: Double, to end: Double) -> FlowImages {
    let (d, count) = (dimensions, points.count / dimensions)
    let chunks = evaluator.mapChunks(count, of: "point") { range, worker in
      var state = State(Array(points[range.lowerBound * d..<range.upperBound * d]), count: range.count)
      let h = (end - start) / Double(steps)
      for step in 0..<steps {
        // The last time is `end` itself, whatever is rounded.
        let t = start + Double(step) * h, next = step + 1 == steps ? end : start + Double(step + 1) * h
        state = advanced(state, from: t, to: next) { self.slope($0, $1, worker) }
      }
      return FlowImages(points: state.points, logDets: state.logDets)
    }
    return FlowImages(points: chunks.flatMap(\.points), logDets: chunks.flatMap(\.logDets))
  }

  // MARK: - Steps

  /// Points and the integrals of their divergences; also the slopes of both.
  private struct State {
    var points: [Double], logDets: [Double]

    init(_ points: [Double], count: Int) {
      (self.points, logDets) = (points, [Double](repeating: 0, count: count))
    }

    /// self + h slope
    func moved(along slope: State, by h: Double) -> State {
      var result = self
      for index in points.indices { result.points[index] += h * slope.points[index] }
      for index in logDets.indices { result.logDets[index] += h * slope.logDets[index] }
      return result
    }
  }

  private func advanced(_ state: State, from t: Double, to next: Double, _ slope: (State, Double) -> State) -> State {
    let (h, middle) = (next - t, (t + next) / 2)
    let first = slope(state, t)
    switch rule {
    case .euler: return state.moved(along: first, by: h)
    case .heun:
      let second = slope(state.moved(along: first, by: h), next)
      return state.moved(along: first, by: h / 2).moved(along: second, by: h / 2)
    case .rungeKutta:
      let second = slope(state.moved(along: first, by: h / 2), middle)
      let third = slope(state.moved(along: second, by: h / 2), middle)
      let fourth = slope(state.moved(along: third, by: h), next)
      return state.moved(along: first, by: h / 6).moved(along: second, by: h / 3).moved(along: third, by: h / 3)
        .moved(along: fourth, by: h / 6)
    }
  }

  /// v and div v of the points of a chunk.
  private func slope(_ state: State, _ t: Double, _ worker: BatchEvaluator.Worker) -> State {
    let input = worker.input(named: Self.pointName)
    for index in state.points.indices { input?[index] = state.points[index] }
    worker.input(named: Self.timeName)?[0] = t
    let values = worker.run()
    var result = state
    for index in state.points.indices { result.points[index] = values[index] }
    // Outputs are packed at multiples of sixteen elements, and a chunk of points is one.
    let offset = Self.chunk * dimensions
    if hasLogDets { for index in state.logDets.indices { result.logDets[index] = values[offset + index] } }
    return result
  }
}

/// The exact divergence of a field at points, by one gradient per dimension: [n, d] and [n, d] to [n].
package func divergence(of v: Tensor, _ x: Tensor) -> Tensor {
  let (n, d) = (x.shape[0], x.shape[1])
  let terms = (0..<d).map { i in
    gradient(of: v.slice([0, i], shape: [n, 1]).sum(), withRespectTo: [x])[0].slice([0, i], shape: [n, 1])
  }
  return terms.dropFirst().reduce(terms[0], +).reshape([n])
}
