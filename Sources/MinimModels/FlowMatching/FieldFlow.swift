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
///
/// Beyond some dimensions the divergence is e^T J e with random signs e, the same along a point's whole way: log p is right on
/// average (Grathwohl, Chen, Bettencourt, Sutskever and Duvenaud 2019, "FFJORD", section 3.1).
package struct FieldFlow: PointFlow {
  package let dimensions: Int
  private let steps: Int
  private let rule: SolverRule
  private let unit: TrainedFlow?
  private let divergences: Divergences
  private let evaluator: BatchEvaluator

  /// The way to compute divergences.
  package enum Divergences: Sendable {
    /// Not at all: log-dets are 0.
    case skipped
    /// By one gradient per dimension.
    case exact
    /// By one vector of random signs per point.
    case probed(RandomKey)
  }

  private let chunk: Int
  private static let pointName = "points", timeName = "time", signName = "signs"

  /// Creates the flow of an expression v(x, t), [n, d] and [n, 1] to [n, d].
  ///
  /// - Parameters:
  ///   - velocity: the field.
  ///   - d: the number of dimensions.
  ///   - steps: the number of steps.
  ///   - rule: the rule of a step.
  ///   - unit: the map between the field's unit and that of points.
  ///   - divergences: the way to compute log-dets.
  ///   - chunk: the number of points that one thread moves at a time.
  ///   - trained: the parameters, and all that is needed to compute with them.
  /// - Throws: `KernelError` if there is not enough memory.
  package init(
    of velocity: (Tensor, Tensor) -> Tensor, dimensions d: Int, steps: Int, rule: SolverRule = .rungeKutta,
    unit: DataUnit = DataUnit(), divergences: Divergences = .exact, chunk: Int = 256, _ trained: Trained
  ) throws {
    (dimensions, self.steps, self.rule, self.divergences, self.chunk) = (d, steps, rule, divergences, chunk)
    self.unit = try unit.bijector.map { try TrainedFlow($0, dimensions: d, trained) }
    let x = Tensor.input(Self.pointName, shape: [chunk, d])
    let t = Tensor.input(Self.timeName, shape: [1, 1]).broadcast(to: [chunk, 1])
    let v = velocity(x, t)
    let outputs =
      switch divergences {
      case .skipped: [v]
      case .exact: [v, divergence(of: v, x)]
      case .probed: [v, probed(v, x, .input(Self.signName, shape: [chunk, d]))]
      }
    evaluator = try BatchEvaluator([outputs], chunk: chunk, trained)
  }

  /// Creates the flow of a model.
  ///
  /// - Parameter label: the class of all points; nil for none.
  /// - Throws: `KernelError` if there is not enough memory.
  package init(
    _ model: FlowMatching, of label: Int? = nil, steps: Int? = nil, divergences: Divergences? = nil, _ trained: Trained
  ) throws {
    let usual: Divergences =
      model.dimensions <= Self.exactDimensions
      ? .exact : .probed(RandomKey(seed: trained.seed).folding(.evaluation).folding(10))
    try self.init(
      of: model.field.velocity(of: label), dimensions: model.dimensions, steps: steps ?? model.configuration.steps,
      rule: model.configuration.solver,
      unit: model.unit, divergences: divergences ?? usual, trained)
  }

  /// The most dimensions of which a model's divergence is exact.
  static let exactDimensions = 64

  /// The points at t = 1 of points at t = 0.
  package func forward(_ u: [Double]) -> FlowImages {
    let images = flow(u, from: 0, to: 1)
    return unit.map { $0.forward(images.points).adding(images.logDets) } ?? images
  }

  /// The points at t = 0 of points at t = 1.
  package func inverse(_ x: [Double]) -> FlowImages {
    guard let own = unit?.inverse(x) else { return flow(x, from: 1, to: 0) }
    return flow(own.points, from: 1, to: 0).adding(own.logDets)
  }

  /// The points at another time, in the field's unit, and the log-dets of the map there.
  package func flow(_ points: [Double], from start: Double, to end: Double) -> FlowImages {
    let (d, count) = (dimensions, points.count / dimensions)
    let chunks = evaluator.mapChunks(count, of: "point") { range, worker in
      writeSigns(of: range, worker)
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

  /// The signs of points, which stay with them on their whole way.
  private func writeSigns(of range: Range<Int>, _ worker: BatchEvaluator.Worker) {
    guard case .probed(let key) = divergences, let input = worker.input(named: Self.signName) else { return }
    for index in 0..<range.count * dimensions {
      input[index] = key.uniform(at: UInt64(range.lowerBound * dimensions + index)) < 0.5 ? -1 : 1
    }
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
    // Outputs are packed at multiples of sixteen elements.
    let offset = (chunk * dimensions + 15) / 16 * 16
    if case .skipped = divergences { return result }
    for index in state.logDets.indices { result.logDets[index] = values[offset + index] }
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

/// e^T J e of a field's Jacobian at points, by one gradient: v, x and e are [n, d], the result [n].
func probed(_ v: Tensor, _ x: Tensor, _ signs: Tensor) -> Tensor {
  (gradient(of: (v * signs).sum(), withRespectTo: [x])[0] * signs).sum(axes: [1])
}
