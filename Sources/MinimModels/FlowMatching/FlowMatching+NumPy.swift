import MinimAutodiff
import MinimNN

// The expressions are the engine's own: the field, its divergence along a direction, and the maps between the units of field and
// data. What moves points through the field is written here, as `FieldFlow` and `FieldSampler` do it.

extension FlowMatching: NumPyExpressible {
  /// The field, samples and, for data with a density, log p(x).
  package func numpyMethods(_ batch: Batch, _ trained: Trained) throws -> [NumPyMethod] {
    let sampling = [velocityMethod(batch), leavingMethod(batch), flowMethod, normalsMethod]
    let noisy = configuration.samplerNoise > 0 ? [factorsMethod] : []
    let density = levels == nil ? [enteringMethod(batch), probeMethod(batch), logProbMethod] : []
    return sampling + noisy + [sampleMethod] + density
  }

  // MARK: - Expressions

  private typealias Argument = NumPyMethod.Argument

  private static let points = Argument("points", preparation: "points, n = self.array(points), len(points)")
  private static let time = Argument("time", preparation: "time = self.array(time).reshape(1, 1)")
  private static let signs = Argument("signs", preparation: "signs = self.array(signs)")

  /// The classes of points, by number, or none.
  private var classes: [Argument] {
    guard isConditional else { return [] }
    let none = "np.zeros((n, self.classes), self.dtype)"
    return [
      Argument("classes=None", preparation: "classes = \(none) if classes is None else self.one_hot(classes)")
    ]
  }

  private func field(_ batch: Batch) -> (x: Tensor, v: Tensor) {
    let n = batch.count
    let x = Tensor.input("points", shape: [n, dimensions])
    let t = Tensor.input("time", shape: [1, 1]).broadcast(to: [n, 1])
    guard isConditional else { return (x, field.velocity(x, t)) }
    return (x, field.guided(x, t, labels: .input("classes", shape: [n, configuration.classes])))
  }

  private func velocityMethod(_ batch: Batch) -> NumPyMethod {
    NumPyMethod(
      "velocity", "The field at points [n, \(dimensions)] and a time between 0, noise, and 1, data.", [field(batch).v],
      inputs: [Self.points, Self.time] + classes)
  }

  private func probeMethod(_ batch: Batch) -> NumPyMethod {
    let (x, v) = field(batch)
    let value = probed(v, x, .input("signs", shape: [batch.count, dimensions]))
    return NumPyMethod(
      "probe", "e^T J e of the field's Jacobian J for directions e [n, \(dimensions)]: [n].", [value],
      inputs: [Self.points, Self.time, Self.signs] + classes)
  }

  private func leavingMethod(_ batch: Batch) -> NumPyMethod {
    let x = Tensor.input("points", shape: [batch.count, dimensions])
    return NumPyMethod(
      "leave", "Points of the field in the unit of the data.", [unit.bijector?.forwardAndLogDet(x).y ?? x],
      inputs: [Self.points])
  }

  private func enteringMethod(_ batch: Batch) -> NumPyMethod {
    let x = batch.examples.reshape([batch.count, dimensions])
    let (u, logDet) = unit.bijector?.inverseAndLogDet(x) ?? (x, .constant(0, shape: [batch.count]))
    return NumPyMethod(
      "enter", "Examples in the unit of the field, and the log-det of the map: [n].", [u, logDet], .tuple)
  }

  private var factorsMethod: NumPyMethod {
    let it = configuration.path.factors(Tensor.input("time", shape: [1, 1]))
    return NumPyMethod(
      "factors", "The factors of data and noise at a time, and their derivatives.",
      [it.alpha, it.sigma, it.alphaRate, it.sigmaRate], .tuple, inputs: [Self.time])
  }

  // MARK: - Text

  private var classesText: String { isConditional ? ", classes" : "" }
  private var classesArgument: [Argument] { isConditional ? [Argument("classes=None")] : [] }

  private var flowMethod: NumPyMethod {
    NumPyMethod(
      "flow", "Points at another time, and the integral of the divergence, which is the sum over directions.",
      arguments: ["points", "start", "end"].map { Argument($0) } + classesArgument + [Argument("directions=()")],
      text: """
        def slope(state, t):
            x = state[:, :-1]
            divergences = [self.probe(x, t, e\(classesText)) for e in directions]
            return np.column_stack((self.velocity(x, t\(classesText)), sum(divergences, np.zeros(len(x)))))

        state = np.column_stack((np.asarray(points, float), np.zeros(len(points))))
        times = np.linspace(start, end, \(configuration.steps + 1))
        for t, to in zip(times, times[1:]):
            h, k1 = to - t, slope(state, t)
        \(stepText)
        return state[:, :-1], state[:, -1]
        """)
  }

  /// One step of the solver, indented.
  private var stepText: String {
    switch configuration.solver {
    case .euler: "    state = state + h * k1"
    case .heun: "    state = state + h / 2 * (k1 + slope(state + h * k1, to))"
    case .rungeKutta:
      """
          k2 = slope(state + h / 2 * k1, t + h / 2)
          k3 = slope(state + h / 2 * k2, t + h / 2)
          state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + slope(state + h * k3, to))
      """
    }
  }

  private var normalsMethod: NumPyMethod {
    NumPyMethod(
      "normals", "Standard normals of streams of random numbers, each for some of the places: [count, \(dimensions)].",
      arguments: [Argument("count"), Argument("streams")],
      text: """
        z = np.empty((count, \(dimensions)))
        for places, key in streams:
            z[places] = key.normal(np.arange(z[places].size)).reshape(-1, \(dimensions))
        return z
        """)
  }

  private var sampleMethod: NumPyMethod {
    let inTurn = """

      if classes is None:  # all in turn
          streams = [(slice(it, None, self.classes), key.folding(it)) for it in range(self.classes)]
          classes = np.arange(count) % self.classes
      classes = np.broadcast_to(classes, count)
      """
    let values = levels.map { "np.clip(np.floor(self.leave(points)), 0, \($0 - 1))" } ?? "self.leave(points)"
    return NumPyMethod(
      "sample", "Samples, those of `minim sample` with the same seed: [count, ...].",
      arguments: [.count, .seed] + classesArgument,
      text: """
        key = Key(self.seed if seed is None else seed).folding("sampling")
        streams = [(slice(None), key)]\(isConditional ? inTurn : "")
        \(configuration.samplerNoise > 0 ? noisyText : "points, _ = self.flow(self.normals(count, streams), 0, 1\(classesText))")
        return \(values).reshape(-1, *self.example_shape)
        """)
  }

  /// The way of samples that meet noise.
  private var noisyText: String {
    let r = configuration.samplerNoise
    return """
      def noise(number):
          return self.normals(count, [(places, key.folding(number)) for places, key in streams])

      points, h = noise(0), 1 / \(configuration.steps)
      for step in range(\(configuration.steps)):
          alpha, sigma, alpha_rate, sigma_rate = (float(it.item()) for it in self.factors(step * h))
          v = self.velocity(points, step * h\(classesText))
          variance = \(2 * r) * (alpha_rate * sigma - alpha * sigma_rate) * sigma * h
          points = points + h * (v + \(r) * (alpha * v - alpha_rate * points)) + np.sqrt(max(0, variance)) * noise(step + 1)
      """
  }

  private var logProbMethod: NumPyMethod {
    let isExact = dimensions <= FieldFlow.exactDimensions
    let probes = """
      uniforms = Key(self.seed).folding("evaluation").folding(10).uniform(np.arange(points.size))
      directions = [np.where(uniforms < 0.5, -1, 1).reshape(points.shape)]
      """
    let meaning = isExact ? "exact divergences" : "divergences by random signs, right on average"
    return NumPyMethod(
      "log_prob", "log p(x) by \(meaning), in nats: [n].", arguments: [Argument("examples")] + classesArgument,
      text: """
        points, log_det = self.enter(examples)
        \(isExact ? "directions = [np.broadcast_to(e, points.shape) for e in np.eye(\(dimensions))]" : probes)
        u, integral = self.flow(points, 1, 0\(classesText), directions=directions)
        return -0.5 * (np.square(u) + np.log(2 * np.pi)).sum(axis=1) + integral + log_det
        """)
  }
}
